use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gstreamer as gst;
use gstreamer::glib;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_rtsp_server as gst_rtsp;
use gstreamer_rtsp_server::prelude::*;

use super::timeline::{Stamp, Timeline};
use crate::gst::unit_buffer;
use crate::lock::lock;
use crate::{AccessUnit, KeyFrameRequest, QueueLimit, Viewer, Viewers};

/// How much may wait for one viewer; when it is more, only the newest group of pictures is kept.
const WAITING: QueueLimit = QueueLimit { units: 60, bytes: 8 << 20 };

/// Pictures that have waited for longer are dropped when a key frame comes, so that a viewer that has fallen behind is live again.
const STALE: Duration = Duration::from_millis(500);

/// A picture that waited for less was sent at once.
const AT_ONCE: Duration = Duration::from_millis(10);

/// A viewer that takes nothing for so long is disconnected.
const STALLED: Duration = Duration::from_secs(10);

/// What all viewers of a mount share.
#[derive(Debug, Default)]
pub(crate) struct Audience {
    pub(crate) viewers: Viewers,
    /// Pictures that viewers missed because they could not keep up.
    pub(crate) missed: AtomicU64,
    pub(crate) key_frame: Mutex<KeyFrameRequest>,
}

/// The stream on its way to one viewer: a bounded queue, and the source of the viewer's own pipeline.
#[derive(Debug)]
pub(crate) struct Feed {
    source: gst_app::AppSrc,
    connection: glib::WeakRef<gst_rtsp::RTSPClient>,
    audience: Arc<Audience>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    queue: VecDeque<Queued>,
    bytes: usize,
    timeline: Timeline,
    /// The pipeline has taken what was pushed.
    ready: bool,
    /// When the picture was pushed that the pipeline has not taken yet.
    pushed: Option<Instant>,
    /// Nothing is queued until a key frame comes.
    needs_key_frame: bool,
    /// The key frame that is needed was asked for.
    asked: bool,
    /// Since when the viewer has taken nothing although something waits.
    blocked: Option<Instant>,
    /// Counts from the first picture that was sent.
    viewer: Option<Viewer>,
    ended: bool,
}

#[derive(Debug)]
struct Queued {
    unit: AccessUnit,
    arrived: Instant,
}

impl Feed {
    pub(crate) fn new(
        source: gst_app::AppSrc,
        connection: Option<&gst_rtsp::RTSPClient>,
        audience: Arc<Audience>,
    ) -> Arc<Self> {
        let state = State {
            queue: VecDeque::new(),
            bytes: 0,
            timeline: Timeline::default(),
            ready: false,
            pushed: None,
            needs_key_frame: true,
            asked: true,
            blocked: None,
            viewer: None,
            ended: false,
        };
        let weak = glib::WeakRef::new();
        weak.set(connection);
        let feed = Arc::new(Self { source, connection: weak, audience, state: Mutex::new(state) });
        let weak = Arc::downgrade(&feed);
        let need_data = move |_: &gst_app::AppSrc, _| {
            if let Some(feed) = weak.upgrade() {
                feed.need_data();
            }
        };
        feed.source.set_callbacks(gst_app::AppSrcCallbacks::builder().need_data(need_data).build());
        feed
    }

    /// Begins with this group of pictures, the newest of which came at `arrived`, unless it has begun already.
    pub(crate) fn begin(&self, group: &[AccessUnit], arrived: Instant) {
        let mut state = lock(&self.state);
        if !state.needs_key_frame || state.ended {
            return;
        }
        for unit in group {
            state.queue(unit, arrived);
        }
        self.send(&mut state);
    }

    /// Takes the next picture, never waiting. Returns whether the viewer still takes what it is sent.
    pub(crate) fn offer(&self, unit: &AccessUnit) -> bool {
        let mut state = lock(&self.state);
        if state.ended {
            return true;
        }
        if state.needs_key_frame && !unit.keyframe {
            self.count_missed(&state, 1);
            self.ask_for_key_frame(&mut state);
            return true;
        }
        let now = Instant::now();
        let stale = if unit.keyframe { state.drop_stale(now) } else { 0 };
        state.queue(unit, now);
        let excess = state.drop_excess();
        self.count_missed(&state, stale + excess);
        self.send(&mut state);
        state.blocked.is_none_or(|since| since.elapsed() < STALLED)
    }

