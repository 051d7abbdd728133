use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::SeqCst};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// 2020-01-01 00:00:00 UTC, in nanoseconds since 1970. It is fixed so that every run of a test prints the same time.
const FIRST_WALL: i64 = 1_577_836_800_000_000_000;

/// The hand that moves a [manual clock](crate::Clock::manual).
///
/// The monotonic time begins anywhere, as it does on a real machine, and the wall time on 2020-01-01 at 00:00:00 UTC. Nanoseconds are
/// counted in 64 bits: the monotonic time stops after 292 years, the wall time before the year 1678 and after 2261.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::Clock;
///
/// let (clock, time) = Clock::manual();
/// let (start, midnight) = (clock.now(), clock.wall());
/// time.advance(Duration::from_secs(90));
/// assert_eq!(clock.wall(), midnight + Duration::from_secs(90));
/// // A time server sets the wall clock back; durations stay right.
/// time.set_wall(midnight);
/// assert_eq!((clock.wall(), clock.now() - start), (midnight, Duration::from_secs(90)));
/// ```
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Hands>);

#[derive(Debug)]
struct Hands {
    base: Instant,
    /// Nanoseconds since `base`, never negative.
    elapsed: AtomicI64,
    /// Nanoseconds since 1970.
    wall: AtomicI64,
}

impl ManualClock {
    pub(crate) fn new() -> Self {
        let (elapsed, wall) = (AtomicI64::new(0), AtomicI64::new(FIRST_WALL));
        Self(Arc::new(Hands { base: Instant::now(), elapsed, wall }))
    }

    /// Lets time pass, on the monotonic clock and on the wall.
    pub fn advance(&self, step: Duration) {
        let step = saturating_nanos(step);
        for hand in [&self.0.elapsed, &self.0.wall] {
            hand.update(SeqCst, SeqCst, |nanos| nanos.saturating_add(step));
        }
    }

    /// Sets the wall clock, forwards or backwards, as a time server or a user would; the monotonic time does not notice.
    pub fn set_wall(&self, wall: SystemTime) {
        let nanos = match wall.duration_since(UNIX_EPOCH) {
            Ok(after) => saturating_nanos(after),
            Err(before) => -saturating_nanos(before.duration()),
        };
        self.0.wall.store(nanos, SeqCst);
    }

    pub(crate) fn now(&self) -> Instant {
        self.0.base + Duration::from_nanos(self.0.elapsed.load(SeqCst).unsigned_abs())
    }

    pub(crate) fn wall(&self) -> SystemTime {
        let nanos = self.0.wall.load(SeqCst);
        let distance = Duration::from_nanos(nanos.unsigned_abs());
        if nanos < 0 { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance }
    }
}

fn saturating_nanos(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}
