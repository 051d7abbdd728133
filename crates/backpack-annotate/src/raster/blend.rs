//! Integer blending, exact at both ends: coverage 0 leaves the pixel as it is, 255 replaces it.
//!
//! All of it is in 16 bits, so that a compiler fits eight or sixteen samples into a vector.

/// An opacity of 0 to 255 as a weight of 0 to 256.
pub(crate) fn weight(opacity: u8) -> u16 {
    u16::from(opacity) + u16::from(opacity >> 7)
}

/// `opacity` times a weight.
pub(crate) fn scaled(opacity: u8, weight: u16) -> u8 {
    ((u16::from(opacity) * weight + 128) >> 8) as u8
}

/// A sample between `under` at weight 0 and `over` at weight 256.
pub(crate) fn mix(under: u8, over: u8, weight: u16) -> u8 {
    ((u16::from(under) * (256 - weight) + u16::from(over) * weight + 128) >> 8) as u8
}
