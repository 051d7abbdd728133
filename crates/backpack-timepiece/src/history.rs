use std::collections::VecDeque;
use std::time::Duration;

use crate::summary::nanos;

/// The most durations that are ever kept: hours of video in 8 MB, so that a limit meant as "all of them" neither fails nor eats the memory.
const MAX_LIMIT: usize = 1 << 20;

/// The latest durations, at most `limit` of them, and how many there have been in all.
///
/// Its memory is allocated when the limit is set. Durations are kept as nanoseconds, half the size of a [`Duration`].
#[derive(Debug)]
pub(crate) struct History {
    kept: VecDeque<u64>,
    limit: usize,
    total: u64,
}

impl History {
    pub(crate) fn new(limit: usize) -> Self {
        let limit = limit.min(MAX_LIMIT);
        Self { kept: VecDeque::with_capacity(limit), limit, total: 0 }
    }

    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Keeps the latest durations that the new limit has room for.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        let limit = limit.min(MAX_LIMIT);
        if limit == self.limit {
            return;
        }
        self.kept.drain(..self.kept.len().saturating_sub(limit));
        self.kept.shrink_to(limit);
        self.kept.reserve_exact(limit - self.kept.len());
        self.limit = limit;
    }

    pub(crate) fn push(&mut self, duration: Duration) {
        self.total += 1;
        if self.kept.len() == self.limit && self.kept.pop_front().is_none() {
            return; // nothing is to be kept
        }
        self.kept.push_back(nanos(duration));
    }

    pub(crate) fn clear(&mut self) {
        self.kept.clear();
        self.total = 0;
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// The kept durations in nanoseconds, the oldest first.
    pub(crate) fn nanos(&self) -> impl ExactSizeIterator<Item = u64> + DoubleEndedIterator + '_ {
        self.kept.iter().copied()
    }
}
