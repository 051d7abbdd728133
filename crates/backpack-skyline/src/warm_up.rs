use std::time::{Duration, SystemTime};

use backpack_core::{Frame, Timestamp};

use crate::FrameRate;

/// How many frames the rate is measured over.
pub(crate) const FRAMES: usize = 8;

/// The rate assumed for a stream that ended before there were two frames.
const FALLBACK: Duration = Duration::from_secs(1);

/// The first frames of a stream whose rate is not known yet; they are kept and sent when it is.
#[derive(Default)]
pub(crate) struct WarmUp {
    frames: Vec<(Frame, Timestamp, SystemTime)>,
}

impl WarmUp {
    pub(crate) fn add(&mut self, frame: Frame, timestamp: Timestamp, wall: SystemTime) {
        self.frames.push((frame, timestamp, wall));
    }

    /// The size of the frames so far.
    pub(crate) fn size(&self) -> Option<(u32, u32)> {
        self.frames.first().map(|(frame, ..)| (frame.width(), frame.height()))
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.frames.len() >= FRAMES
    }

    /// The rate of the frames so far, from the median interval: a pause or two do not change it.
    pub(crate) fn frame_rate(&self) -> Option<FrameRate> {
        let mut intervals: Vec<Duration> =
            self.frames.windows(2).map(|pair| pair[1].1.since(pair[0].1)).collect();
        intervals.sort_unstable();
        let median = intervals.get(intervals.len() / 2).copied().unwrap_or(FALLBACK);
        FrameRate::from_interval(median)
    }

    pub(crate) fn into_frames(self) -> Vec<(Frame, Timestamp, SystemTime)> {
        self.frames
    }
}
