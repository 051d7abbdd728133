use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Job, Rejected, WorkerStats};

/// The jobs before the thread of a worker, and how that is doing.
#[derive(Debug)]
pub(crate) struct JobQueue {
    state: Mutex<State>,
    /// Something has been queued, or the queue has been closed.
    changed: Condvar,
    /// The thread has ended.
    ended: Condvar,
}

#[derive(Debug)]
struct State {
    jobs: VecDeque<Job>,
    capacity: usize,
    is_closed: bool,
    is_running: bool,
    has_ended: bool,
    stats: WorkerStats,
}

impl JobQueue {
    pub(crate) fn new(capacity: usize) -> Self {
        let state = State {
            jobs: VecDeque::new(),
            capacity,
            is_closed: false,
            is_running: false,
            has_ended: false,
            stats: WorkerStats::default(),
        };
        Self { state: Mutex::new(state), changed: Condvar::new(), ended: Condvar::new() }
    }

    pub(crate) fn push(&self, job: Job) -> Result<(), Rejected> {
        let admitted = self.state().admit(job);
        self.changed.notify_one();
        // A job that is not taken is dropped here and not under the lock, as code of its own may run then.
        admitted.map_err(|(rejected, _job)| rejected)
    }

    pub(crate) fn stats(&self) -> WorkerStats {
        let state = self.state();
        WorkerStats { queued: state.jobs.len(), ..state.stats }
    }

    /// How many jobs have not ended when the thread has, or when so much time has passed.
    pub(crate) fn unfinished(&self, deadline: Duration) -> usize {
        let is_busy = |state: &mut State| !state.has_ended;
        let waited = self.ended.wait_timeout_while(self.state(), deadline, is_busy);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.jobs.len() + usize::from(state.is_running)
    }

    pub(crate) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_one();
    }

    /// The thread: runs jobs until the queue is closed and empty.
    pub(crate) fn work(&self) {
        while let Some(job) = self.next() {
            let result = catch_unwind(AssertUnwindSafe(|| job.run()));
            let mut state = self.state();
            state.is_running = false;
            state.stats.finished += 1;
            state.stats.panicked += u64::from(result.is_err());
        }
        self.state().has_ended = true;
        self.ended.notify_all();
    }

    /// The next job, when there is one; `None` if there will be none.
    fn next(&self) -> Option<Job> {
        let is_idle = |state: &mut State| state.jobs.is_empty() && !state.is_closed;
        let waited = self.changed.wait_while(self.state(), is_idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        let job = state.jobs.pop_front();
        state.is_running = job.is_some();
        job
    }

    /// Nobody's code but this file's runs while it is locked.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes the job, or counts it and gives it back with the reason.
    fn admit(&mut self, job: Job) -> Result<(), (Rejected, Job)> {
        let rejected = match () {
            () if self.is_closed => Rejected::Closed,
            () if self.jobs.len() >= self.capacity => Rejected::Full,
            () => {
                self.jobs.push_back(job);
                return Ok(());
            }
        };
        self.stats.rejected += 1;
        Err((rejected, job))
    }
}
