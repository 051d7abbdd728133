use std::sync::Mutex;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc;

use super::fragments::Fragments;
use super::health::Health;
#[cfg(feature = "gstreamer")]
use super::pictures::{NoPictures, Pictures, Watch};
use crate::lock::lock;
use crate::outputs::fmp4::Header;
use crate::outputs::group::Group;
use crate::{AccessUnit, KeyFrameRequest, StreamInfo, Viewer, Viewers};

/// How many fragments may wait for one viewer beyond what the network has taken.
const VIEWER_QUEUE: usize = 60;

/// The largest group of pictures that is kept for viewers who join.
const GROUP_BYTES: usize = 32 << 20;

/// Where the output's thread and the server's thread meet. The lock is only held for moments, and never across I/O.
#[derive(Debug)]
pub(crate) struct Hub {
    name: String,
    viewers: Viewers,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    live: Option<Live>,
    health: Health,
    queues: Vec<Queue>,
    /// Fragments that viewers missed because they could not keep up.
    missed: u64,
    request: KeyFrameRequest,
    #[cfg(feature = "gstreamer")]
    pictures: Option<Pictures>,
}

/// The running stream.
#[derive(Debug)]
struct Live {
    stream: StreamInfo,
    fragments: Fragments,
    header: Option<Header>,
    /// The fragments since the last key frame.
    group: Group<Bytes>,
}

/// What waits for one viewer.
#[derive(Debug)]
struct Queue {
    fragments: mpsc::Sender<Bytes>,
    /// The viewer missed a fragment and can only go on at a key frame.
    behind: bool,
}

/// What a new viewer gets: a MIME type, and the stream from the last key frame on.
pub(crate) struct Subscription {
    pub(crate) mime: String,
    pub(crate) pieces: mpsc::Receiver<Bytes>,
    pub(crate) viewer: Viewer,
}

impl Hub {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), viewers: Viewers::default(), inner: Mutex::default() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn viewers(&self) -> &Viewers {
        &self.viewers
    }

    pub(crate) fn missed(&self) -> u64 {
        lock(&self.inner).missed
    }

    pub(crate) fn health(&self) -> Value {
        let inner = lock(&self.inner);
        inner.health.describe(&self.name, self.viewers.count(), inner.missed)
    }

    pub(crate) fn key_frames(&self, request: KeyFrameRequest) {
        lock(&self.inner).request = request;
    }

    pub(crate) fn open(&self, stream: &StreamInfo) {
        let live = Live {
            stream: stream.clone(),
            fragments: Fragments::new(stream),
            header: None,
            group: Group::new(GROUP_BYTES),
        };
        let mut inner = lock(&self.inner);
        inner.live = Some(live);
        inner.health.open(stream);
    }

    /// Ends the stream for every viewer; their pages ask again until there is a new one.
    pub(crate) fn close(&self) {
        let mut inner = lock(&self.inner);
        inner.live = None;
        inner.health.close();
        inner.queues.clear();
        #[cfg(feature = "gstreamer")]
        {
            let pictures = inner.pictures.take();
            drop(inner);
            // Without the lock, as this waits for a thread.
            drop(pictures);
        }
    }

    /// Gives a unit to every viewer.
    pub(crate) fn send(&self, unit: &AccessUnit) -> Result<(), String> {
        let mut inner = lock(&self.inner);
        if let Err(error) = inner.send(unit) {
            inner.health.error(&error);
            return Err(error);
        }
        inner.health.picture(unit);
        #[cfg(feature = "gstreamer")]
        {
            let Inner { pictures, request, .. } = &mut *inner;
            let unused = pictures.take_if(|pictures| !pictures.offer(unit, request));
            drop(inner);
            // Without the lock, as this waits for a thread.
            drop(unused);
        }
        Ok(())
    }

    /// Begins at the last key frame, or returns `None` if there is none yet.
    pub(crate) fn subscribe(&self) -> Option<Subscription> {
        let mut inner = lock(&self.inner);
        inner.queues.retain(|queue| !queue.fragments.is_closed());
        let live = inner.live.as_ref()?;
        let header = live.header.as_ref()?;
        if live.group.items().is_empty() {
            return None;
        }
        let beginning = [std::slice::from_ref(&header.bytes), live.group.items()].concat().concat();
        let mime = header.mime();
        let (fragments, pieces) = mpsc::channel(VIEWER_QUEUE);
        fragments.try_send(beginning.into()).ok()?;
        inner.queues.push(Queue { fragments, behind: false });
        Some(Subscription { mime, pieces, viewer: self.viewers.join() })
    }

    /// The decoded pictures, which begin with the next key frame.
    #[cfg(feature = "gstreamer")]
    pub(crate) fn watch_pictures(&self) -> Result<Watch, NoPictures> {
        let mut inner = lock(&self.inner);
        let Inner { live: Some(live), pictures, request, .. } = &mut *inner else {
            return Err(NoPictures::NoStream);
        };
        if let Some(pictures) = pictures {
            return Ok(pictures.watch());
        }
        let started = Pictures::start(&self.name, live.stream.codec).map_err(NoPictures::NoDecoder)?;
        request.ask();
        Ok(pictures.insert(started).watch())
    }
}

impl Inner {
    fn send(&mut self, unit: &AccessUnit) -> Result<(), String> {
        let Inner { live, queues, missed, .. } = self;
        let Some(live) = live else { return Err("the page has no stream".into()) };
        if live.header_changed(unit)? {
            queues.clear();
        }
        let fragment = live.add(unit)?;
        queues.retain_mut(|queue| queue.offer(&fragment, unit.keyframe, missed));
        Ok(())
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
        self.group.push(fragment.clone(), fragment.len(), unit.keyframe);
        Ok(fragment)
    }
}

impl Queue {
    /// Gives the viewer a fragment if there is room; returns whether the viewer is still there.
    fn offer(&mut self, fragment: &Bytes, keyframe: bool, missed: &mut u64) -> bool {
        if self.behind && !keyframe {
            *missed += 1;
            return !self.fragments.is_closed();
        }
        match self.fragments.try_send(fragment.clone()) {
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