    /// Ends the stream: the viewer is told when everything before is sent.
    pub(crate) fn end(&self) {
        let begun = {
            let mut state = lock(&self.state);
            if state.ended {
                return;
            }
            let begun = state.pushed.is_some() || state.viewer.is_some();
            state.end();
            begun
        };
        if begun {
            // It is refused by a pipeline that is shutting down already.
            let _ = self.source.end_of_stream();
        } else {
            // Whoever waits for the first picture waits no longer.
            gst::element_error!(self.source, gst::ResourceError::NotFound, ["the stream has ended"]);
        }
    }

    /// Lets go of everything, as the viewer has gone.
    pub(crate) fn forget(&self) {
        lock(&self.state).end();
    }

    /// Closes the viewer's connection.
    pub(crate) fn disconnect(&self) {
        if let Some(connection) = self.connection.upgrade() {
            connection.close();
        }
    }

    /// The pipeline has taken what was pushed, and waits for more.
    fn need_data(&self) {
        let mut state = lock(&self.state);
        if state.ended {
            return;
        }
        state.ready = true;
        if let Some(pushed) = state.pushed.take() {
            // The first picture is held until the viewer wants to play; a paused viewer takes none.
            let delay = pushed.elapsed();
            if delay > AT_ONCE {
                state.timeline.was_late_by(delay);
            }
            if state.viewer.is_none() {
                state.viewer = Some(self.audience.viewers.join());
            }
        }
        self.send(&mut state);
    }

    /// Pushes the next picture if the pipeline has taken the one before, which it does when the network takes what came before that.
    ///
    /// One at a time: what is pushed can no longer be dropped.
    fn send(&self, state: &mut State) {
        let now = Instant::now();
        if !state.ready {
            // A viewer that has not begun to play, or has paused, takes nothing on purpose.
            if state.viewer.is_none() || self.source.current_state() != gst::State::Playing {
                state.blocked = None;
            } else if !state.queue.is_empty() {
                state.blocked.get_or_insert(now);
            }
            return;
        }
        let Some(Queued { unit, arrived }) = state.pop() else { return };
        let waited = now.saturating_duration_since(arrived);
        let live = state.queue.is_empty() && waited < AT_ONCE;
        let timeline = &mut state.timeline;
        let Stamp { dts, pts } =
            if live { timeline.live(unit.dts, unit.pts) } else { timeline.late(unit.dts, unit.pts) };
        if self.source.push_buffer(unit_buffer(&unit, dts, pts)).is_err() {
            return state.end();
        }
        if !live {
            state.timeline.was_late_by(waited);
        }
        state.blocked = None;
        state.ready = false;
        state.pushed = Some(now);
    }

    /// A viewer that is not being sent anything yet misses nothing.
    fn count_missed(&self, state: &State, units: u64) {
        if state.viewer.is_some() {
            self.audience.missed.fetch_add(units, Ordering::Relaxed);
        }
    }

    /// Asks when the viewer can take it: before, a key frame would only cost the others bits.
    fn ask_for_key_frame(&self, state: &mut State) {
        if !state.asked && state.ready {
            state.asked = true;
            lock(&self.audience.key_frame).ask();
        }
    }
}

impl State {
    fn queue(&mut self, unit: &AccessUnit, arrived: Instant) {
        self.needs_key_frame = false;
        self.bytes += unit.data.len();
        self.queue.push_back(Queued { unit: unit.clone(), arrived });
    }

    fn pop(&mut self) -> Option<Queued> {
        let queued = self.queue.pop_front()?;
        self.bytes -= queued.unit.data.len();
        Some(queued)
    }

    /// Before a key frame is queued: drops everything if it has waited too long; returns how much that was.
    fn drop_stale(&mut self, now: Instant) -> u64 {
        let waits = self.queue.front().map(|first| now.saturating_duration_since(first.arrived));
        if waits.is_none_or(|waits| waits < STALE) {
            return 0;
        }
        self.bytes = 0;
        self.queue.drain(..).len() as u64
    }

    /// If there are too many pictures, drops all before the newest key frame; returns how many were dropped.
    fn drop_excess(&mut self) -> u64 {
        if self.queue.len() <= WAITING.units && self.bytes <= WAITING.bytes {
            return 0;
        }
        let newest = self.queue.iter().rposition(|queued| queued.unit.keyframe).filter(|&at| at > 0);
        let dropped = newest.unwrap_or(self.queue.len());
        for _ in 0..dropped {
            self.pop();
        }
        if self.queue.is_empty() {
            self.needs_key_frame = true;
            self.asked = false;
        }
        dropped as u64
    }

    fn end(&mut self) {
        self.ended = true;
        self.queue.clear();
        self.bytes = 0;
        self.viewer = None;
    }
}
