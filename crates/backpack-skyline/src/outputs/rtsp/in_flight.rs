use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;

use crate::QueueLimit;

/// What GStreamer holds for one viewer: handed over, but not yet taken by the network.
pub(crate) struct InFlight {
    limit: QueueLimit,
    units: AtomicUsize,
    bytes: AtomicUsize,
    /// Somebody waits for room.
    wanted: AtomicBool,
    /// Called when there is room for whoever waits, on any thread and with whatever locks GStreamer holds.
    wake: Box<dyn Fn() + Send + Sync>,
}

/// The bytes of a unit on their way. GStreamer shares them down to the socket, so they are dropped when they are sent.
#[derive(Debug)]
pub(crate) struct Payload {
    data: Bytes,
    in_flight: Arc<InFlight>,
}

impl InFlight {
    pub(crate) fn new(limit: QueueLimit, wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (units, bytes) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { limit, units, bytes, wanted: AtomicBool::new(false), wake: Box::new(wake) }
    }

    /// Whether one more unit may be handed over.
    pub(crate) fn has_room(&self) -> bool {
        self.units.load(Ordering::SeqCst) < self.limit.units
            && self.bytes.load(Ordering::SeqCst) < self.limit.bytes
    }

    /// Whether one more unit may be handed over; if not, the caller is woken when it may.
    pub(crate) fn has_room_or_wakes(&self) -> bool {
        if self.has_room() {
            return true;
        }
        self.wanted.store(true, Ordering::SeqCst);
        // There may be room since, with nobody left to notice.
        self.has_room()
    }
}

impl fmt::Debug for InFlight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InFlight")
            .field("units", &self.units)
            .field("bytes", &self.bytes)
            .finish_non_exhaustive()
    }
}

impl Payload {
    pub(crate) fn new(data: Bytes, in_flight: &Arc<InFlight>) -> Self {
        in_flight.units.fetch_add(1, Ordering::SeqCst);
        in_flight.bytes.fetch_add(data.len(), Ordering::SeqCst);
        Self { data, in_flight: Arc::clone(in_flight) }
    }
}

impl AsRef<[u8]> for Payload {
    fn as_ref(&self) -> &[u8] {
        &self.data
    }
}

impl Drop for Payload {
    fn drop(&mut self) {
        let in_flight = &self.in_flight;
        in_flight.units.fetch_sub(1, Ordering::SeqCst);
        in_flight.bytes.fetch_sub(self.data.len(), Ordering::SeqCst);
        if in_flight.has_room() && in_flight.wanted.swap(false, Ordering::SeqCst) {
            (in_flight.wake)();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_found_no_room_is_woken_once_when_there_is_some() {
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let limit = QueueLimit { units: 10, bytes: 100 };
        let in_flight = Arc::new(InFlight::new(limit, move || {
            count.fetch_add(1, Ordering::SeqCst);
        }));
        let payload = |size| Payload::new(Bytes::from(vec![0; size]), &in_flight);
        let (large, small) = (payload(150), payload(20));
        assert!(!in_flight.has_room_or_wakes());
        drop(small);
        assert_eq!(woken.load(Ordering::SeqCst), 0);
        drop(large);
        assert_eq!(woken.load(Ordering::SeqCst), 1);
        assert!(in_flight.has_room_or_wakes());
        drop(payload(1));
        assert_eq!(woken.load(Ordering::SeqCst), 1, "nobody waits");
    }
}
