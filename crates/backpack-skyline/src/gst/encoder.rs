use std::time::Duration;

use backpack_core::{Frame, FrameRef, PixelFormat, Timestamp};
use gstreamer as gst;

use super::kind::{EncoderKind, KINDS, Settings};
use super::properties::set_text;
use super::session::GstEncoder;
use crate::i420::I420Pool;
use crate::{Candidate, Codec, EncoderError, EncoderFactory, Preset, UnitSink, VideoEncoder, VideoSpec};

const NOT_INSTALLED: &str = "is not installed";

/// An encoder of GStreamer, in hardware where there is one that works.
///
/// For H.264 the encoders are tried in the order `nvv4l2h264enc` (Jetson), `nvh264enc`, `vah264enc`, `v4l2h264enc`, `x264enc`, `openh264enc`, for H.265 in
/// the order `nvv4l2h265enc`, `nvh265enc`, `vah265enc`, `v4l2h265enc`, `x265enc`; the first one that really encodes a picture of the wanted size is taken.
///
/// Unless told otherwise, the stream is made for [live viewing](Preset::Live), with a key frame every two seconds.
#[derive(Debug, Clone)]
#[must_use = "give it to `SkyLine::builder().encoder(…)`"]
pub struct Encoder {
    codec: Codec,
    preset: Preset,
    bitrate_kbps: Option<u32>,
    key_frame_interval: Duration,
    only: Option<String>,
    properties: Vec<ElementProperty>,
    pool: I420Pool,
}

/// A property that the user wants an element to have.
#[derive(Debug, Clone)]
struct ElementProperty {
    element: String,
    name: String,
    value: String,
}

impl Encoder {
    /// An H.264 encoder with a bit rate that fits the size and frame rate.
    pub fn h264() -> Self {
        Self::of(Codec::H264)
    }

    /// An H.265 encoder with a bit rate that fits the size and frame rate. Not every viewer can play it: few browsers do.
    pub fn h265() -> Self {
        Self::of(Codec::H265)
    }

    fn of(codec: Codec) -> Self {
        Self {
            codec,
            preset: Preset::default(),
            bitrate_kbps: None,
            key_frame_interval: Duration::from_secs(2),
            only: None,
            properties: Vec::new(),
            pool: I420Pool::default(),
        }
    }

    /// What is traded for what: [`Preset::Live`] unless told.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.preset = preset;
        self
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

    /// Takes this encoder, by the name of its GStreamer element, or none. Its codec is the stream's, whichever was asked for.
    pub fn only(mut self, element: impl Into<String>) -> Self {
        self.only = Some(element.into());
        self
    }

    /// Sets a property of one encoder's element, in its text form, over what the preset says: such as `x264enc`, `speed-preset`, `ultrafast`. It
    /// has no effect if another encoder is used; an encoder that does not take it counts as one that does not work.
    pub fn property(
        mut self,
        element: impl Into<String>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let property = ElementProperty { element: element.into(), name: name.into(), value: value.into() };
        self.properties.push(property);
        self
    }

    /// Every encoder that would be tried for such frames, in that order, each with the reason why it does not work if it does not.
    ///
    /// Each one encodes a picture to find out, which takes a moment.
    ///
    /// # Errors
    /// If GStreamer cannot be used, or [`only`](Encoder::only) names an encoder that is not known here.
    pub fn candidates(&self, video: &VideoSpec) -> Result<Vec<Candidate>, EncoderError> {
        init()?;
        let candidates: Vec<Candidate> = self
            .kinds()
            .map(|kind| Candidate { encoder: kind.element.into(), problem: self.test(kind, video).err() })
            .collect();
        if candidates.is_empty() { Err(self.none_works(&[])) } else { Ok(candidates) }
    }

