/// A text that is not a colour in the hexadecimal notation of CSS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a colour: #rgb, #rgba, #rrggbb or #rrggbbaa with hexadecimal digits is needed")]
pub struct ParseColorError {
    text: String,
}

impl ParseColorError {
    /// Long texts are cut: this is for a log line.
    pub(crate) fn new(text: &str) -> Self {
        Self { text: text.chars().take(32).collect() }
    }
}
