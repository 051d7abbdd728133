//! Statistics of durations.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use backpack_timepiece::Summary;
use proptest::prelude::*;

const MS: Duration = Duration::from_millis(1);

/// The smallest of the durations that at least `percent` % of them do not exceed, by that definition.
fn nearest_rank(durations: &[Duration], percent: usize) -> Duration {
    let is_high_enough = |&&candidate: &&Duration| {
        let not_above = durations.iter().filter(|&&duration| duration <= candidate).count();
        not_above * 100 >= percent * durations.len()
    };
    *durations.iter().filter(is_high_enough).min().unwrap()
}

/// The standard deviation in nanoseconds from the distances of all pairs, without the mean.
fn std_dev_of_pairs(durations: &[Duration]) -> f64 {
    let nanos: Vec<_> = durations.iter().map(|duration| duration.as_nanos() as f64).collect();
    let squares: f64 = nanos.iter().flat_map(|a| nanos.iter().map(move |b| (a - b).powi(2))).sum();
    (squares / 2.0).sqrt() / nanos.len() as f64
}

#[test]
fn the_statistics_of_one_to_a_hundred_are_those_of_the_textbook() {
    let summary: Summary = (1..=100).rev().map(|n| n * MS).collect();
    assert_eq!((summary.total, summary.count), (100, 100));
    assert_eq!((summary.min, summary.max, summary.sum), (MS, 100 * MS, 5050 * MS));
    assert_eq!(summary.mean, Duration::from_micros(50_500));
    assert_eq!(summary.std_dev, Duration::from_nanos(28_866_070)); // sqrt((100² - 1) / 12) ms
    assert_eq!([summary.p50, summary.p90, summary.p95, summary.p99], [50 * MS, 90 * MS, 95 * MS, 99 * MS]);
    assert!((summary.frequency().unwrap() - 1000.0 / 50.5).abs() < 1e-9);
}

#[test]
fn a_single_duration_is_every_percentile_and_does_not_deviate() {
    let summary: Summary = [7 * MS].into_iter().collect();
    let Summary { min, mean, max, p50, p90, p95, p99, .. } = summary;
    assert_eq!([min, mean, max, p50, p90, p95, p99], [7 * MS; 7]);
    assert_eq!(summary.std_dev, Duration::ZERO);
}

#[test]
fn the_summary_of_nothing_is_zero_and_has_no_frequency() {
    let summary = Summary::from_iter([]);
    assert_eq!(summary, Summary::default());
    assert_eq!((summary.count, summary.sum, summary.frequency()), (0, Duration::ZERO, None));
    assert_eq!(summary.to_string(), "total=0");
}

#[test]
fn durations_that_take_no_time_have_no_frequency() {
    assert_eq!(Summary::from_iter([Duration::ZERO; 3]).frequency(), None);
}

#[test]
fn durations_of_centuries_do_not_overflow() {
    let longest = Duration::from_nanos(u64::MAX);
    let summary = Summary::from_iter([Duration::MAX, longest, longest]);
    assert_eq!((summary.mean, summary.max, summary.sum), (longest, longest, 3 * longest));
    assert_eq!(summary.std_dev, Duration::ZERO);
}

#[test]
fn a_summary_prints_units_that_suit_its_durations() {
    let summary = Summary::from_iter([1500, 2_500_000, 3_500_000_000].map(Duration::from_nanos));
    assert_eq!(summary.to_string(), "total=3 min=1.50µs mean=1.17s p95=3.50s max=3.50s");
}

proptest! {
    #[test]
    fn the_statistics_agree_with_their_definitions(
        nanos in prop::collection::vec(prop_oneof![0_u64..20, 0_u64..10_000_000_000], 1..250),
    ) {
        let durations: Vec<_> = nanos.iter().copied().map(Duration::from_nanos).collect();
        let summary: Summary = durations.iter().copied().collect();
        prop_assert_eq!(summary.count, durations.len());
        prop_assert_eq!(summary.min, *durations.iter().min().unwrap());
        prop_assert_eq!(summary.max, *durations.iter().max().unwrap());
        prop_assert_eq!(summary.sum, durations.iter().sum::<Duration>());
        prop_assert_eq!(summary.mean, summary.sum / durations.len() as u32);
        let std_dev = std_dev_of_pairs(&durations);
        prop_assert!((summary.std_dev.as_nanos() as f64 - std_dev).abs() <= 0.5 + 1e-9 * std_dev);
        for (percent, percentile) in [(50, summary.p50), (90, summary.p90), (95, summary.p95), (99, summary.p99)] {
            prop_assert_eq!(percentile, nearest_rank(&durations, percent), "p{}", percent);
        }
    }
}
