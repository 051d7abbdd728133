use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::histogram::Histogram;
use crate::history::History;
use crate::summary::nanos;
use crate::{Clock, Row, Summary};

/// A stopwatch in its tree.
///
/// The lock is held for a few steps of this file's code and never for the user's. Should one of them panic, the state behind it is still
/// whole, so a poisoned lock is used as any other.
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) full_name: String,
    pub(crate) level: usize,
    pub(crate) clock: Clock,
    pub(crate) parent: Weak<Node>,
    state: Mutex<State>,
}

struct State {
    history: History,
    /// In the order of their creation. There are few, so that searching them is as fast as hashing a name.
    children: Vec<Arc<Node>>,
    /// What is recorded for tachometers, each known by a number.
    windows: Vec<(u64, Histogram)>,
}

impl Node {
    pub(crate) fn root(name: String, clock: Clock, max_intervals: usize) -> Self {
        let full_name = name.clone();
        let state = State::new(max_intervals);
        Self { name, full_name, level: 0, clock, parent: Weak::new(), state }
    }

    /// The child of this name, which is made if there is none.
    pub(crate) fn child(self: &Arc<Self>, name: &str) -> Arc<Node> {
        let mut state = self.state();
        if let Some(child) = state.children.iter().find(|child| child.name == name) {
            return child.clone();
        }
        let child = Arc::new(Self {
            name: name.to_owned(),
            full_name: format!("{}.{name}", self.full_name),
            level: self.level + 1,
            clock: self.clock.clone(),
            parent: Arc::downgrade(self),
            state: State::new(state.history.limit()),
        });
        state.children.push(child.clone());
        child
    }

    pub(crate) fn children(&self) -> Vec<Arc<Node>> {
        self.state().children.clone()
    }

    pub(crate) fn record(&self, duration: Duration) {
        let mut state = self.state();
        state.history.push(duration);
        state.windows.iter_mut().for_each(|(_, window)| window.record(nanos(duration)));
    }

    /// Records into one more histogram from now on, and returns its number.
    pub(crate) fn open_window(&self) -> u64 {
        let mut state = self.state();
        let number = state.windows.last().map_or(0, |(last, _)| last + 1);
        state.windows.push((number, Histogram::new()));
        number
    }

    /// Exchanges the histogram of this number for another one, in no time worth the name.
    pub(crate) fn swap_window(&self, number: u64, other: &mut Histogram) {
        let mut state = self.state();
        if let Some((_, window)) = state.windows.iter_mut().find(|(window, _)| *window == number) {
            std::mem::swap(window, other);
        }
    }

    pub(crate) fn close_window(&self, number: u64) {
        self.state().windows.retain(|(window, _)| *window != number);
    }

    pub(crate) fn set_max_intervals(&self, max_intervals: usize) {
        self.state().history.set_limit(max_intervals);
    }

    /// Clears the histories of this node and of all below it.
    pub(crate) fn reset(&self) {
        self.state().history.clear();
        self.children().iter().for_each(|child| child.reset());
    }

    /// Leaves the kept durations sorted in `scratch`. Sorting happens after the lock is released.
    pub(crate) fn summary(&self, scratch: &mut Vec<u64>) -> Summary {
        let total = self.kept(scratch);
        Summary::of(scratch, total)
    }

    /// Leaves the kept durations in `scratch`, the oldest first, and returns how many there have been in all.
    pub(crate) fn kept(&self, scratch: &mut Vec<u64>) -> u64 {
        let state = self.state();
        scratch.clear();
        scratch.extend(state.history.nanos());
        state.history.total()
    }

    /// Appends the rows of this node and of all below it.
    pub(crate) fn rows(&self, rows: &mut Vec<Row>, scratch: &mut Vec<u64>) {
        rows.push(Row {
            name: self.name.clone(),
            full_name: self.full_name.clone(),
            level: self.level,
            summary: self.summary(scratch),
        });
        self.children().iter().for_each(|child| child.rows(rows, scratch));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The full name only: the rest is long and behind a lock.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.full_name, f)
    }
}

impl State {
    fn new(max_intervals: usize) -> Mutex<Self> {
        Mutex::new(Self { history: History::new(max_intervals), children: Vec::new(), windows: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::thread;

    use super::*;

    #[test]
    fn a_poisoned_lock_is_used_as_any_other() {
        let node = Arc::new(Node::root("frame".into(), Clock::system(), 3));
        let other = node.clone();
        let panicking = move || {
            let _state = other.state();
            resume_unwind(Box::new("while the lock is held"));
        };
        thread::spawn(panicking).join().unwrap_err();
        assert!(node.state.is_poisoned());

        node.record(Duration::from_millis(1));
        node.child("infer").record(Duration::from_millis(2));
        assert_eq!(node.summary(&mut Vec::new()).total, 1);
        assert_eq!(node.children().len(), 1);
    }
}
