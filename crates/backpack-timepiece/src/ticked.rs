use crate::AlarmError;

/// What happened at one tick of an [`AlarmClock`](crate::AlarmClock).
///
/// ```
/// use backpack_timepiece::{AlarmClock, Schedule};
///
/// let mut alarms = AlarmClock::new();
/// alarms.add(Schedule::every_nth(2), |_| ());
/// assert_eq!(alarms.tick().fired, 0);
/// assert_eq!(alarms.tick().fired, 1);
/// ```
#[derive(Debug, Default)]
#[must_use = "errors of callbacks are in here"]
#[non_exhaustive]
pub struct Ticked {
    /// How many alarms it was time for.
    pub fired: usize,
    /// What went wrong: now in callbacks that run in the frame loop, since the last tick in those that run on an executor.
    pub errors: Vec<AlarmError>,
}
