/// How the numbers of a Y'CbCr frame are to be read as colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Colorimetry {
    /// The matrix between R'G'B' and Y'CbCr.
    pub matrix: Matrix,
    /// Which part of the byte carries the signal.
    pub range: ColorRange,
}

/// The matrix between R'G'B' and Y'CbCr.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Matrix {
    /// ITU-R BT.601: standard definition.
    Bt601,
    /// ITU-R BT.709: high definition.
    Bt709,
}

/// Which part of the byte carries the signal.
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
