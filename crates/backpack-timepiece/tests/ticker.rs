//! The ticker: intervals between recurring events.

use std::time::Duration;

use backpack_timepiece::{Clock, ManualClock, Summary, Ticker};
use proptest::prelude::*;

const MS: Duration = Duration::from_millis(1);

fn ticker(max_intervals: usize) -> (Ticker, ManualClock) {
    let (clock, time) = Clock::manual();
    (Ticker::with_clock(max_intervals, clock), time)
}

fn tick_after(ticker: &mut Ticker, time: &ManualClock, interval: Duration) -> Option<Duration> {
    time.advance(interval);
    ticker.tick()
}

#[test]
fn the_first_tick_has_no_interval_and_each_later_one_has_the_time_since_the_one_before() {
    let (mut ticker, time) = ticker(10);
    assert_eq!(tick_after(&mut ticker, &time, 5 * MS), None);
    assert_eq!(tick_after(&mut ticker, &time, 7 * MS), Some(7 * MS));
    assert_eq!(tick_after(&mut ticker, &time, 9 * MS), Some(9 * MS));
    assert!(ticker.intervals().eq([7 * MS, 9 * MS]));
}

#[test]
fn only_the_latest_intervals_are_kept_and_all_are_counted() {
    let (mut ticker, time) = ticker(3);
    for interval in 0..=5 {
        tick_after(&mut ticker, &time, interval * MS);
    }
    assert!(ticker.intervals().eq([3 * MS, 4 * MS, 5 * MS]));
    assert!(ticker.intervals().rev().eq([5 * MS, 4 * MS, 3 * MS]));
    let summary = ticker.summary();
    assert_eq!((summary.total, summary.count, summary.sum), (5, 3, 12 * MS));
}

#[test]
fn reset_forgets_the_last_tick_too() {
    let (mut ticker, time) = ticker(3);
    ticker.tick();
    tick_after(&mut ticker, &time, MS);
    ticker.reset();
    assert_eq!(ticker.intervals().len(), 0);
    assert_eq!(ticker.summary(), Summary::default());
    assert_eq!(tick_after(&mut ticker, &time, 3600 * 1000 * MS), None, "the pause is not an interval");
    assert_eq!(tick_after(&mut ticker, &time, MS), Some(MS));
}

#[test]
fn a_wall_clock_that_is_set_does_not_change_an_interval() {
    let (clock, time) = Clock::manual();
    let mut ticker = Ticker::with_clock(3, clock.clone());
    ticker.tick();
    time.set_wall(clock.wall() - 3600 * 1000 * MS);
    assert_eq!(tick_after(&mut ticker, &time, MS), Some(MS));
}

#[test]
fn a_ticker_that_keeps_nothing_still_measures_and_counts() {
    let (mut ticker, time) = ticker(0);
    ticker.tick();
    assert_eq!(tick_after(&mut ticker, &time, MS), Some(MS));
    assert_eq!(tick_after(&mut ticker, &time, MS), Some(MS));
    assert_eq!(ticker.intervals().len(), 0);
    assert_eq!((ticker.summary().total, ticker.summary().count), (2, 0));
    assert_eq!(ticker.to_string(), "total=2");
}

#[test]
fn a_ticker_that_should_keep_everything_keeps_about_a_million() {
    let (mut ticker, time) = ticker(usize::MAX);
    for _ in 0..(1 << 20) + 11 {
        tick_after(&mut ticker, &time, MS);
    }
    let summary = ticker.summary();
    assert_eq!((summary.total, summary.count), ((1 << 20) + 10, 1 << 20));
}

#[test]
fn a_ticker_prints_itself_in_one_line() {
    let (mut ticker, time) = ticker(300);
    assert_eq!(ticker.to_string(), "total=0");
    ticker.tick();
    ticker.tick();
    assert_eq!(ticker.to_string(), "total=1 min=0.00ns mean=0.00ns p95=0.00ns max=0.00ns");
    ticker.reset();
    for interval in [0, 30, 40, 50] {
        tick_after(&mut ticker, &time, interval * MS);
    }
    assert_eq!(
        ticker.to_string(),
        "total=3 min=30.00ms mean=40.00ms p95=50.00ms max=50.00ms frequency=25.00/s"
    );
}

proptest! {
    #[test]
    fn the_statistics_are_those_of_the_latest_intervals(
        intervals in prop::collection::vec(0_u64..10_000_000_000, 0..40),
        max_intervals in 0_usize..20,
    ) {
        let intervals: Vec<_> = intervals.into_iter().map(Duration::from_nanos).collect();
        let (mut ticker, time) = ticker(max_intervals);
        ticker.tick();
        for &interval in &intervals {
            prop_assert_eq!(tick_after(&mut ticker, &time, interval), Some(interval));
        }
        let kept = &intervals[intervals.len().saturating_sub(max_intervals)..];
        prop_assert!(ticker.intervals().eq(kept.iter().copied()));
        let mut expected: Summary = kept.iter().copied().collect();
        expected.total = intervals.len() as u64;
        prop_assert_eq!(ticker.summary(), expected);
    }
}
