//! Distributions: many durations in few values.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use backpack_timepiece::{Clock, Distribution, StopWatch, Ticker};
use proptest::prelude::*;

const MS: Duration = Duration::from_millis(1);

fn values(distribution: &Distribution) -> Vec<(f64, u64)> {
    distribution.values().collect()
}

#[test]
fn equal_durations_are_one_value() {
    let distribution = Distribution::from_iter([3 * MS, MS, 3 * MS, 2 * MS, 3 * MS]);
    assert_eq!(values(&distribution), [(0.001, 1), (0.002, 1), (0.003, 3)]);
    assert_eq!((distribution.count(), distribution.relative_error()), (5, 0.0));
    assert_eq!(distribution.condensed(3), distribution, "there is nothing to take together");
}

#[test]
fn the_distribution_of_nothing_is_empty() {
    let distribution = Distribution::from_iter([]);
    assert_eq!(
        (values(&distribution), distribution.count(), distribution.relative_error()),
        (vec![], 0, 0.0)
    );
    assert_eq!(distribution.condensed(0), Distribution::default());
}

#[test]
fn tickers_and_stopwatches_have_the_distribution_of_what_they_keep() {
    let (clock, time) = Clock::manual();
    let (mut ticker, watch) = (Ticker::with_clock(3, clock.clone()), StopWatch::with_clock("frame", clock));
    watch.set_max_intervals(3);
    for length in [9, 8, 2, 1, 2] {
        ticker.tick();
        watch.measure(|| time.advance(length * MS));
    }
    ticker.tick();
    assert_eq!(values(&ticker.distribution()), [(0.001, 1), (0.002, 2)]);
    assert_eq!(watch.distribution(), ticker.distribution());
}

#[test]
fn with_fewer_than_three_values_one_stands_for_all() {
    let distribution: Distribution = (1..=100).map(|n| n * MS).collect();
    for limit in [0, 1, 2] {
        assert_eq!(values(&distribution.condensed(limit)), [(0.0505, 100)]);
    }
    let three = distribution.condensed(3);
    assert_eq!(values(&three).iter().map(|(_, count)| *count).collect::<Vec<_>>(), [1, 98, 1]);
}

#[test]
fn the_stated_errors_hold_for_150_values() {
    let error = |ratio: u64| {
        let durations = (0..100_000).map(|n| Duration::from_nanos(10_000_000 + n * (ratio - 1) * 100));
        let condensed = durations.collect::<Distribution>().condensed(150);
        assert!(condensed.values().count() <= 150);
        condensed.relative_error()
    };
    assert!(error(3) <= 0.016, "{}", error(3));
    assert!(error(200) <= 0.063, "{}", error(200));
}

proptest! {
    #[test]
    fn however_few_the_values_the_ends_the_count_and_the_sum_are_exact(
        nanos in prop::collection::vec(prop_oneof![0_u64..300, 0_u64..10_000_000_000, 33_000_000_u64..34_000_000], 1..500),
        limit in 3_usize..200,
    ) {
        let exact: Distribution = nanos.iter().copied().map(Duration::from_nanos).collect();
        let condensed = exact.condensed(limit);
        let values = values(&condensed);
        prop_assert!(values.len() <= limit);
        prop_assert!(values.is_sorted_by(|a, b| a.0 < b.0));

        let (min, max) = (*nanos.iter().min().unwrap() as f64 / 1e9, *nanos.iter().max().unwrap() as f64 / 1e9);
        prop_assert_eq!((values[0].0, values[values.len() - 1].0), (min, max));
        prop_assert_eq!(condensed.count(), nanos.len() as u64);
        let sum: f64 = values.iter().map(|&(value, count)| value * count as f64).sum();
        let expected = nanos.iter().sum::<u64>() as f64 / 1e9;
        prop_assert!((sum - expected).abs() <= 1e-12 * expected.max(1.0));

        // Both lists by rank: each duration beside the value that stands for it.
        let mut sorted = nanos.clone();
        sorted.sort_unstable();
        let by_rank = values.iter().flat_map(|&(value, count)| (0..count).map(move |_| value));
        for (duration, value) in sorted.iter().map(|&nanos| nanos as f64 / 1e9).zip(by_rank) {
            prop_assert!((duration - value).abs() <= condensed.relative_error() * duration.max(1e-9) + 1e-15);
        }
    }
}
