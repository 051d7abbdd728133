use std::time::{Instant, SystemTime};

use backpack_timepiece::Clock;

use crate::condensed::millis;

/// One run of the program, from here on.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    clock: Clock,
    began: Instant,
}

impl Run {
    pub(crate) fn begin(clock: Clock) -> Self {
        Self { began: clock.now(), clock }
    }

    /// The time on the wall.
    pub(crate) fn wall(&self) -> SystemTime {
        self.clock.wall()
    }

    /// When the run began by the wall clock as it is set now, in milliseconds since 1970. It changes when that clock is set.
    pub(crate) fn epoch(&self) -> i64 {
        let lasted = self.clock.now().saturating_duration_since(self.began);
        let lasted = i64::try_from(lasted.as_millis()).unwrap_or(i64::MAX);
        millis(self.clock.wall()).saturating_sub(lasted)
    }
}
