use std::path::Path;
use std::sync::Arc;
use std::{fmt, fs};

use ab_glyph::{Font as _, FontArc, FontVec};

use crate::FontError;

/// How many fonts a file can have is told behind these bytes; any other file has one.
const COLLECTION: &[u8] = b"ttcf";

/// A TrueType or OpenType font.
///
/// A clone shares the font's bytes: drivers for several streams need them but once.
///
/// ```
/// use backpack_annotate::{Font, FrameDriver};
///
/// // Some characters from a font of one's own, and the others from the built-in one.
/// let mut fonts: Vec<Font> = Font::from_file("/usr/share/fonts/corporate.ttf").into_iter().collect();
/// # #[cfg(feature = "builtin-font")]
/// fonts.push(Font::builtin());
/// let driver = FrameDriver::with_fonts(fonts);
/// ```
#[derive(Clone)]
pub struct Font {
    glyphs: FontArc,
    #[cfg(feature = "shaping")]
    shaping: harfrust::Font,
}

impl Font {
    /// DejaVu Sans: Latin, Greek, Cyrillic, Arabic, Hebrew and some more scripts, and many symbols.
    #[cfg(feature = "builtin-font")]
    pub fn builtin() -> Self {
        static FONT: std::sync::LazyLock<Font> = std::sync::LazyLock::new(|| {
            let bytes = dejavu::sans::regular();
            Font {
                glyphs: ab_glyph::FontRef::try_from_slice(bytes).expect("the built-in font is a font").into(),
                #[cfg(feature = "shaping")]
                shaping: harfrust::Font::new(bytes, 0).expect("the built-in font is a font"),
            }
        });
        FONT.clone()
    }

    /// The font in the bytes of a file, or the first one in those of a collection.
    ///
    /// # Errors
    /// [`FontError::Bytes`] if the bytes are not a font, or one whose letters have no height.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, FontError> {
        Self::from_bytes_at(bytes, 0)
    }

    /// The font at an index, from 0, in the bytes of a collection: a `.ttc` or `.otc` file.
    ///
    /// # Errors
    /// [`FontError::Bytes`] if there is no font at the index, or one whose letters have no height.
    pub fn from_bytes_at(bytes: impl Into<Vec<u8>>, index: u32) -> Result<Self, FontError> {
        let bytes = bytes.into();
        let length = bytes.len();
        Self::parse(bytes, index).map_err(|reason| FontError::Bytes { length, reason })
    }

    /// The font in a file, or the first one in a collection.
    ///
    /// # Errors
    /// [`FontError::Read`] if the file cannot be read, and [`FontError::File`] if it is not a font; both name the file.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, FontError> {
        let path = path.as_ref();
        let bytes = fs::read(path).map_err(|source| FontError::Read { path: path.into(), source })?;
        Self::from_bytes(bytes).map_err(|error| error.of(path))
    }

    fn parse(bytes: Vec<u8>, index: u32) -> Result<Self, &'static str> {
        if index >= fonts_in(&bytes) {
            return Err("there is no font at this index");
        }
        let face = FontVec::try_from_vec_and_index(bytes, index).map_err(|_| "they cannot be parsed")?;
        let height = face.height_unscaled();
        if !(height.is_finite() && height > 0.0) {
            return Err("the letters have no height");
        }
        let face: Arc<FontVec> = Arc::new(face);
        Ok(Self {
            #[cfg(feature = "shaping")]
            shaping: shaping(face.clone(), index).ok_or("they cannot be parsed")?,
            glyphs: FontArc::from(face as Arc<dyn ab_glyph::Font + Send + Sync>),
        })
    }

    /// The outlines and measures.
    pub(super) fn glyphs(&self) -> &FontArc {
        &self.glyphs
    }

    /// The rules of scripts.
    #[cfg(feature = "shaping")]
    pub(super) fn shaping(&self) -> &harfrust::Font {
        &self.shaping
    }

    /// How many of its units an em has.
    pub(super) fn units_per_em(&self) -> f32 {
        self.glyphs.units_per_em().unwrap_or_else(|| self.glyphs.height_unscaled())
    }
}

/// Without the bytes, which are many.
impl fmt::Debug for Font {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Font").field("glyphs", &self.glyphs.glyph_count()).finish_non_exhaustive()
    }
}

/// The same font for shaping; the two share the bytes.
#[cfg(feature = "shaping")]
fn shaping(face: Arc<FontVec>, index: u32) -> Option<harfrust::Font> {
    struct Bytes(Arc<FontVec>);

    impl AsRef<[u8]> for Bytes {
        fn as_ref(&self) -> &[u8] {
            self.0.as_slice()
        }
    }

    harfrust::Font::new(Arc::new(Bytes(face)) as Arc<dyn AsRef<[u8]> + Send + Sync>, index)
}

/// How many fonts there are if the bytes are a font or a collection at all.
fn fonts_in(bytes: &[u8]) -> u32 {
    match bytes.get(8..).and_then(<[u8]>::first_chunk) {
        Some(&count) if bytes.starts_with(COLLECTION) => u32::from_be_bytes(count),
        _ => 1,
    }
}
