use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::alarm_error::Reason;
use crate::reading::Reading;
use crate::{Alarm, AlarmError, Executor, Job, Outcome, Schedule, Ticked};

/// An alarm as its clock has it.
pub(crate) struct Entry {
    alarm: Alarm,
    /// `None` when it is over.
    schedule: Option<Schedule>,
    action: Action,
}

/// What is called, with its alarm.
pub(crate) type Callback = Box<dyn FnMut(&Alarm) -> Result<(), Box<dyn Error + Send + Sync>> + Send>;

pub(crate) enum Action {
    Here(Callback),
    On(Box<dyn Executor + Send>, Arc<Mutex<Callback>>),
}

pub(crate) fn boxed<R: Outcome>(mut callback: impl FnMut(&Alarm) -> R + Send + 'static) -> Callback {
    Box::new(move |alarm| callback(alarm).into_result())
}

impl Entry {
    pub(crate) fn new(schedule: Schedule, action: Action) -> Self {
        Self { alarm: Alarm::new(), schedule: Some(schedule), action }
    }

    /// A handle to it.
    pub(crate) fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    pub(crate) fn tick(&mut self, reading: &mut Reading, ticked: &mut Ticked) {
        self.read_mail(ticked);
        let Some(schedule) = &mut self.schedule else { return };
        if !schedule.is_due(reading) {
            return;
        }
        ticked.fired += 1;
        let result = self.action.run(&self.alarm, schedule);
        ticked.errors.extend(result.err());
        if schedule.is_over() {
            self.schedule = None;
        }
        // The callback may have re-armed the alarm.
        self.read_mail(ticked);
    }

    fn read_mail(&mut self, ticked: &mut Ticked) {
        let Some(mail) = self.alarm.mail() else { return };
        ticked.errors.extend(mail.errors);
        if mail.is_removed {
            self.schedule = None;
        } else if mail.schedule.is_some() {
            self.schedule = mail.schedule;
        }
    }

    /// Whether it will never be run again.
    pub(crate) fn is_dead(&self) -> bool {
        self.schedule.is_none() && (!self.alarm.is_shared() || self.alarm.is_removed())
    }
}

/// The handles of an alarm that is gone know it.
impl Drop for Entry {
    fn drop(&mut self) {
        self.alarm.remove();
    }
}

impl Action {
    fn run(&mut self, alarm: &Alarm, schedule: &Schedule) -> Result<(), AlarmError> {
        match self {
            Self::Here(callback) => {
                call(callback, alarm).map_err(|reason| AlarmError::new(&schedule.to_string(), reason))
            }
            Self::On(executor, callback) => {
                let (callback, alarm, schedule) = (callback.clone(), alarm.clone(), schedule.to_string());
                let name = schedule.clone();
                let work = move || {
                    let mut callback = callback.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Err(reason) = call(&mut callback, &alarm) {
                        alarm.report(AlarmError::new(&schedule, reason));
                    }
                };
                let result = executor.execute(Job::new(work));
                result.map_err(|rejected| AlarmError::new(&name, Reason::Rejected(rejected)))
            }
        }
    }
}

/// Whatever a callback leaves half done when it panics is its own.
fn call(callback: &mut Callback, alarm: &Alarm) -> Result<(), Reason> {
    match catch_unwind(AssertUnwindSafe(|| callback(alarm))) {
        Ok(result) => result.map_err(Reason::Failed),
        Err(payload) => Err(Reason::of_panic(&*payload)),
    }
}

/// Their schedules only: what they do cannot be shown.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schedule {
            Some(schedule) => write!(f, "Alarm({schedule})"),
            None => f.write_str("Alarm(over)"),
        }
    }
}
