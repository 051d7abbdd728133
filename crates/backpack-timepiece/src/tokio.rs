use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;

use crate::{Executor, Job, Rejected};

/// Runs jobs on the runtime's threads for blocking work. It has no bound of its own, and rejects jobs once the runtime is shut down.
impl Executor for Handle {
    fn execute(&self, job: Job) -> Result<(), Rejected> {
        let was_dropped = Arc::new(AtomicBool::new(false));
        let ticket = Ticket { job: Some(job), was_dropped: was_dropped.clone() };
        self.spawn_blocking(move || ticket.run());
        // A runtime that is shut down drops at once what it is given.
        if was_dropped.load(Ordering::Acquire) { Err(Rejected::Closed) } else { Ok(()) }
    }
}

/// A job that tells when it is dropped and has not been run.
struct Ticket {
    job: Option<Job>,
    was_dropped: Arc<AtomicBool>,
}

impl Ticket {
    fn run(mut self) {
        if let Some(job) = self.job.take() {
            job.run();
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.was_dropped.store(self.job.is_some(), Ordering::Release);
    }
}
