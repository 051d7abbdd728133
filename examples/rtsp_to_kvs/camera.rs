use std::time::Duration;

use anyhow::{Context, Result, bail};
use backpack::core::Timestamp;
use backpack::skyline::AccessUnit;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

/// A camera that is silent for so long is lost.
const SILENCE: Duration = Duration::from_secs(10);

/// How long one wait for a picture takes, after which the program may see that it is to end.
const TURN: Duration = Duration::from_millis(200);

/// An RTSP camera whose H.264 is taken as it comes.
pub struct Camera {
    pipeline: gst::Pipeline,
    units: gst_app::AppSink,
    silent_for: std::cell::Cell<Duration>,
}

impl Camera {
    pub fn open(url: &str) -> Result<Self> {
        gst::init()?;
        let source = gst::ElementFactory::make("rtspsrc")
            .property("location", url)
            .property("latency", 0_u32)
            .property_from_str("protocols", "tcp")
            .build()?;
        let depay = gst::ElementFactory::make("rtph264depay").build()?;
        // Every key frame with its parameter sets, as units have to stand alone.
        let parse = gst::ElementFactory::make("h264parse").property("config-interval", -1).build()?;
        let caps =
            gst::Caps::builder("video/x-h264").field("stream-format", "byte-stream").field("alignment", "au");
        let units = gst_app::AppSink::builder().caps(&caps.build()).sync(false).max_buffers(90).build();
        let pipeline = gst::Pipeline::new();
        pipeline.add_many([&source, &depay, &parse, units.upcast_ref()])?;
        gst::Element::link_many([&depay, &parse, units.upcast_ref()])?;
        source.connect("select-stream", false, |values| {
            let caps = values.get(2)?.get::<gst::Caps>().ok()?;
            let encoding = caps.structure(0)?.get::<&str>("encoding-name").ok()?;
            Some((encoding == "H264").to_value())
        });
        source.connect_pad_added(move |_, pad| {
            if let Some(sink) = depay.static_pad("sink").filter(|sink| !sink.is_linked()) {
                // A pad that does not fit leaves the camera silent, which is told.
                let _ = pad.link(&sink);
            }
        });
        pipeline.set_state(gst::State::Playing).context("the pipeline does not start")?;
        Ok(Self { pipeline, units, silent_for: std::cell::Cell::default() })
    }

    /// The next picture, `offset` later than the camera says; nothing at the end.
    pub fn next(&self, offset: Duration) -> Result<Option<AccessUnit>> {
        loop {
            if let Some(sample) = self.units.try_pull_sample(gst::ClockTime::try_from(TURN)?) {
                self.silent_for.set(Duration::ZERO);
                return unit(&sample, offset).map(Some);
            }
            if let Some(error) = self.error() {
                bail!(error);
            }
            if self.units.is_eos() {
                return Ok(None);
            }
            self.silent_for.set(self.silent_for.get() + TURN);
            if self.silent_for.get() >= SILENCE {
                bail!("no H.264 for {SILENCE:?}");
            }
        }
    }

    fn error(&self) -> Option<String> {
        let message = self.pipeline.bus()?.pop_filtered(&[gst::MessageType::Error])?;
        match message.view() {
            // What GStreamer says beside it may hold the address with its password.
            gst::MessageView::Error(error) => Some(error.error().to_string()),
            _ => None,
        }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

fn unit(sample: &gst::Sample, offset: Duration) -> Result<AccessUnit> {
    let buffer = sample.buffer().context("a sample without a buffer")?;
    let map = buffer.map_readable()?;
    let pts = buffer.pts().context("a picture without a time")?;
    let time = Duration::from_nanos(pts.nseconds()) + offset;
    let is_key = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
    Ok(AccessUnit::new(map.as_slice().to_vec(), Timestamp::from(time), is_key))
}
