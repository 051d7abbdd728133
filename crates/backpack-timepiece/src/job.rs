use std::fmt;

/// Something to be run once by an [`Executor`](crate::Executor).
///
/// ```
/// use backpack_timepiece::Job;
///
/// Job::new(|| println!("done")).run();
/// ```
pub struct Job(Box<dyn FnOnce() + Send>);

impl Job {
    /// A job that calls `work`.
    pub fn new(work: impl FnOnce() + Send + 'static) -> Self {
        Self(Box::new(work))
    }

    /// Runs it here.
    pub fn run(self) {
        (self.0)();
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job")
    }
}
