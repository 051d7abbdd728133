use std::error::Error;
use std::fmt;

/// Why a [`Provider`](crate::Provider) has no details.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProviderError {
    /// This is not its platform; the text says by what it knows. The next provider is asked.
    NotHere(String),
    /// It is its platform, but something went wrong.
    Failed {
        /// What, and if known, what would be right.
        what: String,
        /// The cause beneath.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The search was called off.
    Cancelled,
}

impl ProviderError {
    /// This is not the provider's platform, because of what the text says.
    pub fn not_here(why: impl Into<String>) -> Self {
        Self::NotHere(why.into())
    }

    /// Something went wrong, with a text that says what and, if known, what would be right.
    pub fn failed(what: impl Into<String>) -> Self {
        Self::Failed { what: what.into(), source: None }
    }

    /// The same error with its cause; an error that is no failure stays as it is.
    #[must_use]
    pub fn caused_by(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        match self {
            Self::Failed { what, .. } => Self::Failed { what, source: Some(cause.into()) },
            other => other,
        }
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotHere(why) => write!(f, "not this platform: {why}"),
            Self::Failed { what, source: None } => f.write_str(what),
            Self::Failed { what, source: Some(source) } => write!(f, "{what}: {source}"),
            Self::Cancelled => f.write_str("called off"),
        }
    }
}

impl Error for ProviderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Failed { source: Some(source), .. } => source.source(),
            _ => None,
        }
    }
}
