use std::fmt;

/// How the pixels of a frame lie in memory; 8 bits a component.
///
/// The names follow the order of the bytes in memory.
///
/// ```
/// use backpack_core::PixelFormat;
///
/// let named = |name| PixelFormat::ALL.iter().copied().find(|format| format.to_string() == name);
/// assert_eq!(named("NV12"), Some(PixelFormat::Nv12));
/// assert_eq!(named("YUY2"), None);
/// assert_eq!((PixelFormat::Nv12.planes(), PixelFormat::Nv12.is_yuv()), (2, true));
/// assert_eq!((PixelFormat::Bgr8.planes(), PixelFormat::Bgr8.is_yuv()), (1, false));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PixelFormat {
    /// Red, green, blue.
    Rgb8,
    /// Blue, green, red: OpenCV's order.
    Bgr8,
    /// Red, green, blue, alpha.
    Rgba8,
    /// Blue, green, red, alpha.
    Bgra8,
    /// Luminance only.
    Gray8,
    /// Y'CbCr 4:2:0 in three planes: what video encoders take.
    I420,
    /// Y'CbCr 4:2:0 in two planes, Cb and Cr interleaved: what hardware decoders give.
    Nv12,
}

impl PixelFormat {
    /// All formats.
    pub const ALL: &'static [PixelFormat] = &[
        PixelFormat::Rgb8,
        PixelFormat::Bgr8,
        PixelFormat::Rgba8,
        PixelFormat::Bgra8,
        PixelFormat::Gray8,
        PixelFormat::I420,
        PixelFormat::Nv12,
    ];

    /// How many planes a frame of this format has: 1, 2 or 3.
    pub const fn planes(self) -> usize {
        match self {
            Self::I420 => 3,
            Self::Nv12 => 2,
            _ => 1,
        }
    }

    /// Whether this is a Y'CbCr format, whose meaning in colours depends on a matrix and a range.
    pub const fn is_yuv(self) -> bool {
        matches!(self, Self::I420 | Self::Nv12)
    }

    /// How many bytes of one row of `plane` carry pixels, for a frame `width` pixels wide.
    ///
    /// Chroma of an odd width is rounded up: the last column has a chroma sample of its own.
    pub(crate) const fn row_bytes(self, plane: usize, width: u32) -> usize {
        let width = width as usize;
        match (self, plane) {
            (Self::Rgb8 | Self::Bgr8, _) => 3 * width,
            (Self::Rgba8 | Self::Bgra8, _) => 4 * width,
            (Self::Gray8, _) | (_, 0) => width,
            (Self::Nv12, _) => 2 * width.div_ceil(2),
            (Self::I420, _) => width.div_ceil(2),
        }
    }

    /// How many rows `plane` has, for a frame `height` pixels high; chroma is rounded up as in a row.
    pub(crate) const fn rows(self, plane: usize, height: u32) -> usize {
        match (self, plane) {
            (Self::I420 | Self::Nv12, 1..) => (height as usize).div_ceil(2),
            _ => height as usize,
        }
    }
}

impl fmt::Display for PixelFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rgb8 => "RGB",
            Self::Bgr8 => "BGR",
            Self::Rgba8 => "RGBA",
            Self::Bgra8 => "BGRA",
            Self::Gray8 => "GRAY8",
            Self::I420 => "I420",
            Self::Nv12 => "NV12",
        })
    }
}
