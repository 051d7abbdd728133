use std::fmt;

/// What a SkyLine is doing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum State {
    /// Nothing; frames are not taken.
    #[default]
    Stopped,
    /// Finding out the size and rate from the first frames, which are kept.
    Measuring,
    /// Encoding and sending.
    Streaming,
    /// The stream ended by itself, for this reason.
    Failed(String),
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("stopped"),
            Self::Measuring => f.write_str("measuring"),
            Self::Streaming => f.write_str("streaming"),
            Self::Failed(reason) => write!(f, "failed: {reason}"),
        }
    }
}
