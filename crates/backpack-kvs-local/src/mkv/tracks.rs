use std::sync::Arc;

use ebml_iterable::specs::Master;
use webm_iterable::matroska_spec::MatroskaSpec;

use super::codec_private;
use super::refusal::Refusal;
use crate::{ErrorId, Limits, Track, TrackKind};

/// The tracks that a connection announces, if the service takes them.
pub fn read(entries: Vec<MatroskaSpec>, limits: &Limits) -> Result<Arc<[Track]>, Refusal> {
    let mut tracks: Vec<Track> = Vec::new();
    for entry in entries {
        let MatroskaSpec::TrackEntry(Master::Full(entry)) = entry else { continue };
        let track = track(entry)?;
        if tracks.iter().any(|other| other.number == track.number) {
            return Err(Refusal::mkv(format!("two tracks have the number {}", track.number)));
        }
        tracks.push(track);
    }
    if tracks.is_empty() {
        return Err(Refusal::mkv("Tracks without a TrackEntry"));
    }
    if tracks.len() > limits.tracks {
        return Err(Refusal::new(ErrorId::TooManyTracks, format!("{} tracks", tracks.len())));
    }
    Ok(tracks.into())
}

fn track(entry: Vec<MatroskaSpec>) -> Result<Track, Refusal> {
    let (mut number, mut uid, mut kind, mut name) = (None, None, None, None);
    let (mut codec_id, mut codec_private) = (String::new(), Vec::new());
    let (mut video, mut audio) = (Vec::new(), Vec::new());
    for child in entry {
        match child {
            MatroskaSpec::TrackNumber(value) => number = Some(value),
            MatroskaSpec::TrackUID(value) => uid = Some(value),
            MatroskaSpec::TrackType(value) => kind = Some(value),
            MatroskaSpec::Name(value) => name = Some(value),
            MatroskaSpec::CodecID(value) => codec_id = value,
            MatroskaSpec::CodecPrivate(value) => codec_private = value,
            MatroskaSpec::Video(Master::Full(children)) => video = children,
            MatroskaSpec::Audio(Master::Full(children)) => audio = children,
            _ => {}
        }
    }
    let number =
        number.filter(|&number| number > 0).ok_or_else(|| Refusal::mkv("a track without a number"))?;
    let refuse = |what: &str| Refusal::mkv(format!("track {number} {what}"));
    let uid = uid.filter(|&uid| uid > 0).ok_or_else(|| refuse("has no UID"))?;
    let kind = match kind {
        Some(1) => picture(&video).ok_or_else(|| refuse("has no PixelWidth and PixelHeight"))?,
        Some(2) => sound(&audio).ok_or_else(|| refuse("has no SamplingFrequency"))?,
        Some(other) => return Err(refuse(&format!("is of type {other}, neither video (1) nor audio (2)"))),
        None => return Err(refuse("has no type")),
    };
    if codec_id.is_empty() {
        return Err(refuse("has no CodecID"));
    }
    codec_private::check(&codec_id, &codec_private).map_err(|reason| refuse(&reason))?;
    Ok(Track { number, uid, kind, name, codec_id, codec_private: codec_private.into() })
}

fn picture(video: &[MatroskaSpec]) -> Option<TrackKind> {
    let (mut width, mut height) = (0, 0);
    for child in video {
        match child {
            MatroskaSpec::PixelWidth(value) => width = *value,
            MatroskaSpec::PixelHeight(value) => height = *value,
            _ => {}
        }
    }
    (width > 0 && height > 0).then_some(TrackKind::Video { width, height })
}

fn sound(audio: &[MatroskaSpec]) -> Option<TrackKind> {
    let (mut sampling_rate, mut channels) = (0.0, 1);
    for child in audio {
        match child {
            MatroskaSpec::SamplingFrequency(value) => sampling_rate = *value,
            MatroskaSpec::Channels(value) => channels = *value,
            _ => {}
        }
    }
    (sampling_rate > 0.0).then_some(TrackKind::Audio { sampling_rate, channels })
}
