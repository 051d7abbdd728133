use std::fmt;

/// An encoder that was tried, or could be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// The encoder's name.
    pub encoder: String,
    /// Why it does not work here; `None` if it does.
    pub problem: Option<String>,
}

impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.encoder, self.problem.as_deref().unwrap_or("works"))
    }
}
