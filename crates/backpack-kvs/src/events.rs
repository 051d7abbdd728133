use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::Event;

/// How many events are kept for those who subscribe late, and for each subscriber that does not look.
const KEPT: usize = 1024;

/// Where events are published; clones publish to the same subscribers. Publishing never waits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    recent: VecDeque<Event>,
    subscribers: Vec<Weak<Mailbox>>,
}

/// The events of a producer, one after the other.
#[derive(Debug)]
pub struct Subscription(Arc<Mailbox>);

#[derive(Debug, Default)]
struct Mailbox {
    mail: Mutex<Mail>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct Mail {
    events: VecDeque<Event>,
    missed: u64,
}

impl Events {
    pub(crate) fn subscribe(&self) -> Subscription {
        let mut inner = lock(&self.0);
        let mail = Mutex::new(Mail { events: inner.recent.clone(), missed: 0 });
        let mailbox = Arc::new(Mailbox { mail, came: Condvar::new() });
        inner.subscribers.push(Arc::downgrade(&mailbox));
        Subscription(mailbox)
    }

    pub(crate) fn publish(&self, event: Event) {
        let mut inner = lock(&self.0);
        inner.subscribers.retain(|subscriber| {
            let Some(mailbox) = subscriber.upgrade() else { return false };
            let mut mail = lock(&mailbox.mail);
            mail.missed += push_bounded(&mut mail.events, event.clone());
            drop(mail);
            mailbox.came.notify_all();
            true
        });
        push_bounded(&mut inner.recent, event);
    }
}

/// Adds an event, dropping the oldest ones beyond the limit; returns how many that were.
fn push_bounded(events: &mut VecDeque<Event>, event: Event) -> u64 {
    events.push_back(event);
    let excess = events.len().saturating_sub(KEPT);
    events.drain(..excess);
    excess as u64
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Subscription {
    /// The next event, if there is one already.
    pub fn try_next(&self) -> Option<Event> {
        lock(&self.0.mail).events.pop_front()
    }

    /// The next event; waits for it no longer than `patience`.
    pub fn next_within(&self, patience: Duration) -> Option<Event> {
        let mail = lock(&self.0.mail);
        let (mut mail, _) = self
            .0
            .came
            .wait_timeout_while(mail, patience, |mail| mail.events.is_empty())
            .unwrap_or_else(PoisonError::into_inner);
        mail.events.pop_front()
    }

    /// How many events were dropped because nobody looked.
    pub fn missed(&self) -> u64 {
        lock(&self.0.mail).missed
    }
}
