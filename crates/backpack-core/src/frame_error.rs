use std::error::Error;
use std::fmt;

use crate::PixelFormat;

/// Why memory could not be taken for a frame.
///
/// ```
/// use backpack_core::{Frame, FrameError, PixelFormat};
///
/// // A camera gives one byte a pixel where three are expected.
/// let error = Frame::new(vec![0; 640 * 480], 640, 480, PixelFormat::Bgr8).unwrap_err();
/// assert!(matches!(error, FrameError::Length { expected: 921_600, got: 307_200, .. }));
/// assert_eq!(error.to_string(), "307200 bytes for a BGR frame of 640×480 pixels: 921600 are needed");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// A side is zero or too large.
    Size {
        /// The width as given.
        width: u32,
        /// The height as given.
        height: u32,
        /// The largest side, in pixels.
        max: u32,
    },
    /// The memory does not have the length that the size and format ask for.
    Length {
        /// The format as given.
        format: PixelFormat,
        /// The width as given.
        width: u32,
        /// The height as given.
        height: u32,
        /// The plane whose memory is too short, where the planes are separate.
        plane: Option<usize>,
        /// The length that would be right, in bytes.
        expected: usize,
        /// The length of the memory, in bytes.
        got: usize,
    },
    /// There are more or fewer planes than the format has.
    PlaneCount {
        /// The format as given.
        format: PixelFormat,
        /// How many planes it has.
        expected: usize,
        /// How many there were.
        got: usize,
    },
    /// A row of pixels does not fit between the beginnings of two rows.
    Stride {
        /// Which plane.
        plane: usize,
        /// The stride as given, in bytes.
        stride: usize,
        /// The smallest stride that would be right.
        expected: usize,
    },
    /// A plane begins before the one before it ends.
    Overlap {
        /// Which plane.
        plane: usize,
        /// Its offset as given, in bytes.
        offset: usize,
        /// The smallest offset that would be right.
        expected: usize,
    },
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size { width, height, max } => {
                write!(f, "a frame of {width}×{height} pixels: each side must be from 1 to {max}")
            }
            Self::Length { format, width, height, plane, expected, got } => {
                write!(f, "{got} bytes for ")?;
                if let Some(plane) = plane {
                    write!(f, "plane {plane} of ")?;
                }
                write!(f, "a {format} frame of {width}×{height} pixels: {expected} are needed")
            }
            Self::PlaneCount { format, expected, got } => {
                write!(f, "{got} planes for a {format} frame: it has {expected}")
            }
            Self::Stride { plane, stride, expected } => {
                write!(f, "a stride of {stride} bytes in plane {plane}: a row of pixels takes {expected}")
            }
            Self::Overlap { plane, offset, expected } => {
                write!(
                    f,
                    "plane {plane} begins at byte {offset}, inside the plane before it, which ends at {expected}"
                )
            }
        }
    }
}

impl Error for FrameError {}
