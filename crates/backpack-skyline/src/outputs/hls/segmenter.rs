use backpack_core::Timestamp;

use crate::outputs::fmp4::{Sample, ticks};
use crate::{AccessUnit, KeyFrameRequest, StreamInfo};

/// The largest segment: it is kept in memory until it is complete.
const MAX_BYTES: usize = 64 << 20;

/// Cuts a stream into segments that begin at key frames and never exceed a limit.
///
/// How long a picture lasts is known when the next one comes, so the newest one is held back. All times are in ticks.
#[derive(Debug)]
pub(super) struct Segmenter {
    stream: StreamInfo,
    lengths: Lengths,
    request: KeyFrameRequest,
    open: Option<Open>,
    /// From the last picture but one to the last: what a picture lasts if nothing tells.
    usual: u64,
    /// Where the last segment ended.
    end: Option<u64>,
    asked: Option<u64>,
    /// How long before the wished end a key frame is asked for.
    lead: u64,
    dropped: u64,
}

/// How long segments are, in ticks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    /// A segment ends at the first key frame from here on.
    pub(super) wished: u64,
    /// A segment ends here, even without a key frame.
    pub(super) limit: u64,
}

/// A complete segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) samples: Vec<Sample>,
    /// When its first picture is shown.
    pub(super) shown: Timestamp,
    /// When its first picture is decoded, in ticks.
    pub(super) begins: u64,
    /// In ticks.
    pub(super) duration: u64,
    /// Whether it begins where the segment before ended.
    pub(super) follows: bool,
}

/// The segment that is being filled.
#[derive(Debug)]
struct Open {
    segment: Segment,
    bytes: usize,
    held: AccessUnit,
    held_at: u64,
}

impl Segmenter {
    pub(super) fn new(stream: &StreamInfo, lengths: Lengths, request: KeyFrameRequest) -> Self {
        Self {
            stream: stream.clone(),
            lengths,
            request,
            open: None,
            usual: ticks(stream.frame_rate.interval()).max(1),
            end: None,
            asked: None,
            lead: 0,
            dropped: 0,
        }
    }

    /// How many pictures were dropped since the last call, because no key frame came in time.
    pub(super) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// Adds a picture; returns the segment that it ends, if it does.
    pub(super) fn push(&mut self, unit: &AccessUnit) -> Result<Option<Segment>, String> {
        let now = ticks(unit.dts.elapsed());
        if unit.keyframe {
            self.learn(now);
        }
        let Some(open) = &mut self.open else {
            self.begin_or_drop(unit, now);
            return Ok(None);
        };
        let room = self.lengths.limit - (open.held_at - open.segment.begins);
        let step = now.checked_sub(open.held_at).filter(|step| (1..=room).contains(step));
        let duration = step.unwrap_or(self.usual.min(room));
        open.show_held(&self.stream, duration)?;
        if let Some(step) = step {
            self.usual = step;
            let elapsed = open.segment.duration;
            let full = elapsed == self.lengths.limit || open.bytes > MAX_BYTES;
            // Half a step, so that segments meet the wished length on average.
            let cut = unit.keyframe && elapsed + step / 2 >= self.lengths.wished;
            if !cut && !full {
                open.hold(unit, now);
                self.ask_in_time(now);
                return Ok(None);
            }
        }
        let segment = self.take_open();
        self.begin_or_drop(unit, now);
        Ok(segment)
    }

    /// Ends the segment with the picture that is held back.
    pub(super) fn finish(&mut self) -> Result<Option<Segment>, String> {
        let Some(open) = &mut self.open else { return Ok(None) };
        let room = self.lengths.limit - (open.held_at - open.segment.begins);
        open.show_held(&self.stream, self.usual.min(room))?;
        let segment = self.take_open();
        // Whatever comes next belongs to something else.
        self.end = None;
        Ok(segment)
    }

    fn take_open(&mut self) -> Option<Segment> {
        let segment = self.open.take()?.segment;
        self.end = Some(segment.begins + segment.duration);
        Some(segment)
    }

    fn begin_or_drop(&mut self, unit: &AccessUnit, now: u64) {
        if !unit.keyframe {
            self.dropped += 1;
            self.ask(now);
            return;
        }
        let follows = self.end == Some(now);
        let segment = Segment { samples: Vec::new(), shown: unit.pts, begins: now, duration: 0, follows };
        self.open = Some(Open { segment, bytes: 0, held: unit.clone(), held_at: now });
        self.ask_in_time(now);
    }

    /// Asks for a key frame if none came at the wished end by itself, or if one that is asked for later would come too late.
    fn ask_in_time(&mut self, now: u64) {
        let Some(open) = &self.open else { return };
        let elapsed = now - open.segment.begins;
        let is_due = elapsed > 0 && elapsed + self.lead >= self.lengths.wished;
        if is_due || elapsed + 2 * self.usual > self.lengths.limit {
            self.ask(now);
        }
    }

    /// Asks, but not again before the answer can be expected.
    fn ask(&mut self, now: u64) {
        if self.asked.is_none_or(|asked| now.abs_diff(asked) >= self.lengths.limit) {
            self.asked = Some(now);
            self.request.ask();
        }
    }

    /// A slow encoder is asked earlier the next time.
    fn learn(&mut self, now: u64) {
        if let Some(asked) = self.asked.take() {
            let spare = (self.lengths.limit - self.lengths.wished) / 2;
            self.lead = now.saturating_sub(asked).saturating_sub(spare).min(self.lengths.wished);
        }
    }
}

impl Open {
    /// Puts the picture that is held back into the segment.
    fn show_held(&mut self, stream: &StreamInfo, duration: u64) -> Result<(), String> {
        self.segment.samples.push(Sample::new(stream.codec, &self.held, duration)?);
        self.segment.duration += duration;
        self.bytes += self.held.data.len();
        Ok(())
    }

    fn hold(&mut self, unit: &AccessUnit, now: u64) {
        self.held = unit.clone();
        self.held_at = now;
    }
}
