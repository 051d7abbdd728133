use std::time::Duration;

/// How long to wait before each attempt to bring a lost live source back: twice as long each time, from `initial` to `max`.
///
/// Attempts go on until one succeeds or the camera is stopped. The next loss begins at `initial` again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reconnect {
    /// The wait before the first attempt.
    pub initial: Duration,
    /// The longest wait.
    pub max: Duration,
}

impl Reconnect {
    /// The wait before the attempt with this number; the first has number 1.
    pub(crate) fn wait(&self, attempt: u32) -> Duration {
        let factor = 2u32.saturating_pow(attempt.saturating_sub(1));
        self.initial.saturating_mul(factor).min(self.max)
    }
}

impl Default for Reconnect {
    /// From half a second to 30 seconds.
    fn default() -> Self {
        Self { initial: Duration::from_millis(500), max: Duration::from_secs(30) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_its_limit() {
        let reconnect = Reconnect { initial: Duration::from_secs(1), max: Duration::from_secs(5) };
        let waits = [1, 2, 3, 4, 100].map(|attempt| reconnect.wait(attempt).as_secs());
        assert_eq!(waits, [1, 2, 4, 5, 5]);
    }
}
