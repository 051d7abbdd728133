use std::time::{Instant, SystemTime};

use crate::ManualClock;

/// Where the time is read: from the system, or from a clock that a test moves by hand.
///
/// Clones show the same time. All else in this crate gets its clock from outside, so that no test has to wait for time to pass.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use backpack_timepiece::Clock;
///
/// let is_lost = |clock: &Clock, last_frame: Instant| clock.now() - last_frame > Duration::from_secs(5);
///
/// // A program hands `Clock::system()` in here, a test a clock that it moves.
/// let (clock, time) = Clock::manual();
/// let last_frame = clock.now();
/// assert!(!is_lost(&clock, last_frame));
/// time.advance(Duration::from_secs(6));
/// assert!(is_lost(&clock, last_frame));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    System,
    Manual(ManualClock),
}

impl Clock {
    /// The system's clocks.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still, and the hand that moves it.
    pub fn manual() -> (Self, ManualClock) {
        let hand = ManualClock::new();
        (Self(Source::Manual(hand.clone())), hand)
    }

    /// The monotonic time, from which durations are measured: it never goes back and does not notice when somebody sets the device's clock.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => Instant::now(),
            Source::Manual(hand) => hand.now(),
        }
    }

    /// The date and time, for people and other machines to read: it may jump either way when the device's clock is set.
    pub fn wall(&self) -> SystemTime {
        match &self.0 {
            Source::System => SystemTime::now(),
            Source::Manual(hand) => hand.wall(),
        }
    }
}
