use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

/// A moment on a stream's own monotonic clock, counted from the stream's beginning.
///
/// It is not wall time: it never jumps when the device's clock is set. Where wall time is needed, it is attached once, as an anchor.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_core::Timestamp;
///
/// let frame = Timestamp::from_millis(1200);
/// let next = frame + Duration::from_millis(40);
/// assert_eq!(next.since(frame), Duration::from_millis(40));
/// assert_eq!(frame.since(next), Duration::ZERO);
/// assert_eq!(next.to_string(), "1.240 s");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(Duration);

impl Timestamp {
    /// The beginning of the stream.
    pub const ZERO: Timestamp = Timestamp(Duration::ZERO);

    /// The moment `nanos` nanoseconds after the beginning.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(Duration::from_nanos(nanos))
    }

    /// The moment `millis` milliseconds after the beginning.
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// The time since the beginning of the stream.
    pub const fn elapsed(self) -> Duration {
        self.0
    }

    /// Nanoseconds since the beginning of the stream; `u64::MAX` after 584 years.
    pub fn as_nanos(self) -> u64 {
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }

    /// The time since `earlier`, zero if `earlier` is in fact later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl From<Duration> for Timestamp {
    fn from(elapsed: Duration) -> Self {
        Self(elapsed)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Timestamp;

    /// Saturates at the end of time.
    fn add(self, step: Duration) -> Timestamp {
        Self(self.0.saturating_add(step))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Timestamp;

    /// Saturates at the beginning of the stream.
    fn sub(self, step: Duration) -> Timestamp {
        Self(self.0.saturating_sub(step))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} s", self.0.as_secs_f64())
    }
}
