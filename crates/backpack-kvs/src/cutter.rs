use std::sync::Arc;
use std::time::{Duration, SystemTime};

use backpack_skyline::{AccessUnit, Codec, KeyFrameRequest};
use backpack_timepiece::Clock;
use bytes::Bytes;

use crate::metadata::Metadata;
use crate::mkv::Block;
use crate::nal::Nal;
use crate::parameter_sets::ParameterSets;
use crate::timeline::Timeline;
use crate::track::Track;
use crate::{Framing, PutError};

/// The service takes no shorter fragments, and no more than five a second.
const SHORTEST: Duration = Duration::from_secs(1);

/// The service takes no longer fragments.
pub(crate) const LONGEST: Duration = Duration::from_secs(20);

/// The service takes no fragment of more than 50 MB; what is around the pictures is counted, and some is left for tags.
pub(crate) const LARGEST: usize = 50_000_000 - 65_536;

/// So many pictures may be shown before the key frame that they follow.
const LEADING: usize = 32;

/// How fragments are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// A key frame is asked for when a fragment is so long.
    pub(crate) duration: Duration,
    /// The most bytes of one fragment.
    pub(crate) bytes: usize,
}

/// What is to be done with a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A fragment begins at this time, in milliseconds since 1970.
    Begin { track: Arc<Track>, timecode: u64 },
    /// It goes on with a picture that is shown at this time.
    Picture { bytes: Bytes, time: u64 },
    /// It has ended; these are its tags.
    End { tags: Option<Bytes> },
}

/// Makes fragments out of access units.
pub(crate) struct Cutter {
    cut: Cut,
    codec: Codec,
    framing: Framing,
    sets: ParameterSets,
    track: Option<Arc<Track>>,
    timeline: Timeline,
    fragment: Option<Fragment>,
    /// The key frame that began a fragment, and the pictures after it that are shown before it: the earliest gives the fragment its time.
    held: Vec<(u64, Block)>,
    /// The latest picture so far.
    latest: Option<u64>,
    /// How often timestamps went back, so that time was counted anew.
    pub(crate) restarts: u64,
    pub(crate) metadata: Metadata,
    pub(crate) key_frames: KeyFrameRequest,
}

#[derive(Debug)]
struct Fragment {
    track: Arc<Track>,
    /// When its key frame is shown, and when it begins once that is known.
    key: u64,
    timecode: Option<u64>,
    bytes: usize,
    has_asked: bool,
}

/// A unit that was looked at.
struct Picture {
    block: Block,
    is_key: bool,
    may_lead: bool,
}

impl Cutter {
    pub(crate) fn new(cut: Cut, clock: Clock) -> Self {
        Self {
            cut,
            codec: Codec::H264,
            framing: Framing::AnnexB,
            sets: ParameterSets::default(),
            track: None,
            timeline: Timeline::new(clock),
            fragment: None,
            held: Vec::new(),
            latest: None,
            restarts: 0,
            metadata: Metadata::default(),
            key_frames: KeyFrameRequest::default(),
        }
    }

    /// Begins a stream, after ending the one before.
    pub(crate) fn begin(
        &mut self,
        codec: Codec,
        framing: Framing,
        sets: ParameterSets,
        started: SystemTime,
    ) -> Vec<Step> {
        let steps = self.end();
        self.codec = codec;
        self.framing = framing;
        self.sets = sets;
        self.timeline.begin(started);
        steps
    }

    /// Ends the fragment, if there is one.
    pub(crate) fn end(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        self.release(&mut steps);
        if self.fragment.take().is_some() {
            steps.push(Step::End { tags: self.metadata.take() });
        }
        steps
    }

    pub(crate) fn is_open(&self) -> bool {
        self.fragment.is_some()
    }

    /// Takes the next unit. What is to be done comes first also if the unit is refused, as its fragment may have ended.
    pub(crate) fn put(&mut self, unit: &AccessUnit) -> (Vec<Step>, Result<(), PutError>) {
        let mut steps = Vec::new();
        let result = self.take(unit, &mut steps);
        if result.is_err() && self.fragment.is_none() {
            self.key_frames.ask();
        }
        (steps, result)
    }

    fn take(&mut self, unit: &AccessUnit, steps: &mut Vec<Step>) -> Result<(), PutError> {
        let picture = self.look_at(unit)?;
        if picture.is_key {
            self.take_key(unit, picture, steps)
        } else {
            self.take_other(unit, picture, steps)
        }
    }

    /// Finds out what the unit is and, with a key frame, which track it begins.
    fn look_at(&mut self, unit: &AccessUnit) -> Result<Picture, PutError> {
        let units = self.framing.split(&unit.data).ok_or_else(|| {
            PutError::Malformed("the lengths of its NAL units do not fit its bytes".to_owned())
        })?;
        let (mut has_slice, mut is_key, mut may_lead) = (false, unit.keyframe, false);
        for nal in units.iter().map(|nal| Nal::of(self.codec, nal)) {
            if let Nal::Slice { is_key: is_key_slice, may_lead: leads } = nal {
                has_slice = true;
                is_key |= is_key_slice;
                may_lead |= leads;
            }
        }
        if !has_slice {
            return Err(PutError::Malformed(format!("it holds no picture of {}", self.codec)));
        }
        if is_key {
            self.sets.update(self.codec, &units)?;
            let track = self.sets.track(self.codec)?;
            if self.track.as_deref() != Some(&track) {
                self.track = Some(Arc::new(track));
            }
        }
        let is_kept = |nal: &&[u8]| match Nal::of(self.codec, nal) {
            Nal::Filler => false,
            // A set that the header does not have stays with its picture.
            Nal::Vps | Nal::Sps | Nal::Pps => !self.sets.contains(nal),
            Nal::Slice { .. } | Nal::Other => true,
        };
        let kept: Vec<_> = units.into_iter().filter(is_kept).collect();
        Ok(Picture { block: Block::new(&kept, is_key), is_key, may_lead })
    }

