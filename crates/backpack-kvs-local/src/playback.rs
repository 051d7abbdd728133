use crate::{Fragment, StreamInfo};

/// What is stored of a stream, as a player would get it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Playback {
    /// The stream.
    pub stream: StreamInfo,
    /// By producer timestamp; of several with the same, the one that was stored last.
    pub fragments: Vec<Fragment>,
    /// How many were replaced by a later one with the same producer timestamp.
    pub replaced: u64,
}
