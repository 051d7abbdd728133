use std::any::Any;
use std::error::Error;
use std::fmt;

use crate::{Alarm, Rejected};

/// An alarm of an [`AlarmClock`](crate::AlarmClock) did not do what it should.
///
/// One with intervals goes on as scheduled; one for a single time is over, unless an executor rejected it: then it stays due.
///
/// ```
/// use backpack_timepiece::{AlarmClock, Schedule};
///
/// let mut alarms = AlarmClock::new();
/// let backup = alarms.add(Schedule::every_nth(1), |_| Err::<(), _>("the disk is full"));
/// let errors = alarms.tick().errors;
/// assert_eq!(errors[0].to_string(), "the alarm of every tick failed: the disk is full");
/// assert_eq!(errors[0].alarm(), &backup);
/// ```
#[derive(Debug)]
pub struct AlarmError {
    alarm: Alarm,
    failure: Failure,
}

/// What went wrong, with the schedule by which it was time.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) schedule: String,
    pub(crate) reason: Reason,
}

#[derive(Debug)]
pub(crate) enum Reason {
    Failed(Box<dyn Error + Send + Sync>),
    Panicked(String),
    Rejected(Rejected),
}

impl AlarmError {
    pub(crate) fn new(alarm: &Alarm, failure: Failure) -> Self {
        Self { alarm: alarm.clone(), failure }
    }

    /// The alarm.
    pub fn alarm(&self) -> &Alarm {
        &self.alarm
    }

    /// Whether the callback panicked.
    pub fn is_panic(&self) -> bool {
        matches!(self.failure.reason, Reason::Panicked(_))
    }

    /// Why the executor did not take the callback, if that is what went wrong.
    pub fn rejected(&self) -> Option<Rejected> {
        if let Reason::Rejected(rejected) = self.failure.reason { Some(rejected) } else { None }
    }
}

impl Reason {
    /// Of what a panic left.
    pub(crate) fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let message = payload.downcast_ref::<&str>().copied();
        let message = message.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::Panicked(message.unwrap_or("without a message").to_owned())
    }
}

impl fmt::Display for AlarmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Failure { schedule, reason } = &self.failure;
        match reason {
            Reason::Failed(error) => write!(f, "the alarm of {schedule} failed: {error}"),
            Reason::Panicked(message) => write!(f, "the alarm of {schedule} panicked: {message}"),
            Reason::Rejected(rejected) => write!(f, "the alarm of {schedule} could not be run: {rejected}"),
        }
    }
}

impl Error for AlarmError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.failure.reason {
            Reason::Failed(error) => Some(&**error),
            Reason::Rejected(rejected) => Some(rejected),
            Reason::Panicked(_) => None,
        }
    }
}
