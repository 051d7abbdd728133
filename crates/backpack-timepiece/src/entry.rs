use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use crate::alarm_error::{Failure, Reason};
use crate::reading::Reading;
use crate::{Alarm, AlarmError, Executor, Job, Outcome, Rejected, Schedule, Ticked};

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
        let failure = self.action.run(&self.alarm, schedule).err();
        if failure.as_ref().is_some_and(|failure| matches!(failure.reason, Reason::Rejected(_))) {
            schedule.stay_due();
        }
        if schedule.is_over() {
            self.schedule = None;
        }
        ticked.errors.extend(failure.map(|failure| AlarmError::new(&self.alarm, failure)));
        // The callback may have re-armed the alarm.
        self.read_mail(ticked);
    }

    fn read_mail(&mut self, ticked: &mut Ticked) {
        let Some(mail) = self.alarm.mail() else { return };
        ticked.errors.extend(mail.failures.into_iter().map(|failure| AlarmError::new(&self.alarm, failure)));
        if mail.is_removed {
            self.schedule = None;
        } else if mail.schedule.is_some() {
            self.schedule = mail.schedule;
        }
    }

    /// Whether it will never be run again, nor has anything to say.
    pub(crate) fn is_dead(&self) -> bool {
        self.schedule.is_none() && self.alarm.is_finished()
    }
}

/// The handles of an alarm that is gone know it.
impl Drop for Entry {
    fn drop(&mut self) {
        self.alarm.close();
    }
}

impl Action {
    fn run(&mut self, alarm: &Alarm, schedule: &Schedule) -> Result<(), Failure> {
        match self {
            Self::Here(callback) => call(callback, alarm, &|| schedule.to_string()),
            Self::On(executor, callback) => {
                let (job, schedule) =
                    (job(callback.clone(), alarm, schedule.to_string()), schedule.to_string());
                let result = job.and_then(|job| executor.execute(job));
                result.map_err(|rejected| Failure { schedule, reason: Reason::Rejected(rejected) })
            }
        }
    }
}

/// A job that calls the callback, unless its last one has not ended: an executor is not to be filled with jobs that wait for each other.
fn job(callback: Arc<Mutex<Callback>>, alarm: &Alarm, schedule: String) -> Result<Job, Rejected> {
    let out = alarm.go_out().ok_or(Rejected::Busy)?;
    let alarm = alarm.clone();
    Ok(Job::new(move || {
        let _out = out;
        if alarm.is_cancelled() {
            return;
        }
        let mut callback = callback.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(failure) = call(&mut callback, &alarm, &|| schedule.clone()) {
            alarm.report(failure);
        }
    }))
}

/// Whatever a callback leaves half done when it panics is its own.
fn call(callback: &mut Callback, alarm: &Alarm, schedule: &dyn Fn() -> String) -> Result<(), Failure> {
    let reason = match catch_unwind(AssertUnwindSafe(|| callback(alarm))) {
        Ok(Ok(())) => return Ok(()),
        Ok(Err(error)) => Reason::Failed(error),
        Err(payload) => Reason::of_panic(&*payload),
    };
    Err(Failure { schedule: schedule(), reason })
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
