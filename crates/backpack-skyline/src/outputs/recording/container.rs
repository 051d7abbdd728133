use std::path::Path;

use gstreamer as gst;
use gstreamer::prelude::*;

use crate::gst::element;

/// The container format of a video file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// Matroska, `.mkv`: readable up to its last cluster even if the recording was cut off.
    Matroska,
    /// MP4, `.mp4`: written in fragments that stay readable if the recording is cut off, and finished as a plain file.
    Mp4,
    /// MPEG transport stream, `.ts`: readable from any point to any point.
    MpegTs,
}

impl Container {
    /// The container that belongs to the extension of `path`, if it is `mkv`, `mp4` or `ts`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "mkv" => Some(Self::Matroska),
            "mp4" => Some(Self::Mp4),
            "ts" => Some(Self::MpegTs),
            _ => None,
        }
    }

    pub(super) fn muxer(self) -> Result<gst::Element, String> {
        match self {
            Self::Matroska => element("matroskamux"),
            Self::Mp4 => {
                let muxer = element("mp4mux")?;
                muxer.set_property("fragment-duration", 1000u32);
                muxer.set_property_from_str("fragment-mode", "first-moov-then-finalise");
                Ok(muxer)
            }
            Self::MpegTs => element("mpegtsmux"),
        }
    }
}
