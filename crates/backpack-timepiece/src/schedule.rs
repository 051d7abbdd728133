use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::every::Every;
use crate::reading::Reading;
use crate::{Clock, ScheduleError};

/// When something is to be done: once at a time or after one, at intervals, or at every nth tick.
///
/// A schedule does nothing by itself and waits for nothing: whoever has it calls [`tick`](Schedule::tick) in the frame loop and is told when it
/// is time. An [`AlarmClock`](crate::AlarmClock) does that for many schedules, with something to call for each.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, Schedule};
///
/// let (clock, time) = Clock::manual();
/// let mut status = Schedule::every(Duration::from_secs(2))?;
/// let mut printed = Vec::new();
/// for second in 0..6 {
///     if status.tick(&clock) {
///         printed.push(second);
///     }
///     time.advance(Duration::from_secs(1));
/// }
/// assert_eq!(printed, [0, 2, 4]);
/// # Ok::<(), backpack_timepiece::ScheduleError>(())
/// ```
#[derive(Debug, Clone)]
#[doc(alias("AtSchedule", "IntervalSchedule", "OrdinalSchedule"))]
pub struct Schedule(Kind);

#[derive(Debug, Clone)]
enum Kind {
    At { time: SystemTime, is_over: bool },
    After { delay: Duration, due: Option<Instant>, is_over: bool },
    Every(Every),
    EveryNth { n: u64, ticks: u64 },
}

impl Schedule {
    /// Once, at the first tick at or after this date and time, as the [wall clock](Clock::wall) shows it.
    pub const fn at(time: SystemTime) -> Self {
        Self(Kind::At { time, is_over: false })
    }

    /// Once, at the first tick so long after the first tick, by the [monotonic time](Clock::now).
    pub const fn after(delay: Duration) -> Self {
        Self(Kind::After { delay, due: None, is_over: false })
    }

    /// At the first tick, and from then on at the first tick of each interval, by the [monotonic time](Clock::now).
    ///
    /// The intervals follow each other without a gap, so late ticks do not add up. If a tick comes so late that whole intervals have gone by,
    /// it counts for all of them. To begin with a pause, let an [`after`](Schedule::after) re-arm its alarm.
    ///
    /// # Errors
    /// [`ScheduleError::ZeroInterval`] if the interval is zero; for every tick there is [`every_nth(1)`](Schedule::every_nth).
    pub fn every(interval: Duration) -> Result<Self, ScheduleError> {
        if interval.is_zero() {
            Err(ScheduleError::ZeroInterval)
        } else {
            Ok(Self(Kind::Every(Every::new(interval))))
        }
    }

    /// At the `n`th tick, at the 2·`n`th and so on; never if `n` is 0.
    pub const fn every_nth(n: u64) -> Self {
        Self(Kind::EveryNth { n, ticks: 0 })
    }

    /// Lets the schedule know that time has passed; whether it is time now.
    pub fn tick(&mut self, clock: &Clock) -> bool {
        self.is_due(&mut Reading::of(clock))
    }

    /// The same for a moment that several schedules share.
    pub(crate) fn is_due(&mut self, reading: &mut Reading) -> bool {
        match &mut self.0 {
            Kind::At { is_over: true, .. } | Kind::After { is_over: true, .. } => false,
            Kind::At { time, is_over } => {
                *is_over = reading.wall() >= *time;
                *is_over
            }
            Kind::After { delay, due, is_over } => {
                let now = reading.now();
                // A delay longer than a clock can show is never over.
                *due = due.or_else(|| now.checked_add(*delay));
                *is_over = due.is_some_and(|due| due <= now);
                *is_over
            }
            Kind::Every(every) => every.is_due(reading.now()),
            Kind::EveryNth { n: 0, .. } => false,
            Kind::EveryNth { n, ticks } => {
                *ticks = (*ticks + 1) % *n;
                *ticks == 0
            }
        }
    }

    /// Whether it has been the last time.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.0, Kind::At { is_over: true, .. } | Kind::After { is_over: true, .. })
    }

    /// Makes a single time that has just come due come due again at the next tick.
    pub(crate) fn stay_due(&mut self) {
        if let Kind::At { is_over, .. } | Kind::After { is_over, .. } = &mut self.0 {
            *is_over = false;
        }
    }
}

/// Such as `every 60s`, `every 17 ticks` or `at 1577836800.000 s Unix time`.
impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::At { time, .. } => {
                let unix = match time.duration_since(UNIX_EPOCH) {
                    Ok(after) => after.as_secs_f64(),
                    Err(before) => -before.duration().as_secs_f64(),
                };
                write!(f, "at {unix:.3} s Unix time")
            }
            Kind::After { delay, .. } => write!(f, "after {delay:?}"),
            Kind::Every(every) => write!(f, "every {:?}", every.interval()),
            Kind::EveryNth { n: 0, .. } => write!(f, "never"),
            Kind::EveryNth { n: 1, .. } => write!(f, "every tick"),
            Kind::EveryNth { n, .. } => write!(f, "every {n} ticks"),
        }
    }
}
