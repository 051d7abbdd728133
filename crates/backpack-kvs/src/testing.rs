//! Access units for the tests of this crate.

use backpack_core::Timestamp;
use backpack_skyline::AccessUnit;

/// Of 64×48 and of 96×80 pixels.
pub(crate) const SPS: [&[u8]; 2] = [
    &[
        0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0c,
        0x83, 0xc4, 0x89, 0xa8,
    ],
    &[
        0x67, 0x42, 0xc0, 0x0a, 0xda, 0x18, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03,
        0x03, 0x20, 0xf1, 0x22, 0x6a,
    ],
];

pub(crate) const PPS: &[u8] = &[0x68, 0xce, 0x0f, 0xc8];

/// A byte stream of these NAL units.
pub(crate) fn byte_stream(units: &[&[u8]]) -> Vec<u8> {
    units.iter().flat_map(|unit| [&[0, 0, 0, 1], *unit].concat()).collect()
}

/// A key frame with parameter sets, at this time in milliseconds.
pub(crate) fn key(millis: u64) -> AccessUnit {
    key_of(0, millis)
}

/// A key frame of one of the two sizes.
pub(crate) fn key_of(size: usize, millis: u64) -> AccessUnit {
    let data = byte_stream(&[&[9, 0xf0], SPS[size], PPS, &[0x65, 0x88, 0x84, 1]]);
    AccessUnit::new(data, Timestamp::from_millis(millis), true)
}

/// A picture that refers to others.
pub(crate) fn delta(millis: u64) -> AccessUnit {
    AccessUnit::new(byte_stream(&[&[9, 0xf0], &[0x41, 0x9a, 2]]), Timestamp::from_millis(millis), false)
}

/// One with so many bytes more.
pub(crate) fn large(mut unit: AccessUnit, bytes: usize) -> AccessUnit {
    let mut data = unit.data.to_vec();
    data.extend(std::iter::repeat_n(0x55, bytes));
    unit.data = data.into();
    unit
}
