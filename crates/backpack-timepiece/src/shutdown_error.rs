use std::error::Error;
use std::fmt;

/// A [`Worker`](crate::Worker) was still busy when its time to end had passed. It goes on until its work is done or the program ends.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Executor, Job, Worker};
///
/// let worker = Worker::new("uploads", 16)?;
/// let (release, hold) = std::sync::mpsc::channel::<()>();
/// worker.execute(Job::new(move || drop(hold.recv())))?;
/// let error = worker.shutdown(Duration::ZERO).unwrap_err();
/// assert_eq!(error.unfinished, 1);
/// # drop(release);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShutdownError {
    /// The name of the worker.
    pub worker: String,
    /// How many jobs had not ended.
    pub unfinished: usize,
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the worker {} was shut down with {} jobs unfinished", self.worker, self.unfinished)
    }
}

impl Error for ShutdownError {}
