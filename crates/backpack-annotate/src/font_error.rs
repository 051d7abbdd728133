use std::io;
use std::path::PathBuf;

/// Why there is no [`Font`](crate::Font).
///
/// ```
/// use backpack_annotate::{Font, FontError};
///
/// let error = Font::from_bytes(b"no font").unwrap_err();
/// assert!(matches!(error, FontError::Bytes { length: 7, .. }));
/// assert_eq!(error.to_string(), "7 bytes that are not a usable TrueType or OpenType font: they cannot be parsed");
///
/// let error = Font::from_file("/nowhere/sans.ttf").unwrap_err();
/// assert!(error.to_string().starts_with("the font /nowhere/sans.ttf cannot be read: "));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FontError {
    /// Bytes that are not a usable TrueType or OpenType font.
    #[error("{length} bytes that are not a usable TrueType or OpenType font: {reason}")]
    Bytes {
        /// How many there are.
        length: usize,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// A file that is not a usable TrueType or OpenType font.
    #[error("{} is not a usable TrueType or OpenType font of {length} bytes: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Its size in bytes.
        length: usize,
        /// What is wrong with its content.
        reason: &'static str,
    },
    /// A file that cannot be read.
    #[error("the font {} cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl FontError {
    /// The same error about a file's content.
    pub(crate) fn of(self, path: impl Into<PathBuf>) -> Self {
        match self {
            Self::Bytes { length, reason } => Self::File { path: path.into(), length, reason },
            other => other,
        }
    }
}
