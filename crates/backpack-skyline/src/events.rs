use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::Event;
use crate::lock::lock;

/// How many events are kept unless told otherwise.
const KEPT: usize = 256;

/// Where the events of a stream are published, or those of an output of its own kind; clones publish to the same subscribers.
///
/// Publishing never waits: of a subscriber that does not look, the oldest events are dropped and [counted](Subscription::missed).
#[derive(Debug, Clone)]
pub struct Events<E = Event>(Arc<Mutex<Inner<E>>>);

#[derive(Debug)]
struct Inner<E> {
    kept: usize,
    recent: VecDeque<E>,
    subscribers: Vec<Weak<Mailbox<E>>>,
}

/// The events of a stream, one after the other.
#[derive(Debug)]
pub struct Subscription<E = Event>(Arc<Mailbox<E>>);

#[derive(Debug)]
struct Mailbox<E> {
    mail: Mutex<Mail<E>>,
    came: Condvar,
}

#[derive(Debug)]
struct Mail<E> {
    events: VecDeque<E>,
    missed: u64,
}

/// Keeps the last 256 events.
impl<E> Default for Events<E> {
    fn default() -> Self {
        Self::keeping(KEPT)
    }
}

impl<E> Events<E> {
    /// Keeps so many events for whoever subscribes late, and as many for each subscriber that does not look.
    pub fn keeping(kept: usize) -> Self {
        Self(Arc::new(Mutex::new(Inner { kept, recent: VecDeque::new(), subscribers: Vec::new() })))
    }

    /// Forgets what happened before a new start; subscribers keep what they have.
    pub(crate) fn forget(&self) {
        lock(&self.0).recent.clear();
    }
}

impl<E: Clone> Events<E> {
    /// What happened since the last start, as far as it is kept, and everything that will happen.
    pub fn subscribe(&self) -> Subscription<E> {
        let mut inner = lock(&self.0);
        let mail = Mutex::new(Mail { events: inner.recent.clone(), missed: 0 });
        let mailbox = Arc::new(Mailbox { mail, came: Condvar::new() });
        inner.subscribers.push(Arc::downgrade(&mailbox));
        Subscription(mailbox)
    }

    /// Tells all subscribers.
    pub fn publish(&self, event: E) {
        let mut inner = lock(&self.0);
        let kept = inner.kept;
        inner.subscribers.retain(|subscriber| {
            let Some(mailbox) = subscriber.upgrade() else { return false };
            let mut mail = lock(&mailbox.mail);
            mail.missed += push_bounded(&mut mail.events, event.clone(), kept);
            drop(mail);
            mailbox.came.notify_all();
            true
        });
        push_bounded(&mut inner.recent, event, kept);
    }
}

/// Adds an event, dropping the oldest ones beyond the limit; returns how many that were.
fn push_bounded<E>(events: &mut VecDeque<E>, event: E, kept: usize) -> u64 {
    events.push_back(event);
    let excess = events.len().saturating_sub(kept);
    events.drain(..excess);
    excess as u64
}

impl<E> Subscription<E> {
    /// The next event, if there is one already.
    pub fn try_next(&self) -> Option<E> {
        lock(&self.0.mail).events.pop_front()
    }

    /// The next event; waits for it no longer than `patience`.
    pub fn next_within(&self, patience: Duration) -> Option<E> {
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
