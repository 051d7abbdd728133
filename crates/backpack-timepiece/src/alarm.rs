use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{AlarmError, Schedule};

/// A handle to something that an [`AlarmClock`](crate::AlarmClock) does: it changes when that is done.
///
/// The clock gives it out when the alarm is set, and shows it to the callback each time. Clones are handles to the same alarm; they may be used
/// from any thread. What they say holds from the next time the clock looks at the alarm. Dropping a handle changes nothing.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Alarm, AlarmClock, Clock, Schedule};
///
/// let (clock, time) = Clock::manual();
/// let mut alarms = AlarmClock::with_clock(clock.clone());
/// let midnight = Schedule::at(clock.wall() + Duration::from_secs(60));
/// alarms.add(midnight, move |alarm: &Alarm| {
///     alarm.rearm(Schedule::at(clock.wall() + Duration::from_secs(24 * 3600)));
/// });
///
/// time.advance(Duration::from_secs(60));
/// assert_eq!(alarms.tick().fired, 1);
/// time.advance(Duration::from_secs(24 * 3600));
/// assert_eq!(alarms.tick().fired, 1);
/// ```
#[derive(Debug, Clone)]
pub struct Alarm(Arc<Control>);

#[derive(Debug)]
struct Control {
    /// Whether there is anything in the mailbox, so that a clock need not lock it at each tick.
    has_mail: AtomicBool,
    mailbox: Mutex<Mailbox>,
}

/// What the handles and the callbacks have for the clock.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    pub(crate) schedule: Option<Schedule>,
    pub(crate) is_removed: bool,
    pub(crate) errors: Vec<AlarmError>,
}

impl Alarm {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Control { has_mail: AtomicBool::new(false), mailbox: Mutex::default() }))
    }

    /// Replaces the schedule, also of an alarm that is over; false if the alarm has been removed or its clock is gone.
    pub fn rearm(&self, schedule: Schedule) -> bool {
        self.send(|mailbox| mailbox.schedule = Some(schedule))
    }

    /// Removes the alarm for good. If its callback is running elsewhere, that ends in its own time.
    pub fn remove(&self) {
        self.send(|mailbox| mailbox.is_removed = true);
    }

    /// Whether the alarm has been removed, or its clock is gone.
    pub fn is_removed(&self) -> bool {
        self.mailbox().is_removed
    }

    /// Passes on why a callback failed.
    pub(crate) fn report(&self, error: AlarmError) {
        self.send(|mailbox| mailbox.errors.push(error));
    }

    /// What has come since this was last asked.
    pub(crate) fn mail(&self) -> Option<Mailbox> {
        let has_mail =
            self.0.has_mail.load(Ordering::Relaxed) && self.0.has_mail.swap(false, Ordering::Acquire);
        has_mail.then(|| {
            let mut mailbox = self.mailbox();
            let is_removed = mailbox.is_removed;
            std::mem::replace(&mut *mailbox, Mailbox { is_removed, ..Mailbox::default() })
        })
    }

    /// Whether there is a handle beside this one.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }

    /// Whether the alarm is still there for it.
    fn send(&self, put: impl FnOnce(&mut Mailbox)) -> bool {
        let mut mailbox = self.mailbox();
        let is_there = !mailbox.is_removed;
        if is_there {
            put(&mut mailbox);
            self.0.has_mail.store(true, Ordering::Release);
        }
        is_there
    }

    /// No code but this file's runs while it is locked.
    fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        self.0.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
