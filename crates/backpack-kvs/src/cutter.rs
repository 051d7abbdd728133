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

/// And they are shown so little before it.
const LEADING_MILLIS: u64 = 2000;

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
            if self.may_hold(key, time, picture.block.len()) {
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

    /// Whether a picture may stand in a fragment whose time is open: it is shown before the key frame, but behind the fragment before.
    fn may_hold(&self, key: u64, time: u64, bytes: usize) -> bool {
        let is_behind = self.latest.is_none_or(|latest| time > latest);
        let is_near = time < key && key - time <= LEADING_MILLIS && self.held.len() < LEADING;
        let held = self.held.iter().map(|(_, block)| block.len()).sum::<usize>();
        is_behind && is_near && held + bytes <= self.cut.bytes
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
            // There is room for them, as `may_hold` sees to.
            let _ = self.go_on(time, block, steps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{PPS, SPS, byte_stream, delta, key, key_of, large};
    use backpack_core::Timestamp;
    use proptest::prelude::*;

    const STARTED: u64 = 1_700_000_000_000;

    fn cutter() -> Cutter {
        cutter_of(1 << 20)
    }

    fn cutter_of(bytes: usize) -> Cutter {
        let mut cutter = Cutter::new(Cut { duration: Duration::from_secs(2), bytes }, Clock::manual().0);
        let started = SystemTime::UNIX_EPOCH + Duration::from_millis(STARTED);
        cutter.begin(Codec::H264, Framing::AnnexB, ParameterSets::default(), started);
        cutter
    }

    /// What became of the units: fragments as lists of times since the stream's start, of which the first is the fragment's own.
    fn fragments(cutter: &mut Cutter, units: &[AccessUnit]) -> Vec<Vec<u64>> {
        let mut steps: Vec<_> = units.iter().flat_map(|unit| cutter.put(unit).0).collect();
        steps.extend(cutter.end());
        grouped(&steps)
    }

    fn grouped(steps: &[Step]) -> Vec<Vec<u64>> {
        let mut fragments = Vec::new();
        for step in steps {
            match step {
                Step::Begin { timecode, .. } => fragments.push(vec![timecode - STARTED]),
                Step::Picture { time, .. } => fragments.last_mut().unwrap().push(time - STARTED),
                Step::End { .. } => {}
            }
        }
        fragments
    }

    /// The offset in a block.
    fn offset(step: &Step) -> i16 {
        let Step::Picture { bytes, .. } = step else { panic!("{step:?} is no picture") };
        i16::from_be_bytes([bytes[3], bytes[4]])
    }

    #[test]
    fn a_fragment_is_a_group_of_pictures_and_lasts_a_second_at_least() {
        let mut cutter = cutter();
        let units = [key(0), delta(400), key(800), delta(1200), key(1600), delta(2000), key(2400)];
        let expected = [vec![0, 0, 400, 800, 1200], vec![1600, 1600, 2000, 2400]];
        assert_eq!(fragments(&mut cutter, &units), expected);
        assert!(!cutter.key_frames.take());
    }

    #[test]
    fn a_key_frame_is_asked_for_once_when_a_fragment_is_long_enough() {
        let mut cutter = cutter();
        for millis in [0, 1000, 1999] {
            cutter.put(&if millis == 0 { key(0) } else { delta(millis) }).1.unwrap();
            assert!(!cutter.key_frames.take(), "at {millis} ms");
        }
        cutter.put(&delta(2000)).1.unwrap();
        assert!(cutter.key_frames.take());
        cutter.put(&delta(2100)).1.unwrap();
        assert!(!cutter.key_frames.take());
    }

    #[test]
    fn a_fragment_ends_before_it_is_too_long_and_what_follows_needs_a_key_frame() {
        let mut cutter = cutter();
        cutter.put(&key(0)).1.unwrap();
        cutter.put(&delta(19_999)).1.unwrap();
        cutter.key_frames.take();
        let (steps, result) = cutter.put(&delta(20_000));
        assert_eq!(
            (steps, result),
            (vec![Step::End { tags: None }], Err(PutError::FragmentTooLong(LONGEST)))
        );
        assert!(cutter.key_frames.take());
        assert_eq!(cutter.put(&delta(20_100)), (Vec::new(), Err(PutError::NeedsKeyFrame)));
        assert_eq!(fragments(&mut cutter, &[key(20_200)]), [[20_200, 20_200]]);
    }

    #[test]
    fn a_fragment_ends_before_it_is_too_large() {
        let mut cutter = cutter_of(10_000);
        cutter.put(&key(0)).1.unwrap();
        cutter.put(&large(delta(40), 8_500)).1.unwrap();
        assert!(cutter.key_frames.take(), "a key frame is asked for in time");
        let (steps, result) = cutter.put(&large(delta(80), 5_000));
        assert_eq!(
            (steps, result),
            (vec![Step::End { tags: None }], Err(PutError::FragmentTooLarge(10_000)))
        );
        assert_eq!(cutter.put(&large(key(120), 20_000)).1, Err(PutError::FragmentTooLarge(10_000)));
    }

    #[test]
    fn pictures_that_are_shown_before_their_key_frame_give_the_fragment_its_time() {
        let mut cutter = cutter();
        // An open group: the key frame is an I slice, and two pictures are shown before it.
        let open = |millis| {
            let data = byte_stream(&[SPS[0], PPS, &[0x41, 0x88, 1]]);
            AccessUnit::new(data, Timestamp::from_millis(millis), true)
        };
        let units = [key(0), delta(40), open(1120), delta(1040), delta(1080), delta(1160), delta(1140)];
        let mut steps: Vec<_> = units.iter().flat_map(|unit| cutter.put(unit).0).collect();
        steps.extend(cutter.end());
        assert_eq!(grouped(&steps), [vec![0, 0, 40], vec![1040, 1120, 1040, 1080, 1160, 1140]]);
        let pictures = steps.iter().filter(|step| matches!(step, Step::Picture { .. }));
        assert_eq!(pictures.map(offset).collect::<Vec<_>>(), [0, 40, 80, 0, 40, 120, 100]);
    }

    #[test]
    fn another_size_begins_another_fragment_with_another_track() {
        let mut cutter = cutter();
        let units = [key(0), delta(40), key_of(1, 80), delta(120)];
        let steps: Vec<_> = units.iter().flat_map(|unit| cutter.put(unit).0).collect();
        let tracks: Vec<_> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Begin { track, .. } => Some((track.width, track.height)),
                _ => None,
            })
            .collect();
        assert_eq!(tracks, [(64, 48), (96, 80)]);
    }

    #[test]
    fn a_stream_without_parameter_sets_is_an_error_until_they_come_and_they_are_kept() {
        let mut cutter = cutter();
        let bare = |millis| {
            let data = byte_stream(&[&[0x65, 0x88, 1]]);
            AccessUnit::new(data, Timestamp::from_millis(millis), true)
        };
        let missing = PutError::NoParameterSets { codec: Codec::H264, kind: "sequence" };
        assert_eq!(cutter.put(&bare(0)), (Vec::new(), Err(missing)));
        assert!(cutter.key_frames.take());
        assert_eq!(cutter.put(&delta(40)).1, Err(PutError::NeedsKeyFrame));
        assert_eq!(fragments(&mut cutter, &[key(80), bare(2000)]), [[80, 80], [2000, 2000]]);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        let mut cutter = cutter();
        for data in [&[][..], &[1, 2, 3], &[0, 0, 1, 9, 0xf0]] {
            let unit = AccessUnit::new(data.to_vec(), Timestamp::ZERO, true);
            assert!(matches!(cutter.put(&unit).1, Err(PutError::Malformed(_))), "{data:?}");
        }
    }

    #[test]
    fn timestamps_that_jump_back_go_on_behind_what_was_sent() {
        let mut cutter = cutter();
        let units = [key(90_000), delta(90_040), delta(10), key(50), delta(90)];
        let steps: Vec<_> = units.iter().flat_map(|unit| cutter.put(unit).0).collect();
        let grouped = grouped(&steps);
        // The manual clock shows a time before `STARTED`, so that it goes on directly behind.
        assert_eq!(grouped, [vec![90_000, 90_000, 90_040], vec![90_041, 90_041, 90_081]]);
        assert_eq!(cutter.restarts, 1);
    }

    #[test]
    fn filler_and_known_sets_do_not_come_into_blocks_but_unknown_sets_do() {
        let mut cutter = cutter();
        let (steps, _) = cutter.put(&key(0));
        let Step::Picture { bytes, .. } = &steps[1] else { panic!("{steps:?}") };
        assert_eq!(bytes[..], [0xa3, 0x8c, 0x81, 0, 0, 0x80, 0, 0, 0, 4, 0x65, 0x88, 0x84, 1]);
        let other =
            AccessUnit::new(byte_stream(&[&[0x68, 1, 2], &[0x41, 1]]), Timestamp::from_millis(40), false);
        let (steps, _) = cutter.put(&other);
        let Step::Picture { bytes, .. } = &steps[0] else { panic!("{steps:?}") };
        assert_eq!(bytes[6..], [0, 0, 0, 3, 0x68, 1, 2, 0, 0, 0, 2, 0x41, 1]);
    }

    #[test]
    fn a_stream_whose_start_nobody_told_is_of_now() {
        let (clock, time) = Clock::manual();
        let mut cutter = Cutter::new(Cut { duration: Duration::from_secs(2), bytes: 1 << 20 }, clock.clone());
        time.advance(Duration::from_secs(5));
        let (steps, _) = cutter.put(&key(700));
        let now = clock.wall().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as u64;
        assert!(matches!(steps[0], Step::Begin { timecode, .. } if timecode == now), "{steps:?}");
    }

    proptest! {
        #[test]
        fn whatever_comes_fragments_are_within_the_limits_and_in_order(
            units in prop::collection::vec((0_u8..4, 0_u64..40_000, 0_usize..3_000), 0..80),
        ) {
            let mut cutter = cutter_of(20_000);
            let mut steps = Vec::new();
            let mut taken = 0;
            for &(kind, millis, size) in &units {
                let unit = match kind {
                    0 => key(millis),
                    1 => key_of(1, millis),
                    _ => large(delta(millis), size),
                };
                let (new, result) = cutter.put(&unit);
                steps.extend(new);
                taken += usize::from(result.is_ok());
            }
            steps.extend(cutter.end());
            let (mut begun, mut last, mut bytes, mut is_open, mut pictures) = (0, 0, 0, false, 0);
            for step in &steps {
                match step {
                    Step::Begin { timecode, .. } => {
                        prop_assert!(!is_open && *timecode > last);
                        (begun, last, bytes, is_open) = (*timecode, *timecode, 0, true);
                    }
                    Step::Picture { bytes: block, time } => {
                        prop_assert!(is_open && (begun..begun + 20_000).contains(time));
                        prop_assert_eq!(i64::from(offset_of(block)), (*time - begun) as i64);
                        prop_assert!(bytes > 0 || is_key(block), "a fragment begins with a key frame");
                        bytes += block.len();
                        prop_assert!(bytes <= 20_000);
                        last = last.max(*time);
                        pictures += 1;
                    }
                    Step::End { .. } => {
                        prop_assert!(is_open);
                        is_open = false;
                    }
                }
            }
            prop_assert!(!is_open);
            prop_assert_eq!(pictures, taken);
        }
    }

    /// Where the number of the track is in a block with a size of one or four bytes.
    fn track_at(block: &[u8]) -> usize {
        if block[1] & 0x80 == 0 { 5 } else { 2 }
    }

    fn offset_of(block: &[u8]) -> i16 {
        i16::from_be_bytes([block[track_at(block) + 1], block[track_at(block) + 2]])
    }

    fn is_key(block: &[u8]) -> bool {
        block[track_at(block) + 3] & 0x80 != 0
    }
}
