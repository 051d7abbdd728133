use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// What GStreamer holds for one viewer: handed over, but not yet taken by the network.
#[derive(Debug, Default)]
pub(crate) struct InFlight {
    units: AtomicUsize,
    bytes: AtomicUsize,
}

/// The bytes of a unit on their way. GStreamer shares them down to the socket, so they are dropped when they are sent.
#[derive(Debug)]
pub(crate) struct Payload {
    data: Bytes,
    in_flight: Arc<InFlight>,
}

impl InFlight {
    pub(crate) fn units(&self) -> usize {
        self.units.load(Ordering::Acquire)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Acquire)
    }
}

impl Payload {
    pub(crate) fn new(data: Bytes, in_flight: &Arc<InFlight>) -> Self {
        in_flight.units.fetch_add(1, Ordering::AcqRel);
        in_flight.bytes.fetch_add(data.len(), Ordering::AcqRel);
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
        // Counters alone: this runs on GStreamer's threads, with whatever locks they hold.
        self.in_flight.units.fetch_sub(1, Ordering::AcqRel);
        self.in_flight.bytes.fetch_sub(self.data.len(), Ordering::AcqRel);
    }
}
