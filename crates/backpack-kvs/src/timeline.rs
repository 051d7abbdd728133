use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use backpack_core::Timestamp;
use backpack_skyline::AccessUnit;
use backpack_timepiece::Clock;

/// Reordered pictures go back less than this; what goes back further is another count of time.
const REORDERED: Duration = Duration::from_secs(2);

/// Turns a stream's timestamps into milliseconds since 1970, which never go back from key frame to key frame.
///
/// The wall clock is read once. After that the monotonic one counts, so that a device whose clock is set does not send two fragments of one time.
#[derive(Debug)]
pub(crate) struct Timeline {
    clock: Clock,
    /// What the wall clock and the monotonic clock showed at the same moment.
    anchor: Option<(Duration, Instant)>,
    /// When timestamp zero was, in nanoseconds since 1970; it may lie before 1970.
    zero: Option<i128>,
    newest: Option<Timestamp>,
    decoded: Option<Timestamp>,
}

impl Timeline {
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, anchor: None, zero: None, newest: None, decoded: None }
    }

    /// A stream whose timestamp zero was at `started`; at the Unix epoch nobody told, and the clock tells with the first unit.
    pub(crate) fn begin(&mut self, started: SystemTime) {
        let since = since_epoch(started);
        self.zero = (!since.is_zero()).then_some(since.as_nanos() as i128);
        self.newest = None;
        self.decoded = None;
    }

    /// How far this unit's timestamp lies before what may come here, if it does.
    pub(crate) fn jump_back(&self, unit: &AccessUnit) -> Option<Duration> {
        // A decode time of its own that goes on says that the picture is only shown early.
        let has_decode_time = unit.dts != unit.pts && self.decoded.is_some_and(|decoded| unit.dts > decoded);
        let back = self.newest?.since(unit.pts);
        (back > REORDERED && !has_decode_time).then_some(back)
    }

    /// The unit's time in milliseconds since 1970.
    pub(crate) fn place(&mut self, unit: &AccessUnit) -> u64 {
        let zero = match self.zero {
            Some(zero) => zero,
            None => self.now().as_nanos() as i128 - i128::from(unit.pts.as_nanos()),
        };
        self.zero = Some(zero);
        self.newest = self.newest.max(Some(unit.pts));
        self.decoded = self.decoded.max(Some(unit.dts));
        millis(zero + i128::from(unit.pts.as_nanos()))
    }

    /// Counts anew, so that this unit is now, but not before `earliest`.
    pub(crate) fn restart(&mut self, unit: &AccessUnit, earliest: u64) {
        let now = self.now().max(Duration::from_millis(earliest));
        self.zero = Some(now.as_nanos() as i128 - i128::from(unit.pts.as_nanos()));
        self.newest = None;
        self.decoded = None;
    }

    fn now(&mut self) -> Duration {
        let clock = &self.clock;
        let (wall, moment) = *self.anchor.get_or_insert_with(|| (since_epoch(clock.wall()), clock.now()));
        wall + self.clock.now().saturating_duration_since(moment)
    }
}

fn since_epoch(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn millis(nanos: i128) -> u64 {
    u64::try_from(nanos / 1_000_000).unwrap_or_default()
}
