use std::time::Duration;

use backpack_core::Timestamp;
use bytes::Bytes;

/// One encoded picture with everything that belongs to it.
///
/// The bytes are an H.264 or H.265 byte stream (Annex B: every NAL unit behind a start code). A key frame carries its parameter sets, so that a
/// receiver can begin at any key frame with nothing else in hand.
///
/// A clone shares the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessUnit {
    /// The byte stream.
    pub data: Bytes,
    /// When the picture is shown, from the beginning of the stream.
    pub pts: Timestamp,
    /// When the picture is decoded, from the beginning of the stream: increasing, and not after `pts`.
    pub dts: Timestamp,
    /// How long the picture is shown, if that is known.
    pub duration: Option<Duration>,
    /// Whether decoding can begin here.
    pub keyframe: bool,
}

impl AccessUnit {
    /// A picture that is decoded in the order it is shown.
    pub fn new(data: impl Into<Bytes>, pts: Timestamp, keyframe: bool) -> Self {
        Self { data: data.into(), pts, dts: pts, duration: None, keyframe }
    }
}