    fn kinds(&self) -> impl Iterator<Item = &'static EncoderKind> {
        let is_wanted = |kind: &&EncoderKind| match &self.only {
            Some(only) => only == kind.element,
            None => kind.codec == self.codec,
        };
        KINDS.iter().filter(is_wanted)
    }

    fn none_works(&self, tried: &[Candidate]) -> EncoderError {
        let tried = match &self.only {
            Some(only) if tried.is_empty() => format!("{only}: is not one of the encoders known here"),
            _ => tried.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        };
        EncoderError::NoneWorks { codec: self.codec, tried }
    }

    fn settings(&self, video: &VideoSpec, codec: Codec) -> Settings {
        let frames = self.key_frame_interval.as_secs_f64() * video.frame_rate.hertz();
        Settings {
            bitrate_kbps: self.bitrate_kbps.unwrap_or_else(|| fitting_bitrate_kbps(video, codec)),
            // A cast from float saturates.
            key_frame_distance: (frames.round() as u32).max(1),
            preset: self.preset,
        }
    }

    /// Whether the encoder encodes pictures like these here, found out by doing it.
    fn test(&self, kind: &'static EncoderKind, video: &VideoSpec) -> Result<(), String> {
        if gst::ElementFactory::find(kind.element).is_none() {
            return Err(NOT_INSTALLED.into());
        }
        let (sender, receiver) = std::sync::mpsc::channel();
        let sink = UnitSink::new(move |unit| {
            // The receiver is gone when the test is over.
            let _ = sender.send(unit.data.len());
        });
        let mut encoder = self.open_kind(kind, video, sink, Vec::new())?;
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

    fn open_kind(
        &self,
        kind: &'static EncoderKind,
        video: &VideoSpec,
        sink: UnitSink,
        rejected: Vec<Candidate>,
    ) -> Result<GstEncoder, String> {
        let element = kind.element(&self.settings(video, kind.codec))?;
        for property in self.properties.iter().filter(|property| property.element == kind.element) {
            set_text(&element, &property.name, &property.value)?;
        }
        GstEncoder::open(kind, element, video, sink, self.pool.clone(), rejected)
    }
}

impl EncoderFactory for Encoder {
    fn open(&self, video: &VideoSpec, sink: UnitSink) -> Result<Box<dyn VideoEncoder>, EncoderError> {
        init()?;
        let mut rejected = Vec::new();
        for kind in self.kinds() {
            let Err(reason) = self.test(kind, video) else {
                tracing::info!(encoder = kind.element, ?rejected, "encoder chosen");
                let encoder = self
                    .open_kind(kind, video, sink, rejected)
                    .map_err(|reason| EncoderError::Failed { encoder: kind.element.into(), reason })?;
                return Ok(Box::new(encoder));
            };
            if reason != NOT_INSTALLED {
                tracing::warn!(encoder = kind.element, %reason, "an installed encoder does not work");
            }
            rejected.push(Candidate { encoder: kind.element.into(), problem: Some(reason) });
        }
        Err(self.none_works(&rejected))
    }

    /// Converts the frame into I420, straight into memory that is used again and again.
    fn take_in(&self, frame: &FrameRef<'_>) -> Result<Frame, EncoderError> {
        self.pool
            .take_in(frame)
            .map_err(|reason| EncoderError::Failed { encoder: "conversion to I420".into(), reason })
    }
}

fn init() -> Result<(), EncoderError> {
    gst::init()
        .map_err(|error| EncoderError::Failed { encoder: "GStreamer".into(), reason: error.to_string() })
}

/// A tenth of a bit per pixel at 30 frames a second, and more bits per frame at lower rates, because consecutive frames then differ more. H.265
/// needs about two thirds of what H.264 does.
fn fitting_bitrate_kbps(video: &VideoSpec, codec: Codec) -> u32 {
    let reference = 30.0;
    let frames = reference * (video.frame_rate.hertz() / reference).powf(0.6);
    let per_pixel = if codec == Codec::H265 { 0.065 } else { 0.1 };
    let bits = per_pixel * f64::from(video.width) * f64::from(video.height) * frames;
    ((bits / 1000.0) as u32).max(200)
}
