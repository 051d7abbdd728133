use std::sync::Arc;
use std::time::Duration;

use ebml_iterable::specs::Master;
use webm_iterable::matroska_spec::MatroskaSpec;

use super::codec_private;
use super::reader::{Element, Reader};
use super::refusal::Refusal;
use super::tracks;
use crate::{ErrorId, Fragment, Frame, Limits, Track};

/// The tag that ends a fragment without the next one.
const END_OF_FRAGMENT: &str = "AWS_KINESISVIDEO_END_OF_FRAGMENT";
/// The other tags of the service's own; they do not count as metadata.
const SERVICE_TAGS: [&str; 4] = [
    END_OF_FRAGMENT,
    "AWS_KINESISVIDEO_IMAGE_GENERATION",
    "AWS_KINESISVIDEO_IMAGE_PREFIX",
    "AWS_KINESISVIDEO_NOTIFICATION",
];
/// 2000-01-01, before which no producer has a clock that is set.
const EARLIEST: i64 = 946_684_800_000;

/// The body of one PutMedia connection, from bytes to fragments, by the service's rules.
///
/// It knows nothing of connections and clocks: what has arrived goes in, what follows from it comes out.
pub struct Ingest {
    reader: Reader,
    limits: Limits,
    /// What is added to timecodes: 0 if they are absolute.
    start: i64,
    /// The service's time at the begin of the connection, in milliseconds since 1970.
    now: i64,
    stage: Stage,
    /// Nanoseconds of one tick of timestamps.
    scale: u64,
    tracks: Arc<[Track]>,
    open: Option<Open>,
    /// The latest frame of the fragments that are closed, in milliseconds.
    latest: Option<i64>,
    finished: bool,
}

/// What follows from the bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A fragment has begun, with this timecode.
    Opened(i64),
    /// The open fragment has one frame more.
    Frame,
    /// The fragment is there as a whole; its number and server time are not given yet.
    Closed(Box<Fragment>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Ebml,
    Segment,
    Info,
    Tracks,
    Clusters,
}

struct Open {
    begin: u64,
    end: Option<u64>,
    timecode: Option<i64>,
    frames: Vec<Frame>,
    tags: Vec<(String, String)>,
}

impl Ingest {
    /// `start` is the producer's start timestamp in milliseconds if timecodes are relative to it, else 0; `now` the service's time, in milliseconds since 1970.
    pub fn new(limits: &Limits, start: i64, now: i64) -> Self {
        Self {
            reader: Reader::new(usize::try_from(limits.fragment_bytes).unwrap_or(usize::MAX)),
            limits: limits.clone(),
            start,
            now,
            stage: Stage::Ebml,
            scale: 1_000_000,
            tracks: Arc::default(),
            open: None,
            latest: None,
            finished: false,
        }
    }

