use std::fmt;
use std::time::{Duration, SystemTime};

use crate::{Distribution, Summary};

/// What a tachometer has measured in one window.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, Report, Tachometer};
///
/// let (clock, time) = Clock::manual();
/// let print = |report: Report| println!("{report}");
/// let mut tachometer = Tachometer::with_clock(Duration::from_secs(10), print, clock);
/// for _frame in 0..=250 {
///     tachometer.tick();
///     time.advance(Duration::from_millis(40));
/// }
/// // It prints: 10.00s: total=250 min=40.00ms mean=40.00ms p95=40.00ms max=40.00ms
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// When the window ended, by the wall clock.
    pub time: SystemTime,
    /// How long it was, by the monotonic clock.
    pub window: Duration,
    /// Statistics of all durations in it. All are exact but the percentiles, which differ by less than 0.8 % from those of the durations.
    pub summary: Summary,
    /// The durations themselves, each within 0.8 % of the value that stands for it.
    pub distribution: Distribution,
}

/// The length of the window and the summary, in one line.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2?}: {}", self.window, self.summary)
    }
}
