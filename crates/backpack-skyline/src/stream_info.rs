use std::time::SystemTime;

use crate::{Codec, FrameRate};

/// What an output is told about the stream before the first unit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StreamInfo {
    /// How the pictures are encoded.
    pub codec: Codec,
    /// The width of the encoded picture in pixels.
    pub width: u32,
    /// The height of the encoded picture in pixels.
    pub height: u32,
    /// The nominal rate; the units' own timestamps are what counts.
    pub frame_rate: FrameRate,
    /// The wall time at timestamp zero: the one place where stream time and wall time meet.
    pub started: SystemTime,
}

impl StreamInfo {
    /// A stream that starts at the Unix epoch; [`started`](StreamInfo::started) may be set.
    pub fn new(codec: Codec, width: u32, height: u32, frame_rate: FrameRate) -> Self {
        Self { codec, width, height, frame_rate, started: SystemTime::UNIX_EPOCH }
    }

    /// An H.264 stream that starts at the Unix epoch.
    pub fn h264(width: u32, height: u32, frame_rate: FrameRate) -> Self {
        Self::new(Codec::H264, width, height, frame_rate)
    }
}
