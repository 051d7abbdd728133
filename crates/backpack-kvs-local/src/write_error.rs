use std::io;

/// Why a playback was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// There is nothing to write.
    #[error("no fragment is stored")]
    Empty,
    /// One file cannot hold what comes before and after.
    #[error("the tracks change with the fragment at {producer_timestamp} ms: write the parts one by one")]
    TracksChange {
        /// Of the first fragment with other tracks, in milliseconds since 1970.
        producer_timestamp: i64,
    },
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}
