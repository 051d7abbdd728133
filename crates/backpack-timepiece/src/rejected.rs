use std::error::Error;
use std::fmt;

/// Why an [`Executor`](crate::Executor) did not take a job, or was not asked to.
///
/// ```
/// assert_eq!(backpack_timepiece::Rejected::Full.to_string(), "the executor's queue is full");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejected {
    /// As many jobs as there is room for are waiting.
    Full,
    /// It has been shut down.
    Closed,
    /// The last run of the same callback has not ended; the executor was not asked.
    Busy,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the executor's queue is full",
            Self::Closed => "the executor has been shut down",
            Self::Busy => "its last run has not ended",
        })
    }
}

impl Error for Rejected {}
