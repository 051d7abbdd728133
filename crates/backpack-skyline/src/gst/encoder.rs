use std::time::Duration;

use backpack_core::{Frame, PixelFormat, Timestamp};
use gstreamer as gst;

use super::kind::{EncoderKind, KINDS, Settings};
use super::session::GstEncoder;
use crate::{EncoderError, EncoderFactory, UnitSink, VideoEncoder, VideoSpec};

const NOT_INSTALLED: &str = "is not installed";

/// An H.264 encoder of GStreamer, in hardware where there is one that works.
///
/// The encoders are tried in the order `nvv4l2h264enc` (Jetson), `nvh264enc`, `vah264enc`, `v4l2h264enc`, `x264enc`, `openh264enc`; the first one that
/// really encodes a picture of the wanted size is taken.
///
/// The stream is made for live viewing: no reordered frames, no look-ahead, a key frame every two seconds.
#[derive(Debug, Clone)]
#[must_use = "give it to `SkyLine::builder().encoder(…)`"]
pub struct Encoder {
    bitrate_kbps: Option<u32>,
    key_frame_interval: Duration,
    only: Option<String>,
}

impl Encoder {
    /// An H.264 encoder with a bit rate that fits the size and frame rate.
    pub fn h264() -> Self {
        Self { bitrate_kbps: None, key_frame_interval: Duration::from_secs(2), only: None }
    }

    /// The mean bit rate in kilobits per second, at least 1.
    pub fn bitrate_kbps(mut self, kbps: u32) -> Self {
        self.bitrate_kbps = Some(kbps.max(1));
        self
    }

    /// The longest time from one key frame to the next, by the nominal frame rate; 2 s unless told.
    pub fn key_frame_interval(mut self, interval: Duration) -> Self {
        self.key_frame_interval = interval;
        self
    }

    /// Takes this encoder, by the name of its GStreamer element, or none.
    pub fn only(mut self, element: impl Into<String>) -> Self {
        self.only = Some(element.into());
        self
    }

    fn settings(&self, video: &VideoSpec) -> Settings {
        let frames = self.key_frame_interval.as_secs_f64() * video.frame_rate.hertz();
        Settings {
            bitrate_kbps: self.bitrate_kbps.unwrap_or_else(|| fitting_bitrate_kbps(video)),
            // A cast from float saturates.
            key_frame_distance: (frames.round() as u32).max(1),
        }
    }

    /// Whether the encoder encodes pictures like these here, found out by doing it.
    fn test(&self, kind: &EncoderKind, video: &VideoSpec) -> Result<(), String> {
        if gst::ElementFactory::find(kind.element).is_none() {
            return Err(NOT_INSTALLED.into());
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        let sink = UnitSink::new(move |unit| {
            // The receiver is gone when the test is over.
            let _ = sender.send(unit.data.len());
        });
        let mut encoder = GstEncoder::open(kind, video, self.settings(video), sink)?;
        let failed = |error: EncoderError| error.to_string();
        for index in 0..2 {
            let timestamp = Timestamp::from(video.frame_rate.interval() * index);
            let frame = Frame::black(video.width, video.height, PixelFormat::I420)
                .map_err(|error| error.to_string())?
                .with_timestamp(timestamp);
            encoder.encode(frame, false).map_err(failed)?;
        }
        encoder.finish().map_err(failed)?;
        receiver.try_recv().map(drop).map_err(|_| "made no picture".into())
    }
}

impl EncoderFactory for Encoder {
    fn open(&self, video: &VideoSpec, sink: UnitSink) -> Result<Box<dyn VideoEncoder>, EncoderError> {
        gst::init().map_err(|error| EncoderError::Failed {
            encoder: "GStreamer".into(),
            reason: error.to_string(),
        })?;
        let mut tried = Vec::new();
        for kind in KINDS.iter().filter(|kind| self.only.as_ref().is_none_or(|only| only == kind.element)) {
            match self.test(kind, video) {
                Ok(()) => {
                    tracing::info!(encoder = kind.element, ?tried, "encoder chosen");
                    let encoder = GstEncoder::open(kind, video, self.settings(video), sink)
                        .map_err(|reason| EncoderError::Failed { encoder: kind.element.into(), reason })?;
                    return Ok(Box::new(encoder));
                }
                Err(reason) => {
                    if reason != NOT_INSTALLED {
                        tracing::warn!(encoder = kind.element, %reason, "an installed encoder does not work");
                    }
                    tried.push(format!("{}: {reason}", kind.element));
                }
            }
        }
        if let (Some(only), true) = (&self.only, tried.is_empty()) {
            tried.push(format!("{only}: is not one of the encoders known here"));
        }
        Err(EncoderError::NoneWorks { codec: "H.264", tried: tried.join("; ") })
    }
}

/// A tenth of a bit per pixel at 30 frames a second, and more bits per frame at lower rates, because consecutive frames then differ more.
fn fitting_bitrate_kbps(video: &VideoSpec) -> u32 {
    let reference = 30.0;
    let frames = reference * (video.frame_rate.hertz() / reference).powf(0.6);
    let bits = 0.1 * f64::from(video.width) * f64::from(video.height) * frames;
    ((bits / 1000.0) as u32).max(200)
}
