use std::collections::BTreeMap;

use crate::{AckRecord, Fragment, Playback, StreamInfo};

/// A stream and all that happened to it.
#[derive(Debug)]
pub(crate) struct Stream {
    pub info: StreamInfo,
    pub fragments: BTreeMap<i64, Fragment>,
    pub replaced: u64,
    pub acks: Vec<AckRecord>,
    /// PutMedia connections that are there.
    pub connections: usize,
}

impl Stream {
    pub fn new(info: StreamInfo) -> Self {
        Self { info, fragments: BTreeMap::new(), replaced: 0, acks: Vec::new(), connections: 0 }
    }

    pub fn store(&mut self, fragment: Fragment) {
        if self.fragments.insert(fragment.producer_timestamp, fragment).is_some() {
            self.replaced += 1;
        }
    }

    pub fn playback(&self) -> Playback {
        Playback {
            stream: self.info.clone(),
            fragments: self.fragments.values().cloned().collect(),
            replaced: self.replaced,
        }
    }
}
