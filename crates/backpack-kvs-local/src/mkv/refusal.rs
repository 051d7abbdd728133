use crate::ErrorId;

/// Why the service takes no more of a connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} ({}): {reason}", id.id(), id.code())]
pub struct Refusal {
    /// What a producer is told.
    pub id: ErrorId,
    /// What a person is told.
    pub reason: String,
}

impl Refusal {
    pub(crate) fn new(id: ErrorId, reason: impl Into<String>) -> Self {
        Self { id, reason: reason.into() }
    }

    pub(crate) fn mkv(reason: impl Into<String>) -> Self {
        Self::new(ErrorId::InvalidMkv, reason)
    }
}
