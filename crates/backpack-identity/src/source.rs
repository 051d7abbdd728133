use std::fmt;

/// Where something that is known of an identity came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Source {
    /// The name of the provider, such as `ecs`.
    pub provider: String,
    /// Where that provider found it, for people to read: a variable, a file, an answer. Never a secret.
    pub origin: String,
}

impl Source {
    pub(crate) fn new(provider: impl Into<String>, origin: impl Into<String>) -> Self {
        Self { provider: provider.into(), origin: origin.into() }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.provider, self.origin)
    }
}
