use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::folder::Folder;
use super::segmenter::{Lengths, Segment, Segmenter};
use super::writer::Writer;
use crate::outputs::fmp4::{Header, TIMESCALE, ticks};
use crate::{AccessUnit, KeyFrameRequest, Output, OutputError, StreamInfo};

/// A live stream in files that any web server can serve: HTTP Live Streaming (RFC 8216) with segments in fragmented MP4.
///
/// Players open `index.m3u8` in the directory. The output asks for a key frame when a segment is long enough, so that segments meet their length
/// whatever the encoder's interval. No segment lasts longer than one and a half times that length, rounded up to seconds, which the playlist announces: if
/// no key frame comes by then, the segment ends and pictures are dropped up to the next one. After that, after a pause, and whenever the
/// output was closed and is opened again, the playlist says that the stream is interrupted (`EXT-X-DISCONTINUITY`). It ends
/// (`EXT-X-ENDLIST`) when the output is dropped.
///
/// The directory belongs to one output at a time. A later run goes on with the numbers of the one before, and removes its files when they are not
/// watched any more; files of other names are left alone.
#[derive(Debug)]
#[must_use = "give it to `SkyLine::builder().output(…)`"]
pub struct Hls {
    directory: PathBuf,
    segment: Duration,
    window: Option<usize>,
    request: KeyFrameRequest,
    counts: Arc<Counts>,
    writer: Option<Writer>,
    open: Option<Open>,
}

/// A view of an [`Hls`] output from outside; clones look at the same output.
#[derive(Debug, Clone)]
pub struct HlsMonitor(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    segments: AtomicU64,
    dropped: AtomicU64,
}

/// The stream that is written.
#[derive(Debug)]
struct Open {
    stream: StreamInfo,
    segmenter: Segmenter,
    header: Option<Header>,
}

impl Hls {
    /// Segments of two seconds, of which the newest six stay in the list, in this directory; it is made if it is not there.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            segment: Duration::from_secs(2),
            window: Some(6),
            request: KeyFrameRequest::default(),
            counts: Arc::default(),
            writer: None,
            open: None,
        }
    }

    /// How long segments should be, from half a second to a minute. Shorter ones make players that start three segments before the end less late.
    pub fn segment(mut self, length: Duration) -> Self {
        self.segment = length;
        self
    }

    /// How many segments stay in the list, at least 3; more while they last for less than players need. Files are removed some time after they have
    /// left the list.
    pub fn window(mut self, segments: usize) -> Self {
        self.window = Some(segments);
        self
    }

    /// Keeps all segments, in the list and in the directory, also those of earlier runs with segments of the same length: for an event of some hours, as
    /// the list is written anew with each segment.
    pub fn keep_all(mut self) -> Self {
        self.window = None;
        self
    }

    /// The directory of the files.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A view of the output that stays when the output is given to a SkyLine.
    pub fn monitor(&self) -> HlsMonitor {
        HlsMonitor(Arc::clone(&self.counts))
    }

    /// The directory, if the settings make sense.
    fn folder(&self) -> Result<Folder, OutputError> {
        let (least, most) = (Duration::from_millis(500), Duration::from_secs(60));
        if !(least..=most).contains(&self.segment) {
            let length = self.segment;
            return Err(OutputError::new(format!(
                "segments of {length:?}: from {least:?} to {most:?} are possible"
            )));
        }
        match self.window {
            Some(window @ 0..3) => {
                Err(OutputError::new(format!("a window of {window} segments: at least 3 are needed")))
            }
            _ => Folder::open(&self.directory),
        }
    }

    /// The longest that a segment may last, in seconds.
    fn target(&self) -> u64 {
        (self.segment.as_secs_f64() * 1.5).ceil() as u64
    }
}

impl HlsMonitor {
    /// How many segments were written.
    pub fn segments(&self) -> u64 {
        self.0.segments.load(Ordering::Relaxed)
    }

    /// How many pictures are in no segment, because no key frame came in time or a segment could not be written.
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Ordering::Relaxed)
    }
}

impl Output for Hls {
    fn name(&self) -> String {
        format!("hls {}", self.directory.display())
    }

    fn prepare(&mut self) -> Result<(), OutputError> {
        self.folder()?.try_writing()
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        self.request = request;
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        if self.writer.is_none() {
            self.writer = Some(Writer::open(self.folder()?, self.target(), self.window)?);
        }
        let limit = self.target() * u64::from(TIMESCALE);
        let lengths = Lengths { wished: ticks(self.segment), limit };
        let segmenter = Segmenter::new(stream, lengths, self.request.clone());
        self.open = Some(Open { stream: stream.clone(), segmenter, header: None });
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        let (Some(open), Some(writer)) = (&mut self.open, &mut self.writer) else {
            return Err(OutputError::new("the stream is not open"));
        };
        if unit.keyframe {
            let header = Header::new(&open.stream, unit).map_err(OutputError::new)?;
            if open.header.as_ref() != Some(&header) {
                let last = open.segmenter.finish().map_err(OutputError::new)?;
                open.add(last, writer, &self.counts)?;
                open.header = Some(header);
                writer.change_header();
            }
        }
        let segment = open.segmenter.push(unit).map_err(OutputError::new)?;
        self.counts.dropped.fetch_add(open.segmenter.take_dropped(), Ordering::Relaxed);
        open.add(segment, writer, &self.counts)
    }

    fn close(&mut self) -> Result<(), OutputError> {
        let (Some(mut open), Some(writer)) = (self.open.take(), &mut self.writer) else { return Ok(()) };
        let last = open.segmenter.finish().map_err(OutputError::new)?;
        open.add(last, writer, &self.counts)
    }
}

impl Open {
    fn add(&self, segment: Option<Segment>, writer: &mut Writer, counts: &Counts) -> Result<(), OutputError> {
        let (Some(segment), Some(header)) = (segment, &self.header) else { return Ok(()) };
        writer.add(&segment, header, &self.stream).inspect_err(|_| {
            counts.dropped.fetch_add(segment.samples.len() as u64, Ordering::Relaxed);
        })?;
        counts.segments.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Hls {
    fn drop(&mut self) {
        let closed = self.close();
        let ended = self.writer.as_mut().map_or(Ok(()), Writer::end);
        if let Err(error) = closed.and(ended) {
            tracing::warn!(output = self.name(), %error, "the playlist has no end");
        }
    }
}
