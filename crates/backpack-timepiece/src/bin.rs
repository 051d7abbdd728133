/// Durations that are taken together, with their exact number and sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bin {
    /// None of them is shorter than this, in nanoseconds.
    pub(crate) first: u64,
    /// None is longer.
    pub(crate) last: u64,
    pub(crate) count: u64,
    pub(crate) sum: u128,
}

impl Bin {
    /// The bin of one duration.
    pub(crate) fn of(nanos: u64) -> Self {
        Self { first: nanos, last: nanos, count: 1, sum: nanos.into() }
    }

    /// The mean in nanoseconds, which stands for all of them.
    pub(crate) fn mean(&self) -> f64 {
        self.sum as f64 / self.count as f64
    }

    /// By which part of itself a duration can differ from the mean.
    pub(crate) fn relative_error(&self) -> f64 {
        (self.last - self.first) as f64 / self.first.max(1) as f64
    }

    /// The bin without one of its durations.
    pub(crate) fn without(self, nanos: u64) -> Bin {
        Bin { count: self.count - 1, sum: self.sum.saturating_sub(nanos.into()), ..self }
    }

    /// The bin of the durations of two neighbours.
    pub(crate) fn and(self, later: Bin) -> Bin {
        Bin {
            first: self.first,
            last: later.last,
            count: self.count + later.count,
            sum: self.sum + later.sum,
        }
    }
}
