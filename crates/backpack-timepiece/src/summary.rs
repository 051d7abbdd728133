use std::fmt;
use std::time::Duration;

/// Statistics of the latest durations.
///
/// All but `total` is over the kept durations only, so that it shows how things go now and not how they went on average since the program
/// started. Percentiles are by nearest rank: `p95` is the smallest kept duration that at least 95 % of them do not exceed.
///
/// Where nothing is kept, `count` and every duration are zero.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::Summary;
///
/// // Of 20 intervals between frames one is long: the median hides it, the 99th percentile does not.
/// let intervals = (0..20).map(|n| Duration::from_millis(if n == 7 { 240 } else { 40 }));
/// let summary: Summary = intervals.collect();
/// assert_eq!((summary.p50, summary.mean), (Duration::from_millis(40), Duration::from_millis(50)));
/// assert_eq!((summary.p95, summary.p99), (Duration::from_millis(40), Duration::from_millis(240)));
/// assert_eq!(summary.frequency(), Some(20.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Summary {
    /// How many durations there have been, kept or not, since the beginning or the last reset.
    pub total: u64,
    /// How many durations are kept.
    pub count: usize,
    /// The sum of the kept durations.
    pub sum: Duration,
    /// The shortest one.
    pub min: Duration,
    /// The mean, rounded down to a nanosecond.
    pub mean: Duration,
    /// The longest one.
    pub max: Duration,
    /// The standard deviation of the kept durations themselves (the population's: divided by `count`).
    pub std_dev: Duration,
    /// The median.
    pub p50: Duration,
    /// The 90th percentile.
    pub p90: Duration,
    /// The 95th percentile.
    pub p95: Duration,
    /// The 99th percentile.
    pub p99: Duration,
}

impl Summary {
    /// Takes the kept durations in nanoseconds, in any order, and leaves them sorted.
    pub(crate) fn of(nanos: &mut [u64], total: u64) -> Self {
        nanos.sort_unstable();
        let (&[min, ..], &[.., max]) = (&*nanos, &*nanos) else {
            return Self { total, ..Self::default() };
        };
        let count = nanos.len();
        let sum: u128 = nanos.iter().copied().map(u128::from).sum();
        let percentile = |percent: usize| Duration::from_nanos(nanos[(percent * count).div_ceil(100) - 1]);
        Self {
            total,
            count,
            sum: Duration::from_nanos_u128(sum),
            min: Duration::from_nanos(min),
            mean: Duration::from_nanos_u128(sum / count as u128),
            max: Duration::from_nanos(max),
            std_dev: std_dev(nanos, sum as f64 / count as f64),
            p50: percentile(50),
            p90: percentile(90),
            p95: percentile(95),
            p99: percentile(99),
        }
    }

    /// How many such durations one after another fill a second; `None` if they take no time.
    ///
    /// For the intervals of a [`Ticker`](crate::Ticker) this is the frequency of the ticks in hertz.
    pub fn frequency(&self) -> Option<f64> {
        (!self.sum.is_zero()).then(|| self.count as f64 / self.sum.as_secs_f64())
    }
}

/// A duration in nanoseconds, 584 years at most.
pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// In two passes, as the difference of two large sums of squares would lose its digits.
fn std_dev(nanos: &[u64], mean: f64) -> Duration {
    let squares: f64 = nanos.iter().map(|&nanos| (nanos as f64 - mean).powi(2)).sum();
    Duration::from_nanos((squares / nanos.len() as f64).sqrt().round() as u64)
}

/// The summary of durations that are all kept.
impl FromIterator<Duration> for Summary {
    fn from_iter<I: IntoIterator<Item = Duration>>(durations: I) -> Self {
        let mut nanos: Vec<u64> = durations.into_iter().map(nanos).collect();
        let total = nanos.len() as u64;
        Self::of(&mut nanos, total)
    }
}

/// One short line, such as `total=18000 min=31.02ms mean=33.33ms p95=35.10ms max=41.90ms`.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { total, min, mean, p95, max, .. } = self;
        write!(f, "total={total}")?;
        if self.count > 0 {
            write!(f, " min={min:.2?} mean={mean:.2?} p95={p95:.2?} max={max:.2?}")?;
        }
        Ok(())
    }
}
