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
    deviation: Deviation,
}

/// The durations in one bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    count: u64,
    sum: u64,
}

/// What the standard deviation is made of: sums over the distances from the first duration, which lose fewer digits than those from zero.
#[derive(Debug, Clone, Copy, Default)]
struct Deviation {
    origin: f64,
    sum: f64,
    squares: f64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        let tallies = vec![Tally::default(); bucket::COUNT];
        Self { tallies, count: 0, sum: 0, min: u64::MAX, max: 0, deviation: Deviation::default() }
    }

    pub(crate) fn record(&mut self, nanos: u64) {
        let tally = &mut self.tallies[index(nanos)];
        tally.count += 1;
        tally.sum = tally.sum.saturating_add(nanos);
        if self.is_empty() {
            self.deviation = Deviation { origin: nanos as f64, ..Deviation::default() };
        }
        let distance = nanos as f64 - self.deviation.origin;
        self.deviation.sum += distance;
        self.deviation.squares += distance * distance;
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
        (self.count, self.sum, self.min, self.max) = (0, 0, u64::MAX, 0);
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

    fn std_dev(&self) -> Duration {
        let Deviation { sum, squares, .. } = self.deviation;
        let count = self.count as f64;
        let variance = (squares - sum * sum / count) / count;
        Duration::from_nanos(variance.max(0.0).sqrt().round() as u64)
    }
}

fn index(nanos: u64) -> usize {
    bucket::index(nanos, bucket::DIGITS)
}
