use std::time::Duration;

use backpack_core::Timestamp;

/// The smallest step between two pictures: one tick of RTP's 90 kHz clock, rounded up.
const TICK: Duration = Duration::from_nanos(11_112);

/// The timestamps of one viewer, which begin at zero.
///
/// A player shows a picture as long after the first one as the timestamps say, counted from when the first one arrived. Pictures that waited before
/// they were sent arrive together; with their own timestamps the player would spread them out again and stay late from then on. So those
/// follow each other as closely as possible, and live pictures go on from there with their own distances.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// The decode time of the last picture, in the stream and here.
    last: Option<(Timestamp, Duration)>,
}

/// When a picture is decoded and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) dts: Duration,
    pub(crate) pts: Duration,
}

impl Timeline {
    /// The times of a picture that is sent as soon as it exists.
    pub(crate) fn live(&mut self, dts: Timestamp, pts: Timestamp) -> Stamp {
        let step = self.last.map_or(Duration::ZERO, |(before, _)| dts.since(before));
        self.advance(step, dts, pts)
    }

    /// The times of a picture that had to wait.
    pub(crate) fn late(&mut self, dts: Timestamp, pts: Timestamp) -> Stamp {
        self.advance(Duration::ZERO, dts, pts)
    }

    /// The last picture was sent so long after it came to exist: the next one follows it sooner by that much.
    pub(crate) fn was_late_by(&mut self, delay: Duration) {
        if let Some((last, _)) = &mut self.last {
            *last = Timestamp::from(last.elapsed().saturating_add(delay));
        }
    }

    fn advance(&mut self, step: Duration, dts: Timestamp, pts: Timestamp) -> Stamp {
        let at = self.last.map_or(Duration::ZERO, |(_, at)| at + step.max(TICK));
        self.last = Some((dts, at));
        Stamp { dts: at, pts: at + pts.since(dts) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn live_pictures_keep_their_distances_from_zero() {
        let mut timeline = Timeline::default();
        let dts = [1000, 1033, 1100].map(|millis| timeline.live(at(millis), at(millis)).dts);
        assert_eq!(dts, [ms(0), ms(33), ms(100)]);
    }

    #[test]
    fn pictures_that_waited_follow_each_other_closely_and_live_ones_go_on_from_there() {
        let mut timeline = Timeline::default();
        timeline.late(at(0), at(0));
        timeline.late(at(400), at(400));
        assert_eq!(timeline.late(at(800), at(800)).dts, 2 * TICK);
        timeline.was_late_by(ms(10));
        assert_eq!(timeline.live(at(840), at(840)).dts, 2 * TICK + ms(30));
        assert_eq!(timeline.live(at(880), at(880)).dts, 2 * TICK + ms(70));
    }

    #[test]
    fn times_never_go_back() {
        let mut timeline = Timeline::default();
        timeline.live(at(100), at(100));
        timeline.was_late_by(ms(500));
        assert_eq!(timeline.live(at(140), at(140)).dts, TICK);
        assert_eq!(timeline.live(at(120), at(120)).dts, 2 * TICK);
    }

    #[test]
    fn a_reordered_picture_is_shown_after_it_is_decoded() {
        let mut timeline = Timeline::default();
        timeline.live(at(100), at(180));
        assert_eq!(timeline.live(at(140), at(260)), Stamp { dts: ms(40), pts: ms(160) });
    }
}
