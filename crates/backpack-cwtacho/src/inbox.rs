use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use backpack_timepiece::Report;
use tokio::sync::Notify;

use crate::Stats;
use crate::condensed::Detail;
use crate::record::Metric;

/// As many reports wait for the worker, which takes them at once unless a disk holds it up.
const CAPACITY: usize = 1024;
/// As many find their place without memory being asked for.
const READY: usize = 64;

/// Where reports go from the frame loops to the worker, and how that is doing.
///
/// It is locked for moments only, never while something is awaited, written or sent.
#[derive(Debug)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    /// Wakes the worker.
    changed: Notify,
    /// The worker has ended.
    ended: Condvar,
}

#[derive(Debug)]
struct State {
    reports: VecDeque<Reported>,
    /// When the worker has to end, once it is to end.
    stop: Option<Instant>,
    has_ended: bool,
    is_kept: bool,
    /// `waiting` is without the reports above.
    stats: Stats,
}

/// An empty list with room.
pub(crate) fn empty() -> VecDeque<Reported> {
    VecDeque::with_capacity(READY)
}

/// A report as it comes from the loop.
#[derive(Debug)]
pub(crate) struct Reported {
    pub(crate) metric: Arc<Metric>,
    pub(crate) detail: Detail,
    pub(crate) report: Report,
    /// When this run began by the wall clock as it is set now, in milliseconds since 1970.
    pub(crate) epoch: i64,
}

/// How it ended, if it has.
pub(crate) struct Ending {
    pub(crate) has_ended: bool,
    pub(crate) waiting: u64,
    pub(crate) is_kept: bool,
    pub(crate) last_error: Option<String>,
}

impl Inbox {
    pub(crate) fn new(waiting: usize) -> Self {
        let state = State {
            reports: empty(),
            stop: None,
            has_ended: false,
            is_kept: false,
            stats: Stats { waiting: waiting as u64, ..Stats::default() },
        };
        Self { state: Mutex::new(state), changed: Notify::new(), ended: Condvar::new() }
    }

    /// Takes a report from a frame loop.
    pub(crate) fn push(&self, reported: Reported) {
        let mut state = self.state();
        // Whoever made the list no longer empty wakes the worker, which takes all there is.
        let is_first = state.reports.is_empty();
        let gone = state.admit(reported);
        drop(state);
        if is_first {
            self.changed.notify_one();
        }
        // What goes is freed behind the lock.
        drop(gone);
    }

    /// The reports that have come since the last time are swapped for an empty list. Returns when the worker has to end, if it is to; then no more will
    /// come.
    pub(crate) fn swap(&self, empty: &mut VecDeque<Reported>) -> Option<Instant> {
        let mut state = self.state();
        std::mem::swap(&mut state.reports, empty);
        state.stats.waiting += empty.len() as u64;
        state.stop
    }

    /// Waits until a report has come or the worker is to end.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(crate) fn stats(&self) -> Stats {
        let state = self.state();
        let mut stats = state.stats.clone();
        stats.waiting += state.reports.len() as u64;
        stats
    }

    pub(crate) fn count(&self, count: impl FnOnce(&mut Stats)) {
        count(&mut self.state().stats);
    }

    /// Lets the worker end, as soon as it has sent everything and when `grace` has passed at the latest. The first call counts.
    pub(crate) fn close(&self, grace: Duration) {
        let now = Instant::now();
        let latest = now.checked_add(grace).unwrap_or(now + Duration::from_secs(365 * 24 * 3600));
        self.state().stop.get_or_insert(latest);
        self.changed.notify_one();
    }

    /// The worker has ended.
    pub(crate) fn end(&self, is_kept: bool) {
        let mut state = self.state();
        (state.has_ended, state.is_kept) = (true, is_kept);
        drop(state);
        self.ended.notify_all();
    }

    /// Waits for the worker to end; so long at most.
    pub(crate) fn wait(&self, longest: Duration) -> Ending {
        let is_busy = |state: &mut State| !state.has_ended;
        let waited = self.ended.wait_timeout_while(self.state(), longest, is_busy);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        Ending {
            has_ended: state.has_ended,
            waiting: state.stats.waiting + state.reports.len() as u64,
            is_kept: state.is_kept && state.reports.is_empty(),
            last_error: state.stats.last_error.clone(),
        }
    }

    /// Nobody's code but this file's runs while it is locked, and it leaves the state whole at each step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes a report, and returns the one that had to go, if any.
    fn admit(&mut self, reported: Reported) -> Option<Reported> {
        self.stats.reported += 1;
        if self.stop.is_some() {
            self.stats.dropped.late += 1;
            return Some(reported);
        }
        let oldest = if self.reports.len() == CAPACITY { self.reports.pop_front() } else { None };
        self.stats.dropped.full += u64::from(oldest.is_some());
        self.reports.push_back(reported);
        oldest
    }
}
