use crate::State;

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
    /// Frames that were taken and dropped before the encoder, because it was slower than they came.
    pub frames_dropped: u64,
    /// Frames that were put and not taken, because their timestamp was not after the one before.
    pub frames_late: u64,
    /// Units that came out of the encoder.
    pub units: u64,
    /// The outputs, in the order in which they were given.
    pub outputs: Vec<OutputStats>,
}

/// Counters of one output since the stream's last start.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// How many times the output failed.
    pub failures: u64,
    /// What it said the last time.
    pub last_error: Option<String>,
    /// How many watch it, if it has viewers.
    pub viewers: Option<usize>,
}

/// What an output is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OutputState {
    /// Waiting for a key frame to begin with.
    Waiting,
    /// Taking units.
    Running,
    /// Down after a failure, waiting to be opened again.
    Failed,
    /// Closed.
    Closed,
}