    /// More of the body has arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.reader.push(bytes);
    }

    /// The body has ended as it should.
    pub fn finish(&mut self) {
        self.finished = true;
    }

    /// The timecode of the fragment that is arriving.
    pub fn timecode(&self) -> Option<i64> {
        self.open.as_ref()?.timecode
    }

    /// The next step, if enough has arrived for one.
    ///
    /// # Errors
    ///
    /// The body breaks a rule; nothing more is to be read then.
    pub fn next_step(&mut self) -> Result<Option<Step>, Refusal> {
        loop {
            let element = if self.finished { self.reader.finish()? } else { self.reader.read()? };
            let step = match element {
                Some(element) => self.element(element)?,
                None if self.finished && self.open.is_some() => return self.close().map(Some),
                None => {
                    self.check_size()?;
                    return Ok(None);
                }
            };
            self.check_size()?;
            if step.is_some() {
                return Ok(step);
            }
        }
    }

    fn element(&mut self, element: Element) -> Result<Option<Step>, Refusal> {
        match element {
            Element::Ebml(header) => self.ebml(&header)?,
            Element::Segment => self.advance(Stage::Segment, Stage::Info, "Segment")?,
            Element::Info(info) => self.info(&info)?,
            Element::Tracks(entries) => {
                self.advance(Stage::Tracks, Stage::Clusters, "Tracks")?;
                self.tracks = tracks::read(entries, &self.limits)?;
            }
            Element::Cluster { begin } => return self.cluster(begin),
            Element::ClusterEnd => {
                let position = self.reader.position();
                if let Some(open) = &mut self.open {
                    open.end.get_or_insert(position);
                }
            }
            Element::Timestamp(ticks) => return self.timestamp(ticks).map(Some),
            Element::Block { track, offset, is_key, data } => {
                let timestamp = self.block_time(offset)?;
                return self.frame(Frame { track, timestamp, is_key, data }).map(Some);
            }
            Element::Tags(tags) => return self.tags(tags),
            Element::Other => {}
        }
        Ok(None)
    }

    fn advance(&mut self, expected: Stage, next: Stage, name: &str) -> Result<(), Refusal> {
        if self.stage != expected {
            return Err(Refusal::mkv(format!("{name} where {} is due", self.stage.due())));
        }
        self.stage = next;
        Ok(())
    }

    fn ebml(&mut self, header: &[MatroskaSpec]) -> Result<(), Refusal> {
        self.advance(Stage::Ebml, Stage::Segment, "an EBML header")?;
        let kind = header.iter().find_map(|child| match child {
            MatroskaSpec::DocType(kind) => Some(kind.trim_end_matches('\0')),
            _ => None,
        });
        match kind {
            Some("matroska" | "webm") => Ok(()),
            kind => Err(Refusal::mkv(format!("a DocType {kind:?}, not \"matroska\""))),
        }
    }

    fn info(&mut self, info: &[MatroskaSpec]) -> Result<(), Refusal> {
        self.advance(Stage::Info, Stage::Tracks, "Info")?;
        for child in info {
            if let MatroskaSpec::TimestampScale(scale) = child {
                self.scale = *scale;
            }
        }
        if self.scale == 0 {
            return Err(Refusal::mkv("a TimestampScale of 0"));
        }
        Ok(())
    }

    fn cluster(&mut self, begin: u64) -> Result<Option<Step>, Refusal> {
        if self.stage != Stage::Clusters {
            return Err(Refusal::mkv(format!("a Cluster where {} is due", self.stage.due())));
        }
        let closed = if self.open.is_some() { Some(self.close()?) } else { None };
        self.open = Some(Open { begin, end: None, timecode: None, frames: Vec::new(), tags: Vec::new() });
        Ok(closed)
    }

    fn timestamp(&mut self, ticks: u64) -> Result<Step, Refusal> {
        let milliseconds = u128::from(ticks) * u128::from(self.scale) / 1_000_000;
        let timecode = i64::try_from(milliseconds).map_err(|_| {
            Refusal::new(ErrorId::ProducerTimestamp, format!("a timestamp of {milliseconds} ms"))
        })?;
        let producer = timecode.saturating_add(self.start);
        let Some(open) = &mut self.open else { return Err(Refusal::mkv("a Timestamp outside a cluster")) };
        if open.timecode.is_some() {
            return Err(Refusal::mkv("a cluster with two timestamps"));
        }
        open.timecode = Some(timecode);
        let ahead = i64::try_from(self.limits.ahead.as_millis()).unwrap_or(i64::MAX);
        if producer < EARLIEST || producer > self.now.saturating_add(ahead) {
            let reason =
                format!("a fragment at {producer} ms since 1970, at {} by the service's clock", self.now);
            return Err(Refusal::new(ErrorId::ProducerTimestamp, reason));
        }
        if let Some(latest) = self.latest.filter(|&latest| producer <= latest) {
            let reason = format!("a fragment at {producer} ms, not after the frame at {latest} ms before it");
            return Err(Refusal::new(ErrorId::FragmentTimecode, reason));
        }
        Ok(Step::Opened(timecode))
    }

    fn block_time(&self, offset: i16) -> Result<i64, Refusal> {
        let timecode =
            self.timecode().ok_or_else(|| Refusal::mkv("a block before its cluster's timestamp"))?;
        if offset < 0 {
            return Err(Refusal::mkv(format!("a block {} ticks before its cluster", -i32::from(offset))));
        }
        let offset = i128::from(offset) * i128::from(self.scale) / 1_000_000;
        Ok(timecode.saturating_add(self.start).saturating_add(i64::try_from(offset).unwrap_or(i64::MAX)))
    }

    fn frame(&mut self, frame: Frame) -> Result<Step, Refusal> {
        let track = self.tracks.iter().find(|track| track.number == frame.track).ok_or_else(|| {
            Refusal::new(ErrorId::TrackNumber, format!("a block of track {}, which is unknown", frame.track))
        })?;
        let Some(open) = &mut self.open else { return Err(Refusal::mkv("a block outside a cluster")) };
        let is_first = open.frames.iter().all(|earlier| earlier.track != frame.track);
        if is_first && track.is_video() && !frame.is_key {
            return Err(Refusal::mkv(format!(
                "a cluster whose first frame of track {} is no key frame",
                frame.track
            )));
        }
        if !codec_private::is_length_prefixed(&track.codec_id, &track.codec_private, &frame.data) {
            return Err(Refusal::mkv(format!(
                "a frame of track {} that is not length-prefixed units",
                frame.track
            )));
        }
        let begin = open.timecode.unwrap_or(0).saturating_add(self.start);
        let duration = Duration::from_millis(frame.timestamp.saturating_sub(begin).unsigned_abs());
        if duration > self.limits.fragment_duration {
            let limit = self.limits.fragment_duration;
            return Err(Refusal::new(
                ErrorId::FragmentDuration,
                format!("a fragment of {duration:?}, over {limit:?}"),
            ));
        }
        open.frames.push(frame);
        Ok(Step::Frame)
    }

    fn tags(&mut self, tags: Vec<MatroskaSpec>) -> Result<Option<Step>, Refusal> {
        let Some(open) = &mut self.open else {
            // Before the first cluster, or after a fragment that has ended, they belong to nothing.
            return if self.stage == Stage::Clusters {
                Ok(None)
            } else {
                Err(Refusal::mkv(format!("Tags where {} is due", self.stage.due())))
            };
        };
        let mut ends = false;
        for (name, value) in simple_tags(tags) {
            if name == END_OF_FRAGMENT {
                ends = true;
            } else {
                open.tags.push((name, value));
            }
        }
        check_tags(&open.tags, &self.limits)?;
        if ends { self.close().map(Some) } else { Ok(None) }
    }

    fn close(&mut self) -> Result<Step, Refusal> {
        let open = self.open.take().ok_or_else(|| Refusal::mkv("no fragment is open"))?;
        let Some(timecode) = open.timecode else { return Err(Refusal::mkv("a cluster without a timestamp")) };
        let missing =
            self.tracks.iter().find(|track| open.frames.iter().all(|frame| frame.track != track.number));
        if let Some(track) = missing {
            let reason = format!("a fragment without a frame of track {}", track.number);
            let refusal = Refusal::new(ErrorId::FramesMissing, reason);
            // So that the refusal is about this fragment.
            self.open = Some(open);
            return Err(refusal);
        }
        self.latest = open.frames.iter().map(|frame| frame.timestamp).max().max(self.latest);
        Ok(Step::Closed(Box::new(Fragment {
            number: String::new(),
            timecode,
            producer_timestamp: timecode.saturating_add(self.start),
            server_timestamp: 0,
            tracks: self.tracks.clone(),
            frames: open.frames,
            tags: open.tags,
            bytes: open.end.unwrap_or(self.reader.position()).saturating_sub(open.begin),
        })))
    }

    /// What waits unread is one element of this or the next fragment, whose size the reader limits.
    fn check_size(&self) -> Result<(), Refusal> {
        let Some(open) = &self.open else { return Ok(()) };
        let bytes = open.end.unwrap_or(self.reader.position()).saturating_sub(open.begin);
        if bytes > self.limits.fragment_bytes {
            let reason = format!("a fragment of {bytes} bytes, over {}", self.limits.fragment_bytes);
            return Err(Refusal::new(ErrorId::FragmentSize, reason));
        }
        Ok(())
    }
}

