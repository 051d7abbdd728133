use std::time::Duration;

use backpack_core::{Frame, Timestamp};
use bytes::Bytes;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use super::convert::Converter;
use super::kind::EncoderKind;
use super::{Alive, Feed, Limits, element, parser, unit_caps};
use crate::annex_b::{NalKind, nal_units};
use crate::i420::I420Pool;
use crate::{AccessUnit, Candidate, Codec, EncoderError, UnitSink, VideoEncoder, VideoSpec};

/// How long the frames inside an encoder may take to come out at the end.
const FINISH: Duration = Duration::from_secs(5);

/// The least time from one decoding to the next, for reordered frames at the beginning of a stream.
const DECODE_STEP: Duration = Duration::from_micros(100);

/// Frames wait in front of the encoder's thread, where the oldest can be dropped. An encoder that hangs for so long will not come back.
const LIMITS: Limits = Limits { buffers: 2, bytes: usize::MAX, stall: Duration::from_secs(20) };

/// A running encoder pipeline: appsrc, the encoder, a parser, appsink.
pub(crate) struct GstEncoder {
    kind: &'static EncoderKind,
    rejected: Vec<Candidate>,
    feed: Feed,
    encoder: gst::Element,
    video: VideoSpec,
    pool: I420Pool,
    /// Made for the first frame, which knows its colorimetry.
    converter: Option<Converter>,
}

impl GstEncoder {
    pub(crate) fn open(
        kind: &'static EncoderKind,
        encoder: gst::Element,
        video: &VideoSpec,
        sink: UnitSink,
        pool: I420Pool,
        rejected: Vec<Candidate>,
    ) -> Result<Self, String> {
        let source = gst_app::AppSrc::builder().format(gst::Format::Time).build();
        let parser = element(parser(kind.codec))?;
        // Parameter sets go before every key frame.
        parser.set_property("config-interval", -1i32);
        let receiver = gst_app::AppSink::builder().caps(&unit_caps(kind.codec).build()).sync(false).build();
        receiver.set_callbacks(callbacks(kind.codec, sink));
        let before = kind.before.map(element).transpose()?;
        let rest = before.into_iter().chain([encoder.clone(), parser, receiver.upcast()]);
        let feed = Feed::start(&format!("encode {}", kind.element), source, rest, LIMITS, Alive::default())?;
        Ok(Self { kind, rejected, feed, encoder, video: *video, pool, converter: None })
    }

    fn error(&self, reason: String) -> EncoderError {
        EncoderError::Failed { encoder: self.kind.element.into(), reason }
    }

    fn push(&mut self, frame: Frame) -> Result<(), String> {
        let converter = match &mut self.converter {
            Some(converter) => converter,
            empty => {
                let converter = Converter::new(&self.video, &frame, self.pool.clone())?;
                self.feed.set_caps(&converter.caps()?);
                empty.insert(converter)
            }
        };
        let pts = gst::ClockTime::from_nseconds(frame.timestamp().unwrap_or_default().as_nanos());
        let mut buffer = converter.convert(frame)?;
        let fields = buffer.make_mut();
        fields.set_pts(pts);
        fields.set_duration(gst::ClockTime::try_from(self.video.frame_rate.interval()).ok());
        self.feed.push(buffer)
    }
}

impl VideoEncoder for GstEncoder {
    fn name(&self) -> &str {
        self.kind.element
    }

    fn codec(&self) -> Codec {
        self.kind.codec
    }

    fn rejected(&self) -> &[Candidate] {
        &self.rejected
    }

    fn set_bitrate(&mut self, kbps: u32) -> Result<(), EncoderError> {
        self.kind.set_bitrate(&self.encoder, kbps).map_err(|reason| self.error(reason))
    }

    fn encode(&mut self, frame: Frame, keyframe: bool) -> Result<(), EncoderError> {
        if keyframe {
            self.encoder
                .send_event(gst_video::UpstreamForceKeyUnitEvent::builder().all_headers(true).build());
        }
        self.push(frame).map_err(|reason| self.error(reason))
    }

    fn finish(&mut self) -> Result<(), EncoderError> {
        self.feed.finish(FINISH).map_err(|reason| self.error(reason))
    }
}

fn callbacks(codec: Codec, sink: UnitSink) -> gst_app::AppSinkCallbacks {
    let mut last = None;
    gst_app::AppSinkCallbacks::builder()
        .new_sample(move |receiver| {
            let sample = receiver.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let mut unit = access_unit(codec, &sample).ok_or(gst::FlowError::Error)?;
            // Reordered frames at the very beginning would have to be decoded before time zero: they are moved close together behind it.
            if let Some(last) = last {
                unit.dts = unit.dts.max(last + DECODE_STEP).min(unit.pts);
            }
            last = Some(unit.dts);
            sink.send(unit);
            Ok(gst::FlowSuccess::Ok)
        })
        .build()
}

fn access_unit(codec: Codec, sample: &gst::Sample) -> Option<AccessUnit> {
    let buffer = sample.buffer()?;
    // Encoders may shift their timestamps to make room for negative ones; the segment tells by how much.
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let running = |time: Option<gst::ClockTime>| {
        let time = segment.to_running_time_full(time?)?.positive().unwrap_or(gst::ClockTime::ZERO);
        Some(Timestamp::from_nanos(time.nseconds()))
    };
    let pts = running(buffer.pts())?;
    let dts = running(buffer.dts()).unwrap_or(pts).min(pts);
    let duration = buffer.duration().map(Duration::from);
    // A copy: the encoder may have few buffers of its own, and a unit may wait in queues for long.
    let data = Bytes::copy_from_slice(&buffer.map_readable().ok()?);
    // The parser also takes other pictures without references for key frames, before which it puts no parameter sets.
    let is_delta = buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
    let keyframe = !is_delta && nal_units(&data).any(|unit| NalKind::of(codec, unit) == NalKind::KeyFrame);
    Some(AccessUnit { data, pts, dts, duration, keyframe })
}
