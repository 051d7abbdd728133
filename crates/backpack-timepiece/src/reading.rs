use std::time::{Instant, SystemTime};

use crate::Clock;

/// One moment on both clocks, each read when it is first asked for and never again.
pub(crate) struct Reading<'a> {
    clock: &'a Clock,
    now: Option<Instant>,
    wall: Option<SystemTime>,
}

impl<'a> Reading<'a> {
    pub(crate) fn of(clock: &'a Clock) -> Self {
        Self { clock, now: None, wall: None }
    }

    pub(crate) fn now(&mut self) -> Instant {
        *self.now.get_or_insert_with(|| self.clock.now())
    }

    pub(crate) fn wall(&mut self) -> SystemTime {
        *self.wall.get_or_insert_with(|| self.clock.wall())
    }
}
