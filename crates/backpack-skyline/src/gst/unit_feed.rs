use std::time::Duration;

use backpack_core::Timestamp;
use gstreamer as gst;
use gstreamer_app as gst_app;

use super::{Feed, unit_caps};
use crate::{AccessUnit, StreamInfo};

/// A running pipeline that takes the units of a stream; the first one is at the pipeline's time zero.
#[derive(Debug)]
pub(crate) struct UnitFeed {
    feed: Feed,
    /// When the first unit is decoded.
    begins: Option<Timestamp>,
}

impl UnitFeed {
    pub(crate) fn new(feed: Feed) -> Self {
        Self { feed, begins: None }
    }

    /// Hands over a unit; waits while the pipeline is busy.
    pub(crate) fn write(&mut self, unit: &AccessUnit) -> Result<(), String> {
        let begins = *self.begins.get_or_insert(unit.dts);
        self.feed.push(unit_buffer(unit, unit.dts.since(begins), unit.pts.since(begins)))
    }

    /// Waits until every unit has come out at the end.
    pub(crate) fn finish(&self, patience: Duration) -> Result<(), String> {
        self.feed.finish(patience)
    }
}

/// Prepares the first element of a pipeline for the units of this stream.
pub(crate) fn configure(source: &gst_app::AppSrc, stream: &StreamInfo) {
    let caps = unit_caps(stream.codec)
        .field("width", i32::try_from(stream.width).unwrap_or(i32::MAX))
        .field("height", i32::try_from(stream.height).unwrap_or(i32::MAX))
        .build();
    source.set_caps(Some(&caps));
    source.set_format(gst::Format::Time);
}

/// The same memory as a buffer that is decoded and shown at these times of its pipeline.
pub(crate) fn unit_buffer(unit: &AccessUnit, dts: Duration, pts: Duration) -> gst::Buffer {
    let time = |time: Duration| gst::ClockTime::try_from(time).ok();
    let mut buffer = gst::Buffer::from_slice(unit.data.clone());
    let fields = buffer.make_mut();
    fields.set_pts(time(pts));
    fields.set_dts(time(dts));
    fields.set_duration(unit.duration.and_then(time));
    if !unit.keyframe {
        fields.set_flags(gst::BufferFlags::DELTA_UNIT);
    }
    buffer
}
