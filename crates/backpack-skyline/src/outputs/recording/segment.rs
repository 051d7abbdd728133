use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use backpack_core::Timestamp;
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use super::Container;
use super::archive::{Kept, Writing};
use crate::gst::{Alive, Feed, Limits, UnitFeed, configure, element, parser, text};
use crate::{AccessUnit, StreamInfo};

/// How long the end of a file may take to be written.
const FINISH: Duration = Duration::from_secs(6);

/// What became of a file.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) kept: Option<Kept>,
    pub(super) problem: Option<String>,
}

/// A file that is being written.
#[derive(Debug)]
pub(super) struct Segment {
    path: PathBuf,
    feed: UnitFeed,
    /// The wall time at the stream's timestamp zero.
    started: SystemTime,
    begins: Timestamp,
    newest: Timestamp,
    /// A file that is shorter than its first picture holds none.
    first_picture: u64,
    written: Arc<AtomicU64>,
    /// Whether a key frame was asked for, at which the next segment begins.
    pub(super) asked: bool,
}

impl Segment {
    /// Begins to write to an empty file; `first` is the unit that is to be written first.
    pub(super) fn begin(
        path: PathBuf,
        container: Container,
        stream: &StreamInfo,
        first: &AccessUnit,
        limits: Limits,
        alive: Alive,
    ) -> Result<Self, String> {
        gst::init().map_err(|error| error.to_string())?;
        let written = Arc::default();
        let source = gst_app::AppSrc::builder().build();
        configure(&source, stream);
        let rest = [element(parser(stream.codec))?, container.muxer()?, file_sink(&path, &written)?];
        let feed = UnitFeed::new(Feed::start("recording", source, rest, limits, alive)?);
        tracing::info!(path = %path.display(), "recording begins");
        let (started, first_picture) = (stream.started, first.data.len() as u64);
        let (begins, newest) = (first.pts, first.pts);
        Ok(Self { path, feed, started, begins, newest, first_picture, written, asked: false })
    }

    pub(super) fn write(&mut self, unit: &AccessUnit) -> Result<(), String> {
        self.newest = unit.pts;
        self.feed.write(unit).map_err(|reason| format!("{}: {reason}", self.path.display()))
    }

    pub(super) fn length_at(&self, unit: &AccessUnit) -> Duration {
        unit.pts.since(self.begins)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(super) fn writing(&self) -> Writing {
        let at = |time: Timestamp| self.started + time.elapsed();
        Writing { begins: at(self.begins), bytes: self.bytes(), now: at(self.newest) }
    }

    /// Waits until everything is in the file. One that holds no picture is removed.
    pub(super) fn finish(self) -> Finished {
        let begins = self.writing().begins;
        let finished = self.feed.finish(FINISH);
        drop(self.feed);
        let path = self.path;
        let problem = finished.err().map(|reason| format!("{} was not finished: {reason}", path.display()));
        // A device or a pipe has no size, and nothing of it is kept.
        let Some(file) = fs::metadata(&path).ok().filter(fs::Metadata::is_file) else {
            return Finished { kept: None, problem };
        };
        if problem.is_some() && file.len() < self.first_picture {
            if let Err(error) = fs::remove_file(&path) {
                tracing::warn!(path = %path.display(), %error, "an empty file stays");
            }
            return Finished { kept: None, problem };
        }
        Finished { kept: Some(Kept { path, begins, bytes: file.len() }), problem }
    }
}

/// Writes to the file and counts the bytes in `written`.
fn file_sink(path: &Path, written: &Arc<AtomicU64>) -> Result<gst::Element, String> {
    let sink = gst::ElementFactory::make("filesink").property("location", path).build().map_err(text)?;
    // What waits in a buffer is lost in a crash.
    sink.set_property_from_str("buffer-mode", "unbuffered");
    count_bytes(&sink, Arc::clone(written));
    Ok(sink)
}

fn count_bytes(sink: &gst::Element, written: Arc<AtomicU64>) {
    let Some(pad) = sink.static_pad("sink") else { return };
    let kinds = gst::PadProbeType::BUFFER | gst::PadProbeType::BUFFER_LIST;
    pad.add_probe(kinds, move |_, info| {
        let bytes = match &info.data {
            Some(gst::PadProbeData::Buffer(buffer)) => buffer.size(),
            Some(gst::PadProbeData::BufferList(list)) => list.calculate_size(),
            _ => 0,
        };
        written.fetch_add(bytes as u64, Ordering::Relaxed);
        gst::PadProbeReturn::Ok
    });
}
