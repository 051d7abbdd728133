/// A time that cannot be written as asked.
///
/// ```
/// use std::time::SystemTime;
///
/// use backpack_annotate::Label;
///
/// let error = Label::timestamp(SystemTime::UNIX_EPOCH, "%Y-%!").unwrap_err();
/// assert!(error.to_string().starts_with("the time cannot be written as \"%Y-%!\": "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the time cannot be written as {format:?}: {reason}")]
pub struct TimestampError {
    format: String,
    reason: String,
}

impl TimestampError {
    pub(crate) fn new(format: &str, reason: String) -> Self {
        Self { format: format.to_owned(), reason }
    }
}
