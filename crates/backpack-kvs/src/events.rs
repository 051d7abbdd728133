use crate::Event;

/// How many events are kept for those who subscribe late, and for each subscriber that does not look.
const KEPT: usize = 1024;

/// Where the events of a producer are published.
pub(crate) type Events = backpack_skyline::Events<Event>;

/// The events of a producer, one after the other.
pub type Subscription = backpack_skyline::Subscription<Event>;

/// Those of a new producer.
pub(crate) fn new() -> Events {
    Events::keeping(KEPT)
}
