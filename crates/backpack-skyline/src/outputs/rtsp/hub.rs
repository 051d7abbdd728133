use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use gstreamer_app as gst_app;
use gstreamer_rtsp_server as gst_rtsp;

use super::engine::Scheduler;
use super::feed::{Audience, Feed};
use crate::lock::lock;
use crate::outputs::group::Group;
use crate::{AccessUnit, KeyFrameRequest, StreamInfo, Viewers};

/// The largest group of pictures that is kept for viewers who join.
const GROUP_BYTES: usize = 8 << 20;

/// A viewer who joins so soon after a key frame begins there; decoding more pictures first would take longer than waiting for a new one.
const RECENT: usize = 8;

/// How long a new viewer waits for the key frame that was asked for; then it gets the pictures since the last one.
const KEY_FRAME_PATIENCE: Duration = Duration::from_millis(200);

/// How long viewers have to take the end of the stream before they are disconnected.
pub(crate) const FAREWELL: Duration = Duration::from_millis(300);

/// Where one mount's stream and its viewers meet. The lock is only held for moments.
#[derive(Debug)]
pub(crate) struct Hub {
    audience: Arc<Audience>,
    scheduler: Scheduler,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    live: Option<Live>,
    feeds: Vec<Arc<Feed>>,
}

/// The running stream.
#[derive(Debug)]
struct Live {
    stream: StreamInfo,
    group: Group<AccessUnit>,
    /// When the last unit came; none before the first.
    newest: Option<Instant>,
}

impl Hub {
    pub(crate) fn new(scheduler: Scheduler) -> Self {
        Self { audience: Arc::default(), scheduler, inner: Mutex::default() }
    }

    pub(crate) fn set_key_frame_request(&self, request: KeyFrameRequest) {
        *lock(&self.audience.key_frame) = request;
    }

    pub(crate) fn viewers(&self) -> &Viewers {
        &self.audience.viewers
    }

    pub(crate) fn missed(&self) -> u64 {
        self.audience.missed.load(Ordering::Relaxed)
    }

    /// The stream, if there is one and its first picture has come.
    pub(crate) fn stream(&self) -> Option<StreamInfo> {
        let inner = lock(&self.inner);
        inner.live.as_ref().filter(|live| live.newest.is_some()).map(|live| live.stream.clone())
    }

    pub(crate) fn open(&self, stream: &StreamInfo) {
        let live = Live { stream: stream.clone(), group: Group::new(GROUP_BYTES), newest: None };
        lock(&self.inner).live = Some(live);
    }

    /// Gives a unit to every viewer; returns `false` if the hub is not open.
    pub(crate) fn send(&self, unit: &AccessUnit) -> bool {
        let mut inner = lock(&self.inner);
        let Inner { live, feeds } = &mut *inner;
        let Some(live) = live else { return false };
        live.group.push(unit.clone(), unit.data.len(), unit.keyframe);
        live.newest = Some(Instant::now());
        feeds.retain(|feed| {
            let takes = feed.offer(unit);
            if !takes {
                tracing::warn!("a viewer that takes nothing is disconnected");
                feed.forget();
                self.disconnect_after(Duration::ZERO, vec![Arc::clone(feed)]);
            }
            takes
        });
        true
    }

    /// Ends the stream for every viewer.
    pub(crate) fn close(&self) {
        let mut inner = lock(&self.inner);
        inner.live = None;
        let feeds = std::mem::take(&mut inner.feeds);
        drop(inner);
        feeds.iter().for_each(|feed| feed.end());
        if !feeds.is_empty() {
            self.disconnect_after(FAREWELL, feeds);
        }
    }

    /// Begins to feed a viewer; `None` if there is no stream any more.
    pub(crate) fn join(
        self: &Arc<Self>,
        source: gst_app::AppSrc,
        connection: Option<&gst_rtsp::RTSPClient>,
    ) -> Option<Arc<Feed>> {
        let mut inner = lock(&self.inner);
        let Inner { live, feeds } = &mut *inner;
        let live = live.as_ref()?;
        let feed = Feed::new(source, connection, Arc::clone(&self.audience));
        match live.newest {
            Some(newest) if is_recent(&live.group) => {
                feed.begin(live.group.items(), newest);
            }
            _ => {
                lock(&self.audience.key_frame).ask();
                let (hub, waiting) = (Arc::downgrade(self), Arc::downgrade(&feed));
                self.scheduler.after(KEY_FRAME_PATIENCE, move || begin_without_key_frame(&hub, &waiting));
            }
        }
        feeds.push(Arc::clone(&feed));
        Some(feed)
    }

    /// Lets go of a viewer that has gone.
    pub(crate) fn leave(&self, feed: &Arc<Feed>) {
        feed.forget();
        lock(&self.inner).feeds.retain(|other| !Arc::ptr_eq(other, feed));
    }

    fn disconnect_after(&self, delay: Duration, feeds: Vec<Arc<Feed>>) {
        self.scheduler.after(delay, move || feeds.iter().for_each(|feed| feed.disconnect()));
    }
}

/// Begins at the last key frame, however old, if the new one has not come.
fn begin_without_key_frame(hub: &Weak<Hub>, feed: &Weak<Feed>) {
    let (Some(hub), Some(feed)) = (hub.upgrade(), feed.upgrade()) else { return };
    let inner = lock(&hub.inner);
    if let Some(Live { group, newest: Some(newest), .. }) = &inner.live
        && !group.items().is_empty()
    {
        feed.begin(group.items(), *newest);
    }
}

/// Whether the key frame is one of the newest pictures.
fn is_recent(group: &Group<AccessUnit>) -> bool {
    (1..=RECENT).contains(&group.items().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use backpack_core::Timestamp;

    #[test]
    fn a_group_is_recent_while_its_key_frame_is() {
        let mut group = Group::new(10);
        let mut push = |size: usize, keyframe| {
            let unit = AccessUnit::new(vec![0; size], Timestamp::ZERO, keyframe);
            group.push(unit, size, keyframe);
            is_recent(&group)
        };
        assert!(!push(1, false), "nothing is kept before a key frame");
        assert!(push(1, true) && push(1, false));
        assert!(push(6, true) && push(6, false));
        assert!(!push(1, false), "too large to be kept");
        assert!(push(0, true));
        assert!((2..=RECENT).all(|_| push(0, false)));
        assert!(!push(0, false));
    }
}
