use std::time::{Duration, Instant};

use backpack_core::Timestamp;

/// A step back that is no more than this is disorder in the stream; beyond it, the stream has begun to count anew.
const DISORDER: Duration = Duration::from_secs(1);

/// Gives frames timestamps that only grow, whatever the stream's own do over a loop, a reconnection or a jump.
#[derive(Debug, Default)]
pub(crate) struct Timeline {
    /// What the stream calls `origin` is `base` here.
    origin: Duration,
    base: Timestamp,
    last: Option<(Timestamp, Instant)>,
    /// The next frame belongs to a stream that counts from a new zero.
    seam: bool,
}

impl Timeline {
    /// The stream begins again: its next frame follows the last one by as much as if nothing had happened.
    pub(crate) fn begin_again(&mut self) {
        self.seam = true;
    }

    /// The timestamp of a frame with the stream time `pts`.
    ///
    /// `step` is the distance to the last frame where the stream does not tell: the time that has passed for a live source, the length of a
    /// frame for a file.
    pub(crate) fn stamp(&mut self, pts: Option<Duration>, arrived: Instant, step: Step) -> Timestamp {
        let Some((last, last_arrived)) = self.last else {
            let first = pts.map_or(Timestamp::ZERO, Timestamp::from);
            self.last = Some((first, arrived));
            return first;
        };
        let passed = match step {
            Step::Elapsed => arrived.saturating_duration_since(last_arrived),
            Step::Of(frame) => frame,
        };
        let tick = Duration::from_nanos(1);
        let expected = last + passed.max(tick);
        let stamp = match pts {
            None => expected,
            Some(pts) => {
                let told = self.base + pts.saturating_sub(self.origin) - self.origin.saturating_sub(pts);
                if self.seam || told + DISORDER < last {
                    (self.origin, self.base, self.seam) = (pts, expected, false);
                    expected
                } else {
                    told.max(last + tick)
                }
            }
        };
        self.last = Some((stamp, arrived));
        stamp
    }
}

/// How far a frame lies behind the one before it, where the stream does not tell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    /// As far as their arrivals do.
    Elapsed,
    /// This far.
    Of(Duration),
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(40);

    fn stamps(timeline: &mut Timeline, millis: &[u64]) -> Vec<u128> {
        let stamp = |&ms: &u64| {
            let pts = Some(Duration::from_millis(ms));
            timeline.stamp(pts, Instant::now(), Step::Of(FRAME)).elapsed().as_millis()
        };
        millis.iter().map(stamp).collect()
    }

    #[test]
    fn a_stream_keeps_its_own_time() {
        assert_eq!(stamps(&mut Timeline::default(), &[7, 47, 90, 130]), [7, 47, 90, 130]);
    }

    #[test]
    fn a_loop_goes_on_by_one_frame() {
        let mut timeline = Timeline::default();
        stamps(&mut timeline, &[0, 40, 80]);
        timeline.begin_again();
        assert_eq!(stamps(&mut timeline, &[0, 40, 80]), [120, 160, 200]);
        timeline.begin_again();
        assert_eq!(stamps(&mut timeline, &[1000, 1040]), [240, 280]);
    }

    #[test]
    fn a_reconnection_goes_on_after_the_time_that_has_passed() {
        let mut timeline = Timeline::default();
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        timeline.stamp(Some(Duration::from_millis(100)), at(0), Step::Elapsed);
        timeline.begin_again();
        let pts = |ms| Some(Duration::from_millis(ms));
        assert_eq!(timeline.stamp(pts(5), at(3000), Step::Elapsed), Timestamp::from_millis(3100));
        assert_eq!(timeline.stamp(pts(45), at(3090), Step::Elapsed), Timestamp::from_millis(3140));
    }

    #[test]
    fn time_never_stands_still_or_runs_back() {
        let mut timeline = Timeline::default();
        let stamp = |timeline: &mut Timeline, ms| {
            timeline.stamp(Some(Duration::from_millis(ms)), Instant::now(), Step::Of(FRAME))
        };
        stamp(&mut timeline, 5000);
        assert_eq!(stamp(&mut timeline, 5000), Timestamp::from_nanos(5_000_000_001));
        assert_eq!(stamp(&mut timeline, 4990), Timestamp::from_nanos(5_000_000_002));
        assert_eq!(
            stamp(&mut timeline, 5040),
            Timestamp::from_millis(5040),
            "a little disorder shifts nothing"
        );
        assert_eq!(stamps(&mut timeline, &[0, 40]), [5080, 5120], "a jump back is a new beginning");
    }

    #[test]
    fn frames_without_a_time_follow_at_the_step() {
        let mut timeline = Timeline::default();
        let start = Instant::now();
        assert_eq!(timeline.stamp(None, start, Step::Of(FRAME)), Timestamp::ZERO);
        assert_eq!(timeline.stamp(None, start, Step::Of(FRAME)), Timestamp::from_millis(40));
        let later = start + Duration::from_millis(70);
        assert_eq!(timeline.stamp(None, later, Step::Elapsed), Timestamp::from_millis(110));
    }
}
