use std::time::{Duration, Instant};

/// Intervals that follow each other without a gap, from the first time that is asked.
#[derive(Debug, Clone)]
pub(crate) struct Every {
    interval: Duration,
    /// When the interval at hand ends.
    due: Due,
}

#[derive(Debug, Clone)]
enum Due {
    AtOnce,
    At(Instant),
    /// Later than a clock can show.
    Never,
}

impl Every {
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, due: Due::AtOnce }
    }

    pub(crate) fn interval(&self) -> Duration {
        self.interval
    }

    /// Whether an interval begins now or has begun since this was last asked.
    pub(crate) fn is_due(&mut self, now: Instant) -> bool {
        let start = match self.due {
            Due::AtOnce => now,
            Due::At(due) if due <= now => due,
            Due::At(_) | Due::Never => return false,
        };
        self.due = self.end_of_interval(start, now).map_or(Due::Never, Due::At);
        true
    }

    /// The end of the interval in which `now` lies, if the intervals are counted from `start`.
    fn end_of_interval(&self, start: Instant, now: Instant) -> Option<Instant> {
        if self.interval.is_zero() {
            return Some(now);
        }
        let interval = self.interval.as_nanos();
        let begun = now.saturating_duration_since(start).as_nanos() / interval + 1;
        let nanos = u64::try_from(begun.checked_mul(interval)?).ok()?;
        start.checked_add(Duration::from_nanos(nanos))
    }
}
