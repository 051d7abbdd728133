use std::sync::Arc;
use std::time::Duration;
use std::{io, thread};

use crate::job_queue::JobQueue;
use crate::{Executor, Job, Rejected, ShutdownError, WorkerStats};

/// A thread that runs one job after another, with a bounded queue before it.
///
/// Clones are handles to the same thread. When the last one is dropped, or at [`shutdown`](Worker::shutdown), it works off what is queued and
/// ends. A program that ends does not wait for it: call `shutdown` before. A job that panics ends alone, and is counted.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Executor, Job, Rejected, Worker};
///
/// let worker = Worker::new("uploads", 16)?;
/// worker.execute(Job::new(|| println!("uploaded")))?;
/// worker.shutdown(Duration::from_secs(5))?;
/// assert_eq!(worker.stats().finished, 1);
/// assert_eq!(worker.execute(Job::new(|| ())), Err(Rejected::Closed));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Worker(Arc<Owner>);

/// What the handles share: when the last is gone, the queue is closed.
#[derive(Debug)]
struct Owner {
    name: String,
    queue: Arc<JobQueue>,
}

impl Worker {
    /// Starts a thread of this name, before which at most `capacity` jobs wait. With a capacity of 0 it takes nothing.
    ///
    /// # Errors
    /// What the system says if it cannot start a thread, and [`InvalidInput`](io::ErrorKind::InvalidInput) if there is a null byte in the name.
    pub fn new(name: &str, capacity: usize) -> io::Result<Self> {
        if name.contains('\0') {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a worker's name with a null byte"));
        }
        let queue = Arc::new(JobQueue::new(capacity));
        let thread = queue.clone();
        thread::Builder::new().name(name.to_owned()).spawn(move || thread.work())?;
        Ok(Self(Arc::new(Owner { name: name.to_owned(), queue })))
    }

    /// How it is doing.
    pub fn stats(&self) -> WorkerStats {
        self.0.queue.stats()
    }

    /// Takes no more jobs, and waits until those that are queued are done, for so long at most. Called by one of its own jobs it waits in vain.
    ///
    /// # Errors
    /// [`ShutdownError`] if they were not done in time.
    pub fn shutdown(&self, deadline: Duration) -> Result<(), ShutdownError> {
        self.0.queue.close();
        match self.0.queue.unfinished(deadline) {
            0 => Ok(()),
            unfinished => Err(ShutdownError { worker: self.0.name.clone(), unfinished }),
        }
    }
}

impl Executor for Worker {
    fn execute(&self, job: Job) -> Result<(), Rejected> {
        self.0.queue.push(job)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.queue.close();
    }
}
