use std::io::{self, Write};

use ebml_iterable::error::TagWriterError;
use ebml_iterable::specs::Master;
use ebml_iterable::{TagWriter, WriteOptions};
use webm_iterable::matroska_spec::{MatroskaSpec, SimpleBlock};

use crate::{Fragment, Frame, Track, TrackKind};

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// To be watched: times from 0 on, without tags.
    Player,
    /// To be read again: times and tags as they were sent.
    Archive,
}

/// Writes fragments that have the same tracks.
pub fn write(fragments: &[Fragment], form: Form, out: impl Write) -> io::Result<()> {
    let Some(first) = fragments.first() else { return Ok(()) };
    let base = if form == Form::Player { first.producer_timestamp } else { 0 };
    let mut writer = TagWriter::new(out);
    let open_end = WriteOptions::is_unknown_sized_element();
    writer.write(&ebml()).map_err(error)?;
    writer.write_advanced(&MatroskaSpec::Segment(Master::Start), open_end).map_err(error)?;
    let mut put = |tag: MatroskaSpec| writer.write(&tag).map_err(error);
    put(info(fragments, form))?;
    put(MatroskaSpec::Tracks(Master::Full(first.tracks.iter().map(track_entry).collect())))?;
    for fragment in fragments {
        put(cluster(fragment, base))?;
        if form == Form::Archive && !fragment.tags.is_empty() {
            put(tags(&fragment.tags))?;
        }
    }
    put(MatroskaSpec::Segment(Master::End))
}

fn error(error: TagWriterError) -> io::Error {
    match error {
        TagWriterError::WriteError { source } => source,
        error => io::Error::other(error),
    }
}

fn ebml() -> MatroskaSpec {
    MatroskaSpec::Ebml(Master::Full(vec![
        MatroskaSpec::EbmlVersion(1),
        MatroskaSpec::EbmlReadVersion(1),
        MatroskaSpec::EbmlMaxIdLength(4),
        MatroskaSpec::EbmlMaxSizeLength(8),
        MatroskaSpec::DocType("matroska".into()),
        MatroskaSpec::DocTypeVersion(4),
        MatroskaSpec::DocTypeReadVersion(2),
    ]))
}

fn info(fragments: &[Fragment], form: Form) -> MatroskaSpec {
    let application = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    let mut info = vec![
        MatroskaSpec::TimestampScale(1_000_000),
        MatroskaSpec::MuxingApp(application.into()),
        MatroskaSpec::WritingApp(application.into()),
    ];
    if form == Form::Player {
        info.push(MatroskaSpec::Duration(duration(fragments)));
    }
    MatroskaSpec::Info(Master::Full(info))
}

/// In milliseconds, the last frame being as long as the frames are on average.
fn duration(fragments: &[Fragment]) -> f64 {
    let times = || fragments.iter().flat_map(|fragment| &fragment.frames).map(|frame| frame.timestamp);
    let (Some(first), Some(last)) = (times().min(), times().max()) else { return 0.0 };
    let (length, frames) = (last.saturating_sub(first) as f64, times().count() as f64);
    length + length / (frames - 1.0).max(1.0)
}

fn track_entry(track: &Track) -> MatroskaSpec {
    let kind = if track.is_video() { 1 } else { 2 };
    let mut entry = vec![
        MatroskaSpec::TrackNumber(track.number),
        MatroskaSpec::TrackUID(track.uid),
        MatroskaSpec::TrackType(kind),
        MatroskaSpec::FlagLacing(0),
        MatroskaSpec::CodecID(track.codec_id.clone()),
    ];
    entry.extend(track.name.clone().map(MatroskaSpec::Name));
    if !track.codec_private.is_empty() {
        entry.push(MatroskaSpec::CodecPrivate(track.codec_private.to_vec()));
    }
    entry.push(match track.kind {
        TrackKind::Video { width, height } => MatroskaSpec::Video(Master::Full(vec![
            MatroskaSpec::PixelWidth(width),
            MatroskaSpec::PixelHeight(height),
        ])),
        TrackKind::Audio { sampling_rate, channels } => MatroskaSpec::Audio(Master::Full(vec![
            MatroskaSpec::SamplingFrequency(sampling_rate),
            MatroskaSpec::Channels(channels),
        ])),
    });
    MatroskaSpec::TrackEntry(Master::Full(entry))
}

fn cluster(fragment: &Fragment, base: i64) -> MatroskaSpec {
    let begin = fragment.producer_timestamp;
    let mut cluster = vec![MatroskaSpec::Timestamp(u64::try_from(begin.saturating_sub(base)).unwrap_or(0))];
    cluster.extend(fragment.frames.iter().map(|frame| block(frame, begin)));
    MatroskaSpec::Cluster(Master::Full(cluster))
}

/// A fragment is at most as long as the offset of a block can be, as it came in blocks.
fn block(frame: &Frame, begin: i64) -> MatroskaSpec {
    let offset = i16::try_from(frame.timestamp.saturating_sub(begin)).unwrap_or(i16::MAX);
    SimpleBlock::new_uncheked(&frame.data, frame.track, offset, false, None, false, frame.is_key).into()
}

fn tags(tags: &[(String, String)]) -> MatroskaSpec {
    let simple = tags.iter().map(|(name, value)| {
        let parts = vec![MatroskaSpec::TagName(name.clone()), MatroskaSpec::TagString(value.clone())];
        MatroskaSpec::SimpleTag(Master::Full(parts))
    });
    let tag = [MatroskaSpec::Targets(Master::Full(Vec::new()))].into_iter().chain(simple).collect();
    MatroskaSpec::Tags(Master::Full(vec![MatroskaSpec::Tag(Master::Full(tag))]))
}
