use std::time::Duration;

use backpack_core::{Frame, Timestamp};
use bytes::Bytes;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use super::convert::Converter;
use super::kind::{EncoderKind, Settings};
use super::{Feed, element};
use crate::annex_b::{NalKind, nal_units};
use crate::{AccessUnit, Codec, EncoderError, UnitSink, VideoEncoder, VideoSpec};

/// How long the frames inside an encoder may take to come out at the end.
const FINISH: Duration = Duration::from_secs(5);

/// A running encoder pipeline: appsrc, the encoder, a parser, appsink.
pub(crate) struct GstEncoder {
    name: &'static str,
    feed: Feed,
    encoder: gst::Element,
    converter: Converter,
    interval: gst::ClockTime,
    /// The caps wait for the first frame, which knows its colorimetry.
    has_caps: bool,
}

impl GstEncoder {
    pub(crate) fn open(
        kind: &EncoderKind,
        video: &VideoSpec,
        settings: Settings,
        sink: UnitSink,
    ) -> Result<Self, String> {
        let source = gst_app::AppSrc::builder().format(gst::Format::Time).max_buffers(2).max_bytes(0).build();
        let encoder = element(kind.element)?;
        (kind.configure)(&encoder, &settings)?;
        let parser = element("h264parse")?;
        // Parameter sets go before every key frame.
        parser.set_property("config-interval", -1i32);
        let caps = gst::Caps::builder("video/x-h264")
            .field("stream-format", "byte-stream")
            .field("alignment", "au")
            .build();
        let receiver = gst_app::AppSink::builder().caps(&caps).sync(false).build();
        receiver.set_callbacks(callbacks(Codec::H264, sink));
        let before = kind.before.map(element).transpose()?;
        let rest = before.into_iter().chain([encoder.clone(), parser, receiver.upcast()]);
        let feed = Feed::start(&format!("encode {}", kind.element), source, rest)?;
        let interval =
            gst::ClockTime::try_from(video.frame_rate.interval()).unwrap_or(gst::ClockTime::SECOND);
        let converter = Converter::new(video);
        Ok(Self { name: kind.element, feed, encoder, converter, interval, has_caps: false })
    }

    fn error(&self, reason: String) -> EncoderError {
        EncoderError::Failed { encoder: self.name.into(), reason }
    }

    fn push(&mut self, frame: Frame) -> Result<(), String> {
        if !self.has_caps {
            self.feed.set_caps(&self.converter.caps(&frame)?);
            self.has_caps = true;
        }
        let pts = gst::ClockTime::from_nseconds(frame.timestamp().unwrap_or_default().as_nanos());
        let mut buffer = self.converter.convert(frame)?;
        let fields = buffer.make_mut();
        fields.set_pts(pts);
        fields.set_duration(self.interval);
        self.feed.push(buffer)
    }
}

impl VideoEncoder for GstEncoder {
    fn name(&self) -> &str {
        self.name
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
    gst_app::AppSinkCallbacks::builder()
        .new_sample(move |receiver| {
            let sample = receiver.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            sink.send(access_unit(codec, &sample).ok_or(gst::FlowError::Error)?);
            Ok(gst::FlowSuccess::Ok)
        })
        .build()
}

fn access_unit(codec: Codec, sample: &gst::Sample) -> Option<AccessUnit> {
    let buffer = sample.buffer()?;
    // Encoders may shift their timestamps to make room for negative ones; the segment tells by how much.
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let running = |time: Option<gst::ClockTime>| {
        segment.to_running_time(time?).map(|time| Timestamp::from_nanos(time.nseconds()))
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
