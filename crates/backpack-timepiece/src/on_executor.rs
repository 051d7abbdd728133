use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::{Executor, Job, Report, Reporter};

/// As many reports wait while the executor takes nothing: at the usual window of a minute, those of an hour.
const MAX_WAITING: usize = 60;

/// A [`Reporter`] that is called on an [`Executor`], made by [`Reporter::on`].
///
/// Reports that the executor rejects are kept and go with the next one it takes, in their order. If too many wait, the oldest is dropped and
/// counted. A clone is another handle, by which that can be looked at.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Report, Reporter, Tachometer, Worker};
///
/// let worker = Worker::new("reports", 4)?;
/// let upload = (|report: Report| println!("uploading {report}")).on(worker.clone());
/// let mut tachometer = Tachometer::new(Duration::from_secs(60), upload.clone());
/// tachometer.tick();
/// tachometer.flush();
/// worker.shutdown(Duration::from_secs(5))?;
/// assert_eq!((upload.waiting(), upload.dropped()), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct OnExecutor<R, E> {
    executor: E,
    shared: Arc<Shared<R>>,
}

struct Shared<R> {
    reporter: Mutex<R>,
    waiting: Mutex<VecDeque<Report>>,
    dropped: AtomicU64,
    /// Whether a job is on its way that has not begun; one is enough for all reports.
    is_called: AtomicBool,
}

/// Says that a job is on its way, until it begins or is dropped.
struct Called<R>(Arc<Shared<R>>);

impl<R: Reporter + Send + 'static, E: Executor> OnExecutor<R, E> {
    pub(crate) fn new(reporter: R, executor: E) -> Self {
        let (reporter, waiting) = (Mutex::new(reporter), Mutex::default());
        let (dropped, is_called) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { executor, shared: Arc::new(Shared { reporter, waiting, dropped, is_called }) }
    }

    /// How many reports wait to be taken.
    pub fn waiting(&self) -> usize {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// How many reports were dropped: because the executor took none for so long, or because the reporter panicked over them.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Relaxed)
    }

    /// Offers the reports that wait to the executor again, for example after the last [`flush`](crate::Tachometer::flush).
    pub fn retry(&self) {
        if self.waiting() == 0 || self.shared.is_called.swap(true, Ordering::AcqRel) {
            return;
        }
        let called = Called(self.shared.clone());
        // What is rejected stays where it is, for the next time.
        let _ = self.executor.execute(Job::new(move || {
            let shared = called.0.clone();
            drop(called);
            shared.report_all();
        }));
    }
}

impl<R> Drop for Called<R> {
    fn drop(&mut self) {
        self.0.is_called.store(false, Ordering::Release);
    }
}

impl<R: Reporter + Send + 'static, E: Executor> Reporter for OnExecutor<R, E> {
    fn report(&mut self, report: Report) {
        self.shared.push(report);
        self.retry();
    }
}

impl<R: Reporter> Shared<R> {
    fn push(&self, report: Report) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() == MAX_WAITING {
            waiting.pop_front();
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        waiting.push_back(report);
    }

    /// The reporter is held all the while, so that reports keep their order on an executor with several threads.
    fn report_all(&self) {
        let mut reporter = self.reporter.lock().unwrap_or_else(PoisonError::into_inner);
        let next = || self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        while let Some(report) = next() {
            if catch_unwind(AssertUnwindSafe(|| reporter.report(report))).is_err() {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

impl<R, E: Clone> Clone for OnExecutor<R, E> {
    fn clone(&self) -> Self {
        Self { executor: self.executor.clone(), shared: self.shared.clone() }
    }
}

/// What reporter it is cannot be shown.
impl<R, E: fmt::Debug> fmt::Debug for OnExecutor<R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnExecutor").field("executor", &self.executor).finish_non_exhaustive()
    }
}
