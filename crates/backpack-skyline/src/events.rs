use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::Event;
use crate::lock::lock;

/// How many events are kept, for whoever subscribes late and for each subscriber that does not look.
const KEPT: usize = 256;

/// Where the events of a stream are published; clones publish to the same subscribers.
///
/// Publishing never waits: of a subscriber that does not look, the oldest events are dropped and [counted](Subscription::missed).
#[derive(Debug, Clone, Default)]
pub struct Events(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    recent: VecDeque<Event>,
    subscribers: Vec<Weak<Mailbox>>,
}

/// The events of a stream, one after the other.
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
    /// What happened since the stream's last start, at most the last 256 events, and everything that will happen.
    pub fn subscribe(&self) -> Subscription {
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

    /// Forgets what happened before a new start; subscribers keep what they have.
    pub(crate) fn forget(&self) {
        lock(&self.0).recent.clear();
    }
}

/// Adds an event, dropping the oldest ones beyond the limit; returns how many that were.
fn push_bounded(events: &mut VecDeque<Event>, event: Event) -> u64 {
    events.push_back(event);
    let excess = events.len().saturating_sub(KEPT);
    events.drain(..excess);
    excess as u64
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

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(number: usize) -> Event {
        Event::OutputOpened { output: number.to_string() }
    }

    #[test]
    fn a_late_subscriber_hears_what_happened_since_the_start() {
        let events = Events::default();
        events.publish(opened(0));
        events.forget();
        events.publish(opened(1));
        let subscription = events.subscribe();
        events.publish(opened(2));
        let heard: Vec<_> = std::iter::from_fn(|| subscription.try_next()).collect();
        assert_eq!(heard, [opened(1), opened(2)]);
    }

    #[test]
    fn a_subscriber_that_does_not_look_misses_the_oldest_events() {
        let events = Events::default();
        let subscription = events.subscribe();
        (0..KEPT + 10).for_each(|number| events.publish(opened(number)));
        assert_eq!((subscription.missed(), subscription.try_next()), (10, Some(opened(10))));
    }

    #[test]
    fn waiting_ends_with_an_event_or_with_the_patience() {
        let events = Events::default();
        let subscription = events.subscribe();
        assert_eq!(subscription.next_within(Duration::from_millis(1)), None);
        let publisher = events.clone();
        let thread = std::thread::spawn(move || publisher.publish(opened(1)));
        assert_eq!(subscription.next_within(Duration::from_secs(60)), Some(opened(1)));
        thread.join().unwrap();
    }

    #[test]
    fn those_who_left_are_forgotten() {
        let events = Events::default();
        drop(events.subscribe());
        events.publish(opened(1));
        assert!(lock(&events.0).subscribers.is_empty());
    }
}
