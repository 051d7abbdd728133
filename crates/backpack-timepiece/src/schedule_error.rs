use std::error::Error;
use std::fmt;

/// Why a [`Schedule`](crate::Schedule) could not be made.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Schedule, ScheduleError};
///
/// assert_eq!(Schedule::every(Duration::ZERO).unwrap_err(), ScheduleError::ZeroInterval);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The interval is zero.
    ZeroInterval,
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ZeroInterval => {
                write!(
                    f,
                    "an interval of zero: it must be longer; for every tick there is `Schedule::every_nth(1)`"
                )
            }
        }
    }
}

impl Error for ScheduleError {}
