/// How the numbers of a Y'CbCr frame are to be read as colours.
///
/// ```
/// use backpack_core::{ColorRange, Colorimetry, Frame, Matrix, PixelFormat};
///
/// let frame = Frame::black(1280, 720, PixelFormat::I420)?;
/// assert_eq!(frame.colorimetry(), Colorimetry::BT709);
///
/// // A picture from a JPEG file is to be read in another way, whatever its size.
/// let jpeg = Colorimetry { matrix: Matrix::Bt601, range: ColorRange::Full };
/// assert_eq!(frame.with_colorimetry(jpeg).view().colorimetry(), jpeg);
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colorimetry {
    /// The matrix between R'G'B' and Y'CbCr.
    pub matrix: Matrix,
    /// Which part of the byte carries the signal.
    pub range: ColorRange,
}

/// The matrix between R'G'B' and Y'CbCr.
///
/// ```
/// use backpack_core::Matrix;
///
/// /// The luma of a colour, all from 0 to 1.
/// fn luma(matrix: Matrix, [r, g, b]: [f64; 3]) -> f64 {
///     let (red, blue) = matrix.red_and_blue();
///     red * r + (1.0 - red - blue) * g + blue * b
/// }
///
/// assert!((luma(Matrix::Bt601, [0.0, 1.0, 0.0]) - 0.587).abs() < 1e-12);
/// assert!((luma(Matrix::Bt709, [0.0, 1.0, 0.0]) - 0.7152).abs() < 1e-12);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matrix {
    /// ITU-R BT.601: standard definition.
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
}

/// Which part of the byte carries the signal.
///
/// ```
/// use backpack_core::{ColorRange, Frame, PixelFormat};
///
/// let frame = Frame::black(640, 480, PixelFormat::Nv12)?;
/// let (black, white) = match frame.colorimetry().range {
///     ColorRange::Limited => (16, 235),
///     ColorRange::Full => (0, 255),
/// };
/// assert_eq!(white, 235);
/// assert!(frame.view().plane(0).data().iter().all(|&luma| luma == black));
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorRange {
    /// Luma from 16 to 235, chroma from 16 to 240: what video players expect.
    Limited,
    /// All values from 0 to 255, as in JPEG.
    Full,
}

impl Colorimetry {
    /// BT.601, limited range.
    pub const BT601: Self = Self { matrix: Matrix::Bt601, range: ColorRange::Limited };
    /// BT.709, limited range.
    pub const BT709: Self = Self { matrix: Matrix::Bt709, range: ColorRange::Limited };

    /// What players assume for a picture that does not say: BT.601 up to 576 lines, BT.709 above; limited range.
    ///
    /// This is GStreamer's rule too.
    pub const fn assumed_for(height: u32) -> Self {
        if height > 576 { Self::BT709 } else { Self::BT601 }
    }
}

impl Matrix {
    /// The weights of red and of blue in luma; green has the rest.
    pub const fn red_and_blue(self) -> (f64, f64) {
        match self {
            Self::Bt601 => (0.299, 0.114),
            Self::Bt709 => (0.2126, 0.0722),
        }
    }
}
