/// How a [`Worker`](crate::Worker) is doing.
///
/// ```
/// let worker = backpack_timepiece::Worker::new("uploads", 16)?;
/// assert_eq!((worker.stats().queued, worker.stats().rejected), (0, 0));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct WorkerStats {
    /// Jobs that wait to be run.
    pub queued: usize,
    /// Jobs that have ended, also those that panicked.
    pub finished: u64,
    /// Jobs that panicked.
    pub panicked: u64,
    /// Jobs that were not taken.
    pub rejected: u64,
}
