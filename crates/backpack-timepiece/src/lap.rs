use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::node::Node;

/// A running measurement of a [`StopWatch`](crate::StopWatch), which records it when this is dropped, also while a panic unwinds.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, StopWatch};
///
/// let (clock, time) = Clock::manual();
/// let infer = StopWatch::with_clock("infer", clock);
/// let lap = infer.start();
/// time.advance(Duration::from_millis(30));
/// assert_eq!(lap.stop(), Duration::from_millis(30));
///
/// infer.start().discard(); // there was no frame
/// assert_eq!(infer.summary().total, 1);
/// ```
#[derive(Debug)]
#[must_use = "a lap that is not bound to a name ends at once"]
pub struct Lap {
    /// `None` once the lap is recorded or discarded.
    node: Option<Arc<Node>>,
    start: Instant,
}

impl Lap {
    /// The clock is read last, here as first in [`Lap::end`], so that the watch measures as little of itself as possible.
    pub(crate) fn start(node: Arc<Node>) -> Self {
        let start = node.clock.now();
        Self { node: Some(node), start }
    }

    /// Ends the lap, records it and returns its length.
    pub fn stop(mut self) -> Duration {
        self.end()
    }

    /// Ends the lap without recording it, for example because what it measured has failed.
    pub fn discard(mut self) {
        self.node = None;
    }

    /// Zero if the lap has ended before.
    fn end(&mut self) -> Duration {
        self.node.take().map_or(Duration::ZERO, |node| {
            let length = node.clock.now().saturating_duration_since(self.start);
            node.record(length);
            length
        })
    }
}

impl Drop for Lap {
    fn drop(&mut self) {
        self.end();
    }
}
