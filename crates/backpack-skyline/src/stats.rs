use std::time::Duration;

use crate::{Dropped, State};

/// Counters of a stream since its last start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// What the stream is doing.
    pub state: State,
    /// The encoder in use, once it is open.
    pub encoder: Option<String>,
    /// Frames that were put and taken.
    pub frames: u64,
    /// Frames that were not encoded.
    pub dropped: Dropped,
    /// Units that came out of the encoder.
    pub units: u64,
    /// The bit rate over the last two seconds, in bits per second.
    pub bits_per_second: u64,
    /// The mean time from putting a frame to its coming out of the encoder, over the newest 60 units.
    pub latency: Option<Duration>,
    /// The longest such time.
    pub longest_latency: Option<Duration>,
    /// The outputs, in the order in which they were given.
    pub outputs: Vec<OutputStats>,
}

/// Counters of one output since the stream's last start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct OutputStats {
    /// The output's name.
    pub name: String,
    /// What the output is doing.
    pub state: OutputState,
    /// Units that the output took.
    pub units: u64,
    /// The bytes of those.
    pub bytes: u64,
    /// Units dropped because the output was slower than they came, or was down.
    pub dropped: u64,
    /// How far what the output took last is behind the newest unit.
    pub lag: Duration,
    /// How many times the output failed.
    pub failures: u64,
    /// How many times it took the stream again after a failure.
    pub reconnects: u64,
    /// What it said the last time.
    pub last_error: Option<String>,
    /// How many watch it, if it has viewers.
    pub viewers: Option<usize>,
}

impl OutputStats {
    pub(crate) fn waiting(name: String) -> Self {
        Self { name, ..Self::default() }
    }
}

/// What an output is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum OutputState {
    /// Waiting for a key frame to begin with.
    #[default]
    Waiting,
    /// Taking units.
    Running,
    /// Down after a failure, waiting to be opened again.
    Failed,
    /// Closed.
    Closed,
}
