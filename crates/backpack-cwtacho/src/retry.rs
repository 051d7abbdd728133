use std::time::Duration;

/// How long to wait after failures: twice as long after each, up to a limit, and by chance a little less, so that a fleet does not come back
/// all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retry {
    pub(crate) first: Duration,
    pub(crate) longest: Duration,
}

impl Retry {
    /// The wait after so many failures in a row.
    pub(crate) fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let longest = self.first.saturating_mul(1 << doublings).min(self.longest);
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_secs(300) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_at_least_half_of_each_is_kept() {
        let retry = Retry { first: Duration::from_secs(1), longest: Duration::from_secs(60) };
        for (failures, seconds) in [(1, 1), (2, 2), (4, 8), (7, 60), (u32::MAX, 60)] {
            let longest = Duration::from_secs(seconds);
            for _ in 0..100 {
                let wait = retry.wait(failures);
                assert!(wait >= longest / 2 && wait <= longest, "{wait:?} after {failures}");
            }
        }
    }

    #[test]
    fn waits_differ() {
        let retry = Retry::default();
        let waits = [(); 20].map(|()| retry.wait(5));
        assert!(waits.iter().any(|wait| *wait != waits[0]));
    }
}
