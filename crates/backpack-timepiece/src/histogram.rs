use std::time::Duration;

use crate::bin::Bin;
use crate::{Distribution, Summary, bucket};

/// How often durations of each length occurred, in constant memory and whatever their number.
///
/// The memory is asked for zeroed and touched only where durations fall, so that of the 119 kB a usual frame loop occupies a few.
#[derive(Debug)]
pub(crate) struct Histogram {
    tallies: Vec<Tally>,
    count: u64,
    sum: u128,
    /// `u64::MAX` while nothing is recorded.
    min: u64,
    max: u64,
    /// The sum of the squares.
    squares: u128,
}

/// The durations in one bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    count: u64,
    sum: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        let tallies = vec![Tally::default(); bucket::COUNT];
        Self { tallies, count: 0, sum: 0, min: u64::MAX, max: 0, squares: 0 }
    }

    pub(crate) fn record(&mut self, nanos: u64) {
        let tally = &mut self.tallies[index(nanos)];
        tally.count += 1;
        tally.sum = tally.sum.saturating_add(nanos);
        self.squares = self.squares.saturating_add(u128::from(nanos) * u128::from(nanos));
        self.count += 1;
        self.sum += u128::from(nanos);
        self.min = self.min.min(nanos);
        self.max = self.max.max(nanos);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes out everything recorded, if there is anything.
    pub(crate) fn take(&mut self) -> Option<(Summary, Distribution)> {
        if self.is_empty() {
            return None;
        }
        let distribution = self.distribution();
        let summary = self.summary(&distribution);
        let touched = index(self.min)..=index(self.max);
        self.tallies[touched].fill(Tally::default());
        (self.count, self.sum, self.min, self.max, self.squares) = (0, 0, u64::MAX, 0, 0);
        Some((summary, distribution))
    }

    fn distribution(&self) -> Distribution {
        let mut bins = Vec::new();
        for index in index(self.min)..=index(self.max) {
            let Tally { count, sum } = self.tallies[index];
            if count > 0 {
                let (first, last) = bucket::bounds(index);
                // No duration lies beyond the shortest and the longest.
                let (first, last) = (first.max(self.min), last.min(self.max));
                bins.push(Bin { first, last, count, sum: sum.into() });
            }
        }
        Distribution::with_ends(bins, self.min, self.max)
    }

    fn summary(&self, distribution: &Distribution) -> Summary {
        let [p50, p90, p95, p99] = [50, 90, 95, 99].map(|percent| distribution.percentile(percent));
        Summary {
            total: self.count,
            count: usize::try_from(self.count).unwrap_or(usize::MAX),
            sum: Duration::from_nanos_u128(self.sum),
            min: Duration::from_nanos(self.min),
            mean: Duration::from_nanos_u128(self.sum / u128::from(self.count)),
            max: Duration::from_nanos(self.max),
            std_dev: self.std_dev(),
            p50,
            p90,
            p95,
            p99,
        }
    }

    /// In whole numbers, as the difference of two large sums would lose its digits; only durations of centuries are too large for that.
    fn std_dev(&self) -> Duration {
        let count = u128::from(self.count);
        let products = count.checked_mul(self.squares).zip(self.sum.checked_mul(self.sum));
        let difference = match products {
            Some((squares, square)) => squares.saturating_sub(square) as f64,
            None => (self.count as f64 * self.squares as f64 - (self.sum as f64).powi(2)).max(0.0),
        };
        Duration::from_nanos((difference.sqrt() / self.count as f64).round() as u64)
    }
}

fn index(nanos: u64) -> usize {
    bucket::index(nanos, bucket::DIGITS)
}
