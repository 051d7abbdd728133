use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Schedule;
use crate::alarm_error::Failure;

/// A handle to something that an [`AlarmClock`](crate::AlarmClock) does: it changes when that is done.
///
/// The clock gives it out when the alarm is set, and shows it to the callback each time. Clones are handles to the same alarm, and equal; they
/// may be used from any thread. What they say holds from the next time the clock looks at the alarm. Dropping a handle changes nothing.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Alarm, AlarmClock, Clock, Schedule};
///
/// let (clock, time) = Clock::manual();
/// let mut alarms = AlarmClock::with_clock(clock);
/// // Each time it is left alone for twice as long.
/// let mut pause = Duration::from_secs(1);
/// alarms.add(Schedule::after(pause), move |alarm: &Alarm| {
///     pause *= 2;
///     alarm.rearm(Schedule::after(pause));
/// });
///
/// let mut fired = Vec::new();
/// for second in 0..20 {
///     if alarms.tick().fired > 0 {
///         fired.push(second);
///     }
///     time.advance(Duration::from_secs(1));
/// }
/// assert_eq!(fired, [1, 4, 9, 18]);
/// ```
#[derive(Debug, Clone)]
pub struct Alarm(Arc<Control>);

#[derive(Debug)]
struct Control {
    /// Whether there is anything in the mailbox, so that a clock need not lock it at each tick.
    has_mail: AtomicBool,
    /// Whether the callback waits on an executor or runs there.
    is_out: AtomicBool,
    mailbox: Mutex<Mailbox>,
}

/// What the handles and the callbacks have for the clock.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    pub(crate) schedule: Option<Schedule>,
    pub(crate) failures: Vec<Failure>,
    /// Whether a handle has removed the alarm.
    pub(crate) is_removed: bool,
    /// Whether the clock has no such alarm any more.
    is_gone: bool,
}

/// Says that the callback is on an executor, until it is dropped with the job.
pub(crate) struct Out(Alarm);

impl Alarm {
    pub(crate) fn new() -> Self {
        let (has_mail, is_out) = (AtomicBool::new(false), AtomicBool::new(false));
        Self(Arc::new(Control { has_mail, is_out, mailbox: Mutex::default() }))
    }

    /// Replaces the schedule, also of an alarm that is over; false if the alarm has been removed or its clock is gone.
    pub fn rearm(&self, schedule: Schedule) -> bool {
        let mut mailbox = self.mailbox();
        let is_there = !mailbox.is_removed && !mailbox.is_gone;
        if is_there {
            mailbox.schedule = Some(schedule);
            self.0.has_mail.store(true, Ordering::Release);
        }
        is_there
    }

    /// Removes the alarm for good. If its callback is running elsewhere, that ends in its own time; one that still waits there is not called.
    pub fn remove(&self) {
        self.mailbox().is_removed = true;
        self.0.has_mail.store(true, Ordering::Release);
    }

    /// Whether the alarm has been removed, or its clock is gone.
    pub fn is_removed(&self) -> bool {
        let mailbox = self.mailbox();
        mailbox.is_removed || mailbox.is_gone
    }

    /// Whether a handle has removed the alarm; the work that a clock has given to an executor outlives the clock.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.mailbox().is_removed
    }

    /// The clock has no such alarm any more.
    pub(crate) fn close(&self) {
        self.mailbox().is_gone = true;
    }

    /// Passes on why a callback failed.
    pub(crate) fn report(&self, failure: Failure) {
        self.mailbox().failures.push(failure);
        self.0.has_mail.store(true, Ordering::Release);
    }

    /// What has come since this was last asked.
    pub(crate) fn mail(&self) -> Option<Mailbox> {
        let has_mail =
            self.0.has_mail.load(Ordering::Relaxed) && self.0.has_mail.swap(false, Ordering::Acquire);
        has_mail.then(|| {
            let mut mailbox = self.mailbox();
            let Mailbox { is_removed, is_gone, .. } = *mailbox;
            std::mem::replace(&mut *mailbox, Mailbox { is_removed, is_gone, ..Mailbox::default() })
        })
    }

    /// Notes that the callback goes to an executor; `None` if it is still there.
    pub(crate) fn go_out(&self) -> Option<Out> {
        (!self.0.is_out.swap(true, Ordering::AcqRel)).then(|| Out(self.clone()))
    }

    /// Whether nothing will come of an alarm without a schedule: nobody is left who could say anything, and nothing is unread.
    pub(crate) fn is_finished(&self) -> bool {
        // Whoever had the last other handle has let go of the lock before, so its mail is seen.
        let is_alone = Arc::strong_count(&self.0) == 1;
        let mailbox = self.mailbox();
        let is_unheard = mailbox.is_removed && !self.0.is_out.load(Ordering::Acquire);
        (is_alone || is_unheard)
            && mailbox.failures.is_empty()
            && (mailbox.schedule.is_none() || mailbox.is_removed)
    }

    /// No code but this file's runs while it is locked.
    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        self.0.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether they are handles to the same alarm.
impl PartialEq for Alarm {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Alarm {}

impl Drop for Out {
    fn drop(&mut self) {
        self.0.0.is_out.store(false, Ordering::Release);
    }
}
