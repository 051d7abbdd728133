use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::track::Track;

/// A fragment that is not persisted yet.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: u64,
    pub(crate) timecode: u64,
    /// When its last picture is shown, as far as that is known.
    pub(crate) last: u64,
    pub(crate) track: Arc<Track>,
    /// What is to be sent, unless it is on disk alone.
    pub(crate) parts: Option<Vec<Bytes>>,
    pub(crate) path: Option<PathBuf>,
    pub(crate) bytes: usize,
    pub(crate) is_open: bool,
    pub(crate) arrived: Instant,
    pub(crate) place: Place,
    /// How often the service refused it.
    pub(crate) refusals: u32,
}

/// How far a fragment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Waiting,
    /// Parts of it were given to the connection.
    Sending,
    /// All of it was.
    Sent,
    Buffering,
    Received,
}

impl Entry {
    /// What it takes in memory.
    pub(crate) fn memory(&self) -> usize {
        self.parts.as_ref().map_or(0, |parts| parts.iter().map(|part| part.len() + PART).sum())
    }

    /// Whether it may be forgotten to make room: not while it grows, nor while a part of it is on its way.
    pub(crate) fn can_go(&self) -> bool {
        !self.is_open && self.place != Place::Sending
    }
}

/// What a part takes beside its bytes.
pub(crate) const PART: usize = 64;
