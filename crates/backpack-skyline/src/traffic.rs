use std::collections::VecDeque;
use std::time::{Duration, Instant};

use backpack_core::Timestamp;

use crate::AccessUnit;

/// Over which time the bit rate is measured.
const WINDOW: Duration = Duration::from_secs(2);

/// Over how many units the latency is measured.
const LATENCIES: usize = 60;

/// How many frames can be on their way at once before the oldest is forgotten.
const ON_THE_WAY: usize = 1024;

/// What goes through an encoder: how much, and how fast.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) units: u64,
    /// The timestamp, arrival and size of the newest units.
    window: VecDeque<(Timestamp, Instant, usize)>,
    /// When frames were put that have not come out yet.
    on_the_way: VecDeque<(Timestamp, Instant)>,
    latencies: VecDeque<Duration>,
}

impl Traffic {
    pub(crate) fn put(&mut self, timestamp: Timestamp, now: Instant) {
        if self.on_the_way.len() == ON_THE_WAY {
            self.on_the_way.pop_front();
        }
        self.on_the_way.push_back((timestamp, now));
    }

    pub(crate) fn came_out(&mut self, unit: &AccessUnit, now: Instant) {
        self.units += 1;
        self.window.push_back((unit.pts, now, unit.data.len()));
        while self.window.front().is_some_and(|oldest| unit.pts.since(oldest.0) > WINDOW) {
            self.window.pop_front();
        }
        // Some encoders round to microseconds.
        // The search begins at the newest frames: those that were dropped stay among the older ones.
        let at = self.on_the_way.iter().rposition(|&(timestamp, _)| {
            timestamp.since(unit.pts).max(unit.pts.since(timestamp)) < Duration::from_micros(2)
        });
        let Some((_, put)) = at.and_then(|at| self.on_the_way.remove(at)) else { return };
        if self.latencies.len() == LATENCIES {
            self.latencies.pop_front();
        }
        self.latencies.push_back(now.saturating_duration_since(put));
    }

    /// The bits of a second, over the last two; what has stopped sinks towards zero.
    pub(crate) fn bits_per_second(&self, now: Instant) -> u64 {
        let (Some(first), Some(last)) = (self.window.front(), self.window.back()) else { return 0 };
        let time = last.0.since(first.0).max(now.saturating_duration_since(first.1));
        let bytes: usize = self.window.iter().skip(1).map(|unit| unit.2).sum();
        if time.is_zero() {
            return 0;
        }
        // A cast from float saturates.
        (bytes as f64 * 8.0 / time.as_secs_f64()) as u64
    }

    /// The mean and the longest time from putting a frame to its coming out of the encoder, over the newest units.
    pub(crate) fn latency(&self) -> Option<(Duration, Duration)> {
        let longest = self.latencies.iter().max()?;
        let sum: Duration = self.latencies.iter().sum();
        Some((sum / self.latencies.len() as u32, *longest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn the_bit_rate_is_that_of_the_last_two_seconds_and_sinks_when_nothing_comes() {
        let begun = Instant::now();
        let mut traffic = Traffic::default();
        for index in 0..100 {
            let unit = AccessUnit::new(vec![0; 1250], Timestamp::from_millis(index * 100), true);
            traffic.came_out(&unit, begun + millis(index * 100));
        }
        let end = begun + millis(9_900);
        assert_eq!(traffic.bits_per_second(end), 100_000);
        assert_eq!(traffic.bits_per_second(end + millis(2000)), 50_000);
        assert_eq!(Traffic::default().bits_per_second(end), 0);
    }

    #[test]
    fn latency_is_the_time_from_put_to_unit_also_with_reordered_and_dropped_frames() {
        let begun = Instant::now();
        let mut traffic = Traffic::default();
        (0..4).for_each(|index| traffic.put(Timestamp::from_millis(index * 10), begun + millis(index * 10)));
        for (pts, out) in [(0, 5), (30, 50), (10, 51)] {
            traffic
                .came_out(&AccessUnit::new(vec![0], Timestamp::from_millis(pts), true), begun + millis(out));
        }
        assert_eq!(traffic.latency(), Some((millis((5 + 20 + 41) / 3), millis(41))));
        assert_eq!(traffic.on_the_way.len(), 1);
    }
}
