use backpack_core::Timestamp;
use bytes::Bytes;

use crate::outputs::fmp4::{Sample, fragment, ticks};
use crate::{AccessUnit, Codec, StreamInfo};

/// Turns access units into the pieces of a fragmented MP4 file.
///
/// Players for `MediaSource` throw away everything up to the next key frame when a picture comes later than twice the duration that was
/// announced for the one before. But a unit's duration is not known before the next one comes, and waiting for that would cost a frame of
/// latency. So the file has a timeline of its own in which no step is that long: a pause in the stream is no pause in the file. Whoever
/// watches live does not miss it.
#[derive(Debug)]
pub(crate) struct Fragments {
    codec: Codec,
    sequence: u32,
    /// The duration that was announced for the last unit, in ticks.
    announced: u64,
    /// The last unit's decode time in the stream, and in the file in ticks.
    last: Option<(Timestamp, u64)>,
}

impl Fragments {
    pub(crate) fn new(stream: &StreamInfo) -> Self {
        Self {
            codec: stream.codec,
            sequence: 0,
            announced: ticks(stream.frame_rate.interval()).max(1),
            last: None,
        }
    }

    /// The decode time of the next unit in the file, in ticks.
    fn advance(&mut self, dts: Timestamp) -> u64 {
        let at = match self.last {
            None => ticks(dts.elapsed()),
            Some((before, at)) => {
                let step = ticks(dts.since(before)).max(1);
                let allowed = if step + 2 < 2 * self.announced { step } else { self.announced };
                self.announced = step.min(2 * self.announced);
                at + allowed
            }
        };
        self.last = Some((dts, at));
        at
    }

    /// One unit as a fragment.
    pub(crate) fn fragment(&mut self, unit: &AccessUnit) -> Result<Bytes, String> {
        let at = self.advance(unit.dts);
        self.sequence = self.sequence.wrapping_add(1);
        let sample = Sample::new(self.codec, unit, self.announced.min(u32::MAX.into()))?;
        fragment(self.sequence, at, &[sample]).map(Bytes::from)
    }
}
