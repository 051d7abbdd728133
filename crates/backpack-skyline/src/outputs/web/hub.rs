use std::collections::VecDeque;
use std::sync::Mutex;

use backpack_core::Timestamp;
use bytes::Bytes;
use tokio::sync::mpsc;

use super::fragments::Fragments;
use crate::lock::lock;
use crate::outputs::fmp4::Header;
use crate::{AccessUnit, StreamInfo};

/// How many fragments may wait for one viewer beyond what the network has taken.
const VIEWER_QUEUE: usize = 60;

/// The largest group of pictures that is kept for viewers who join.
const GROUP_BYTES: usize = 32 << 20;

/// Over how many units rate and bit rate are measured.
const WINDOW: usize = 60;

/// Where the output's thread and the server's thread meet. The lock is only held for moments, and never across I/O.
#[derive(Debug, Default)]
pub(crate) struct Hub(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    live: Option<Live>,
    viewers: Vec<Viewer>,
    /// Fragments that viewers missed because they could not keep up.
    missed: u64,
}

/// The running stream.
#[derive(Debug)]
struct Live {
    stream: StreamInfo,
    fragments: Fragments,
    header: Option<Header>,
    /// The fragments since the last key frame.
    group: Vec<Bytes>,
    group_bytes: usize,
    /// Time and size of the newest units.
    window: VecDeque<(Timestamp, usize)>,
}

#[derive(Debug)]
struct Viewer {
    queue: mpsc::Sender<Bytes>,
    /// The viewer missed a fragment and can only go on at a key frame.
    behind: bool,
}

/// What a new viewer gets: a MIME type, and the stream from the last key frame on.
pub(crate) struct Subscription {
    pub(crate) mime: String,
    pub(crate) pieces: mpsc::Receiver<Bytes>,
}

/// What the page shows about the stream.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Health {
    pub(crate) streaming: bool,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frames_per_second: f64,
    pub(crate) kbps: f64,
    pub(crate) viewers: usize,
    pub(crate) missed: u64,
}

impl Hub {
    pub(crate) fn open(&self, stream: &StreamInfo) {
        let live = Live {
            stream: stream.clone(),
            fragments: Fragments::new(stream),
            header: None,
            group: Vec::new(),
            group_bytes: 0,
            window: VecDeque::with_capacity(WINDOW + 1),
        };
        lock(&self.0).live = Some(live);
    }

    /// Ends the stream for every viewer; their pages ask again until there is a new one.
    pub(crate) fn close(&self) {
        let mut inner = lock(&self.0);
        inner.live = None;
        inner.viewers.clear();
    }

    /// Gives a unit to every viewer.
    pub(crate) fn send(&self, unit: &AccessUnit) -> Result<(), String> {
        let mut inner = lock(&self.0);
        let Inner { live, viewers, missed } = &mut *inner;
        let Some(live) = live else { return Err("the page has no stream".into()) };
        if live.header_changed(unit)? {
            viewers.clear();
        }
        let fragment = live.add(unit)?;
        viewers.retain_mut(|viewer| viewer.offer(&fragment, unit.keyframe, missed));
        Ok(())
    }

    /// Begins at the last key frame, or returns `None` if there is none yet.
    pub(crate) fn subscribe(&self) -> Option<Subscription> {
        let mut inner = lock(&self.0);
        let live = inner.live.as_ref()?;
        let header = live.header.as_ref()?;
        if live.group.is_empty() {
            return None;
        }
        let beginning = [std::slice::from_ref(&header.bytes), &live.group[..]].concat().concat();
        let mime = header.mime();
        let (queue, pieces) = mpsc::channel(VIEWER_QUEUE);
        queue.try_send(beginning.into()).ok()?;
        inner.viewers.push(Viewer { queue, behind: false });
        Some(Subscription { mime, pieces })
    }

    pub(crate) fn health(&self) -> Health {
        let mut inner = lock(&self.0);
        inner.viewers.retain(|viewer| !viewer.queue.is_closed());
        let health = Health { viewers: inner.viewers.len(), missed: inner.missed, ..Health::default() };
        inner.live.as_ref().map_or(health, |live| live.describe(health))
    }
}

impl Live {
    /// Whether a new header was needed, because the stream begins or its parameters changed.
    fn header_changed(&mut self, unit: &AccessUnit) -> Result<bool, String> {
        if !unit.keyframe {
            return Ok(false);
        }
        let header = Some(Header::new(&self.stream, unit)?);
        let changed = self.header.is_some() && self.header != header;
        self.header = header;
        Ok(changed)
    }

    fn add(&mut self, unit: &AccessUnit) -> Result<Bytes, String> {
        let fragment = self.fragments.fragment(unit)?;
        self.window.push_back((unit.pts, unit.data.len()));
        if self.window.len() > WINDOW {
            self.window.pop_front();
        }
        if unit.keyframe || self.group_bytes > GROUP_BYTES {
            self.group.clear();
            self.group_bytes = 0;
        }
        // A group that grew too large is not kept any more; viewers who join wait for the next key frame.
        if unit.keyframe || !self.group.is_empty() {
            self.group_bytes += fragment.len();
            self.group.push(fragment.clone());
        }
        Ok(fragment)
    }

    fn describe(&self, health: Health) -> Health {
        let Health { viewers, missed, .. } = health;
        let (width, height) = (self.stream.width, self.stream.height);
        let (frames_per_second, kbps) = self.rates().unwrap_or_default();
        Health { streaming: self.header.is_some(), width, height, frames_per_second, kbps, viewers, missed }
    }

    /// Frames and kilobits a second over the newest units.
    fn rates(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.window.front()?, self.window.back()?);
        let seconds = last.0.since(first.0).as_secs_f64();
        let bytes: usize = self.window.iter().skip(1).map(|(_, bytes)| bytes).sum();
        (seconds > 0.0)
            .then(|| ((self.window.len() - 1) as f64 / seconds, bytes as f64 * 8.0 / 1000.0 / seconds))
    }
}

impl Viewer {
    /// Gives the viewer a fragment if there is room; returns whether the viewer is still there.
    fn offer(&mut self, fragment: &Bytes, keyframe: bool, missed: &mut u64) -> bool {
        if self.behind && !keyframe {
            *missed += 1;
            return !self.queue.is_closed();
        }
        match self.queue.try_send(fragment.clone()) {
            Ok(()) => self.behind = false,
            Err(mpsc::error::TrySendError::Closed(_)) => return false,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.behind = true;
                *missed += 1;
            }
        }
        true
    }
}
