/// Bytes that are not a usable TrueType or OpenType font.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes that are not a usable TrueType or OpenType font: {reason}")]
pub struct FontError {
    pub(crate) length: usize,
    pub(crate) reason: &'static str,
}
