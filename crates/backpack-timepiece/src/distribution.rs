use std::time::Duration;

use crate::bin::Bin;
use crate::bucket;
use crate::summary::nanos;

/// How many durations there were of each length, in few enough numbers to be sent away.
///
/// It is made of values and counts: each value stands for so many durations and is their mean. The shortest and the longest duration stand
/// for themselves, so that minimum, maximum, count and sum are exact, whatever is taken together between them.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::Distribution;
///
/// let frames: Distribution = (1..=1000).map(|n| Duration::from_micros(33_000 + n)).collect();
/// assert_eq!((frames.values().count(), frames.relative_error()), (1000, 0.0));
///
/// // What one metric may have in a request of Amazon CloudWatch.
/// let metric = frames.condensed(150);
/// assert!(metric.values().count() <= 150 && metric.relative_error() < 0.001);
/// let sum: f64 = metric.values().map(|(seconds, count)| seconds * count as f64).sum();
/// assert!((sum - 33.5005).abs() < 1e-9);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distribution {
    /// From the shortest durations to the longest.
    bins: Vec<Bin>,
}

impl Distribution {
    /// Takes bins in the order of their durations.
    pub(crate) fn new(bins: Vec<Bin>) -> Self {
        Self { bins }
    }

    /// Takes durations in nanoseconds in their order.
    pub(crate) fn of_sorted(nanos: &[u64]) -> Self {
        let equal = nanos.chunk_by(|a, b| a == b);
        let bin = |group: &[u64]| group.iter().map(|&nanos| Bin::of(nanos)).reduce(Bin::and);
        Self::new(equal.filter_map(bin).collect())
    }

    /// Takes bins in the order of their durations, and makes the shortest duration and the longest bins of their own.
    pub(crate) fn with_ends(mut bins: Vec<Bin>, min: u64, max: u64) -> Self {
        if let Some(first) = bins.first_mut().filter(|first| first.first < first.last) {
            *first = first.without(min);
            bins.insert(0, Bin::of(min));
        }
        if let Some(last) = bins.last_mut().filter(|last| last.first < last.last) {
            *last = last.without(max);
            bins.push(Bin::of(max));
        }
        bins.retain(|bin| bin.count > 0);
        Self::new(bins)
    }

    /// The value that at least `percent` % of the durations do not exceed, by nearest rank.
    pub(crate) fn percentile(&self, percent: u64) -> Duration {
        let rank = (u128::from(self.count()) * u128::from(percent)).div_ceil(100);
        let mut counted = 0;
        let reached = |bin: &&Bin| {
            counted += u128::from(bin.count);
            counted >= rank
        };
        Duration::from_nanos(self.bins.iter().find(reached).map_or(0, |bin| bin.mean().round() as u64))
    }

    /// The values in seconds, from the shortest to the longest, each with the number of durations for which it stands.
    pub fn values(&self) -> impl ExactSizeIterator<Item = (f64, u64)> + '_ {
        self.bins.iter().map(|bin| (bin.mean() / 1e9, bin.count))
    }

    /// How many durations there were.
    pub fn count(&self) -> u64 {
        self.bins.iter().map(|bin| bin.count).sum()
    }

    /// By which part of itself a duration differs from the value that stands for it, at most.
    pub fn relative_error(&self) -> f64 {
        self.bins.iter().map(Bin::relative_error).fold(0.0, f64::max)
    }

    /// The same with at most `limit` values.
    ///
    /// It takes together what lies within the same small part of its size, so that the relative error is about the same for short and long
    /// durations. With 150 values it is 1.6 % at most where the longest duration is no more than three times the shortest, and 6.3 % where it
    /// is two hundred times. With fewer than three values one has to stand for all.
    #[must_use]
    pub fn condensed(&self, limit: usize) -> Distribution {
        if self.bins.len() <= limit {
            return self.clone();
        }
        let [first, middle @ .., last] = &self.bins[..] else { return self.united() };
        let Some(room) = limit.checked_sub(2).filter(|&room| room > 0) else { return self.united() };
        let groups = (0..).map(|coarseness| grouped(middle, coarseness)).find(|groups| groups.len() <= room);
        let groups = groups.into_iter().flatten();
        Self::new(std::iter::once(*first).chain(groups).chain([*last]).collect())
    }

    /// One value for all.
    fn united(&self) -> Distribution {
        Self::new(self.bins.iter().copied().reduce(Bin::and).into_iter().collect())
    }
}

/// Takes bins together that one bucket holds: with each step of coarseness a bucket is twice as wide, from nearly nothing on.
fn grouped(bins: &[Bin], coarseness: u32) -> Vec<Bin> {
    const FINEST: u32 = 32;
    let (digits, octaves) = (FINEST.saturating_sub(coarseness), coarseness.saturating_sub(FINEST));
    let bucket = |bin: &Bin| bucket::index(bin.first, digits) >> octaves;
    let groups = bins.chunk_by(|a, b| bucket(a) == bucket(b));
    groups.filter_map(|group| group.iter().copied().reduce(Bin::and)).collect()
}

impl FromIterator<Duration> for Distribution {
    fn from_iter<I: IntoIterator<Item = Duration>>(durations: I) -> Self {
        let mut nanos: Vec<u64> = durations.into_iter().map(nanos).collect();
        nanos.sort_unstable();
        Self::of_sorted(&nanos)
    }
}