impl Stage {
    fn due(self) -> &'static str {
        match self {
            Self::Ebml => "the EBML header",
            Self::Segment => "the Segment",
            Self::Info => "Info",
            Self::Tracks => "Tracks",
            Self::Clusters => "a Cluster",
        }
    }
}

fn simple_tags(tags: Vec<MatroskaSpec>) -> impl Iterator<Item = (String, String)> {
    let tags = tags.into_iter().filter_map(|tag| match tag {
        MatroskaSpec::Tag(Master::Full(children)) => Some(children),
        _ => None,
    });
    tags.flatten().filter_map(|child| match child {
        MatroskaSpec::SimpleTag(Master::Full(children)) => Some(simple_tag(children)),
        _ => None,
    })
}

fn simple_tag(children: Vec<MatroskaSpec>) -> (String, String) {
    let (mut name, mut value) = (String::new(), String::new());
    for child in children {
        match child {
            MatroskaSpec::TagName(text) => name = text,
            MatroskaSpec::TagString(text) => value = text,
            _ => {}
        }
    }
    // Matroska allows strings to be padded with zero bytes.
    name.truncate(name.trim_end_matches('\0').len());
    value.truncate(value.trim_end_matches('\0').len());
    (name, value)
}

fn check_tags(tags: &[(String, String)], limits: &Limits) -> Result<(), Refusal> {
    let refuse = |reason| Err(Refusal::new(ErrorId::MetadataLimit, reason));
    let own = tags.iter().filter(|(name, _)| !SERVICE_TAGS.contains(&name.as_str()));
    let mut count = 0;
    for (name, value) in own {
        count += 1;
        if name.is_empty() || name.starts_with("AWS") {
            return refuse(format!("a tag called {name:?}"));
        }
        if name.len() > limits.tag_name_bytes {
            return refuse(format!("a tag whose name has {} bytes", name.len()));
        }
        if value.len() > limits.tag_value_bytes {
            return refuse(format!("a tag {name:?} whose value has {} bytes", value.len()));
        }
    }
    if count > limits.tags {
        return refuse(format!("{count} tags"));
    }
    Ok(())
}
