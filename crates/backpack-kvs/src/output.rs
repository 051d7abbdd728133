use std::fmt;
use std::time::Duration;

use backpack_skyline::{AccessUnit, KeyFrameRequest, Output, OutputError, StreamInfo};

use crate::producer::Shared;
use crate::{
    MetadataError, Notice, Persistence, Producer, ProducerBuilder, ProducerStats, PutError, Subscription,
    Video,
};

/// An output that sends the stream to Kinesis Video Streams.
///
/// An outage of the network is no failure of the output: the producer behind it keeps the fragments and catches up, which its [`Monitor`] tells. The
/// output fails if the units cannot be sent at all, such as without parameter sets.
///
/// When the stream ends it waits for the last fragments to be persisted, for [`drain`](ProducerBuilder::drain) at most, and fails if any remain then.
pub struct KvsOutput {
    name: String,
    producer: Producer,
    drain: Duration,
}

/// A view of what an output's producer does; clones look at the same one.
#[derive(Clone)]
pub struct Monitor(Shared);

impl KvsOutput {
    /// An output to the stream of this name.
    pub fn builder(stream: impl Into<String>) -> ProducerBuilder {
        Producer::builder(stream)
    }

    pub(crate) fn new(stream: String, producer: Producer, drain: Duration) -> Self {
        Self { name: format!("kvs {stream}"), producer, drain }
    }

    /// What tells how the producer does, after the output was given away.
    pub fn monitor(&self) -> Monitor {
        Monitor(self.producer.shared().clone())
    }
}

impl Monitor {
    /// Counters since the start.
    pub fn stats(&self) -> ProducerStats {
        self.0.stats()
    }

    /// What happened so far, at most the last 1024 events, and everything that will happen.
    pub fn events(&self) -> Subscription {
        self.0.events.subscribe()
    }

    /// As [`Producer::tag`].
    ///
    /// # Errors
    /// If the tag is beyond the service's limits.
    pub fn tag(&self, name: &str, value: &str, persistence: Persistence) -> Result<(), MetadataError> {
        self.0.intake().cutter.metadata.set(name, value, persistence)
    }

    /// As [`Producer::remove_tag`].
    pub fn remove_tag(&self, name: &str) {
        self.0.intake().cutter.metadata.remove(name);
    }

    /// As [`Producer::notice`].
    ///
    /// # Errors
    /// If the prefix of an image is longer than 256 bytes.
    pub fn notice(&self, notice: Notice) -> Result<(), MetadataError> {
        self.0.intake().cutter.metadata.notice(notice)
    }
}

impl Output for KvsOutput {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        self.producer.ask_with(request);
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.producer.begin(&Video::from(stream));
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        match self.producer.put(unit) {
            // A key frame is asked for, and what came before the gap is kept.
            Ok(()) | Err(PutError::NeedsKeyFrame) => Ok(()),
            Err(error) if !error.is_lasting() => {
                tracing::warn!(output = self.name, %error, "a unit is left out");
                Ok(())
            }
            Err(error) => Err(OutputError::new(format!("{}: {error}", self.name))),
        }
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.producer
            .flush(self.drain)
            .map_err(|remaining| OutputError::new(format!("{}: {remaining}", self.name)))
    }
}

impl fmt::Debug for KvsOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KvsOutput").field("name", &self.name).finish_non_exhaustive()
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").finish_non_exhaustive()
    }
}