    fn take_key(
        &mut self,
        unit: &AccessUnit,
        picture: Picture,
        steps: &mut Vec<Step>,
    ) -> Result<(), PutError> {
        self.release(steps);
        let time = self.place_key(unit, steps);
        let Some(track) = self.track.clone() else { return Err(PutError::NeedsKeyFrame) };
        if self.fragment.as_ref().is_some_and(|fragment| self.has_room(fragment, &track, time)) {
            return self.go_on(time, picture.block, steps);
        }
        steps.extend(self.end());
        if picture.block.len() > self.cut.bytes {
            return Err(PutError::FragmentTooLarge(self.cut.bytes));
        }
        self.fragment = Some(Fragment { track, key: time, timecode: None, bytes: 0, has_asked: false });
        self.held.push((time, picture.block));
        if !picture.may_lead {
            self.release(steps);
        }
        Ok(())
    }

    /// The time of a key frame, which is after all pictures before.
    fn place_key(&mut self, unit: &AccessUnit, steps: &mut Vec<Step>) -> u64 {
        let earliest = self.latest.map_or(0, |latest| latest + 1);
        if self.timeline.jump_back(unit).is_none() {
            let time = self.timeline.place(unit);
            if time >= earliest {
                return time;
            }
        }
        // Fragments must not overlap, so the stream's time goes on from what the clock shows now.
        steps.extend(self.end());
        self.restarts += 1;
        self.timeline.restart(unit, earliest);
        self.timeline.place(unit).max(earliest)
    }

    /// Whether a fragment is too short to end at a key frame.
    fn has_room(&self, fragment: &Fragment, track: &Arc<Track>, time: u64) -> bool {
        fragment.track == *track
            && u128::from(time.saturating_sub(fragment.key)) < SHORTEST.as_millis()
            && fragment.bytes <= self.cut.bytes / 2
    }

    fn take_other(
        &mut self,
        unit: &AccessUnit,
        picture: Picture,
        steps: &mut Vec<Step>,
    ) -> Result<(), PutError> {
        let Some(fragment) = &self.fragment else { return Err(PutError::NeedsKeyFrame) };
        let key = fragment.key;
        if let Some(back) = self.timeline.jump_back(unit) {
            steps.extend(self.end());
            return Err(PutError::TimestampBack(back));
        }
        let time = self.timeline.place(unit);
        if fragment.timecode.is_none() {
            let follows = self.latest.is_none_or(|latest| time > latest);
            if time < key && follows && self.held.len() < LEADING {
                self.held.push((time, picture.block));
                return Ok(());
            }
            self.release(steps);
        }
        let begins = self.fragment.as_ref().and_then(|fragment| fragment.timecode).unwrap_or(key);
        if time < begins {
            return Err(PutError::TimestampBack(Duration::from_millis(begins - time)));
        }
        self.go_on(time, picture.block, steps)
    }

    /// Adds a picture to the fragment, or ends that if there is no room.
    fn go_on(&mut self, time: u64, block: Block, steps: &mut Vec<Step>) -> Result<(), PutError> {
        let Some(fragment) = &mut self.fragment else { return Err(PutError::NeedsKeyFrame) };
        let begins = fragment.timecode.unwrap_or(fragment.key);
        let offset = Duration::from_millis(time.saturating_sub(begins));
        if offset >= LONGEST {
            steps.extend(self.end());
            return Err(PutError::FragmentTooLong(LONGEST));
        }
        if fragment.bytes + block.len() > self.cut.bytes {
            steps.extend(self.end());
            return Err(PutError::FragmentTooLarge(self.cut.bytes));
        }
        fragment.bytes += block.len();
        let is_due = offset >= self.cut.duration || fragment.bytes > self.cut.bytes / 5 * 4;
        if is_due && !fragment.has_asked {
            fragment.has_asked = true;
            self.key_frames.ask();
        }
        self.latest = self.latest.max(Some(time));
        // It is below 20 s here.
        let offset = i16::try_from(offset.as_millis()).unwrap_or(i16::MAX);
        steps.push(Step::Picture { bytes: block.at(offset), time });
        Ok(())
    }

    /// Begins the fragment with what was held back.
    fn release(&mut self, steps: &mut Vec<Step>) {
        let Some(fragment) = &mut self.fragment else { return };
        let Some(timecode) = self.held.iter().map(|(time, _)| *time).min() else { return };
        fragment.timecode = Some(timecode);
        steps.push(Step::Begin { track: Arc::clone(&fragment.track), timecode });
        for (time, block) in std::mem::take(&mut self.held) {
            // They are all within a few pictures of the key frame.
            let _ = self.go_on(time, block, steps);
        }
    }
}
