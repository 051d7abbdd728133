use std::time::Duration;

use backpack_core::{Frame, Timestamp};
use bytes::Bytes;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;
use gstreamer_video as gst_video;

use super::convert::Converter;
use super::kind::{EncoderKind, Settings};
use super::{BusProblem, wait_for_eos};
use crate::{AccessUnit, EncoderError, UnitSink, VideoEncoder, VideoSpec};

/// How long the frames inside an encoder may take to come out at the end.
const FINISH: Duration = Duration::from_secs(5);

/// A running encoder pipeline: appsrc, the encoder, a parser, appsink.
pub(crate) struct GstEncoder {
    name: &'static str,
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
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
        let text = |error: gst::glib::BoolError| error.to_string();
        let pipeline = gst::Pipeline::builder().name(format!("encode {}", kind.element)).build();
        // Blocking, because this runs on the SkyLine's own thread, where the queue in front decides what is dropped.
        let source = gst_app::AppSrc::builder()
            .format(gst::Format::Time)
            .block(true)
            .max_buffers(2)
            .max_bytes(0)
            .build();
        let encoder = gst::ElementFactory::make(kind.element).build().map_err(text)?;
        (kind.configure)(&encoder, &settings);
        let parser = gst::ElementFactory::make("h264parse")
            .property("config-interval", -1i32)
            .build()
            .map_err(text)?;
        let caps = gst::Caps::builder("video/x-h264")
            .field("stream-format", "byte-stream")
            .field("alignment", "au")
            .build();
        let receiver = gst_app::AppSink::builder().caps(&caps).sync(false).build();
        receiver.set_callbacks(callbacks(sink));

        let before =
            kind.before.map(|name| gst::ElementFactory::make(name).build()).transpose().map_err(text)?;
        let mut chain: Vec<&gst::Element> = vec![source.upcast_ref()];
        chain.extend(&before);
        chain.extend([&encoder, &parser, receiver.upcast_ref()]);
        pipeline.add_many(&chain).map_err(text)?;
        gst::Element::link_many(&chain).map_err(text)?;
        pipeline.set_state(gst::State::Playing).map_err(|error| BusProblem::of(&pipeline, error))?;

        let interval =
            gst::ClockTime::try_from(video.frame_rate.interval()).unwrap_or(gst::ClockTime::SECOND);
        let converter = Converter::new(video);
        Ok(Self { name: kind.element, pipeline, source, encoder, converter, interval, has_caps: false })
    }

    fn error(&self, reason: impl Into<String>) -> EncoderError {
        EncoderError::Failed { encoder: self.name.into(), reason: reason.into() }
    }

    fn push(&mut self, frame: Frame) -> Result<(), String> {
        if !self.has_caps {
            self.source.set_caps(Some(&self.converter.caps(&frame)?));
            self.has_caps = true;
        }
        let pts = gst::ClockTime::from_nseconds(frame.timestamp().unwrap_or_default().as_nanos());
        let mut buffer = self.converter.convert(frame)?;
        let fields = buffer.make_mut();
        fields.set_pts(pts);
        fields.set_duration(self.interval);
        self.source.push_buffer(buffer).map_err(|error| BusProblem::of(&self.pipeline, error))?;
        Ok(())
    }
}

impl VideoEncoder for GstEncoder {
    fn name(&self) -> &str {
        self.name
    }

    fn encode(&mut self, frame: Frame, keyframe: bool) -> Result<(), EncoderError> {
        if let Some(problem) = BusProblem::pending(&self.pipeline) {
            return Err(self.error(problem));
        }
        if keyframe {
            self.encoder
                .send_event(gst_video::UpstreamForceKeyUnitEvent::builder().all_headers(true).build());
        }
        self.push(frame).map_err(|reason| self.error(reason))
    }

    fn finish(&mut self) -> Result<(), EncoderError> {
        let ended = self.source.end_of_stream().map_err(|error| BusProblem::of(&self.pipeline, error));
        ended.and_then(|_| wait_for_eos(&self.pipeline, FINISH)).map_err(|problem| self.error(problem))
    }
}

impl Drop for GstEncoder {
    fn drop(&mut self) {
        // Going to Null only fails for elements that are broken already, and there is nobody left to tell.
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

fn callbacks(sink: UnitSink) -> gst_app::AppSinkCallbacks {
    gst_app::AppSinkCallbacks::builder()
        .new_sample(move |receiver| {
            let sample = receiver.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            sink.send(access_unit(&sample).ok_or(gst::FlowError::Error)?);
            Ok(gst::FlowSuccess::Ok)
        })
        .build()
}

fn access_unit(sample: &gst::Sample) -> Option<AccessUnit> {
    let buffer = sample.buffer_owned()?;
    // Encoders may shift their timestamps to make room for negative ones; the segment tells by how much.
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    let running = |time: Option<gst::ClockTime>| {
        segment.to_running_time(time?).map(|time| Timestamp::from_nanos(time.nseconds()))
    };
    let pts = running(buffer.pts())?;
    let dts = running(buffer.dts()).unwrap_or(pts).min(pts);
    let duration = buffer.duration().map(Duration::from);
    let keyframe = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
    let data = Bytes::from_owner(buffer.into_mapped_buffer_readable().ok()?);
    Some(AccessUnit { data, pts, dts, duration, keyframe })
}
