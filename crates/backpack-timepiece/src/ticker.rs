use std::fmt;
use std::time::{Duration, Instant};

use crate::history::History;
use crate::{Clock, Distribution, Summary, compact};

/// Measures the intervals between recurring events, such as the frames of a camera.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, Ticker};
///
/// let (clock, time) = Clock::manual();
/// let mut ticker = Ticker::with_clock(300, clock);
/// for _frame in 0..10 {
///     ticker.tick();
///     time.advance(Duration::from_millis(40));
/// }
/// assert_eq!(ticker.summary().frequency(), Some(25.0));
/// ```
#[derive(Debug)]
pub struct Ticker {
    clock: Clock,
    last: Option<Instant>,
    history: History,
}

impl Ticker {
    /// A ticker that keeps the latest `max_intervals` intervals: 8 bytes each, allocated here.
    ///
    /// With 0 it keeps none and only counts them; above 1 048 576 it keeps that many.
    pub fn new(max_intervals: usize) -> Self {
        Self::with_clock(max_intervals, Clock::system())
    }

    /// The same, with another clock than the system's.
    pub fn with_clock(max_intervals: usize, clock: Clock) -> Self {
        Self { clock, last: None, history: History::new(max_intervals) }
    }

    /// Notes that the event has happened, and returns the time since it last did: `None` on the first tick.
    pub fn tick(&mut self) -> Option<Duration> {
        let now = self.clock.now();
        let interval = now.saturating_duration_since(self.last.replace(now)?);
        self.history.push(interval);
        Some(interval)
    }

    /// Forgets all intervals and the last tick too, so that a pause before the next one is not taken for an interval.
    pub fn reset(&mut self) {
        self.last = None;
        self.history.clear();
    }

    /// The kept intervals, the oldest first.
    pub fn intervals(&self) -> impl ExactSizeIterator<Item = Duration> + DoubleEndedIterator + '_ {
        self.history.nanos().map(Duration::from_nanos)
    }

    /// The kept intervals as values and counts, each exactly.
    pub fn distribution(&self) -> Distribution {
        self.intervals().collect()
    }

    /// The ticker in the form of the Python toolkit: the first kept intervals, and their statistics in seconds.
    ///
    /// ```
    /// let ticker = backpack_timepiece::Ticker::new(5);
    /// assert_eq!(ticker.compact().to_string(), "<Ticker>");
    /// ```
    pub fn compact(&self) -> impl fmt::Display {
        let nanos: Vec<u64> = self.history.nanos().collect();
        format!("<Ticker{}>", compact::statistics(&nanos))
    }

    /// Statistics of the kept intervals. To sort them it allocates a copy.
    pub fn summary(&self) -> Summary {
        Summary::of(&mut self.history.nanos().collect::<Vec<_>>(), self.history.total())
    }
}

/// The [`Summary`] in one line and the frequency, if there is one.
impl fmt::Display for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = self.summary();
        summary.fmt(f)?;
        summary.frequency().map_or(Ok(()), |frequency| write!(f, " frequency={frequency:.2}/s"))
    }
}
