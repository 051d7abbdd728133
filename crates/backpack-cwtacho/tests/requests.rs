//! What goes over the wire.
#![allow(clippy::unwrap_used)]

mod support;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backpack_cwtacho::{Resolution, Unit};
use backpack_timepiece::{Clock, Tachometer};
use support::fake::Fake;
use support::{DEADLINE, Windows, builder};

/// Nothing is sent before the end.
const HOUR: Duration = Duration::from_secs(3600);

const MILLI: Duration = Duration::from_millis(1);

#[test]
fn a_report_becomes_a_set_of_statistics_with_name_dimensions_unit_and_time() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).build().unwrap();
    let metric = cloudwatch.metric("FrameInterval").dimension("Camera", "gate").dimension("Site", "north");
    let mut windows = Windows::new(metric.reporter().unwrap());
    windows.report(40 * MILLI);
    cloudwatch.shutdown(DEADLINE).unwrap();

    let puts = fake.accepted();
    let [put] = &puts[..] else { panic!("{puts:?}") };
    let [datum] = &put.data[..] else { panic!("{put:?}") };
    assert_eq!((&put.namespace[..], &datum.name[..]), ("Yard", "FrameInterval"));
    let dimensions = [("Camera", "gate"), ("Site", "north")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(datum.dimensions, dimensions);
    assert_eq!(datum.statistics, Some([1.0, 0.04, 0.04, 0.04]));
    assert_eq!((&datum.unit[..], datum.resolution), ("Seconds", 60));
    assert_eq!((datum.values.len(), datum.counts.len()), (0, 0));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
    assert!((now - datum.time).abs() < 120.0, "{} at {now}", datum.time);
}

#[test]
fn a_report_with_percentiles_becomes_at_most_150_values_with_their_counts() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).build().unwrap();
    let metric =
        cloudwatch.metric("Infer").unit(Unit::Microseconds).resolution(Resolution::High).percentiles();
    let (clock, time) = Clock::manual();
    time.set_wall(SystemTime::now() - HOUR);
    let mut tachometer = Tachometer::with_clock(10 * HOUR, metric.reporter().unwrap(), clock);
    tachometer.tick();
    for interval in 1000..6000 {
        time.advance(Duration::from_micros(interval));
        tachometer.tick();
    }
    tachometer.flush();
    cloudwatch.shutdown(DEADLINE).unwrap();

    let data = fake.data();
    let [datum] = &data[..] else { panic!("{data:?}") };
    assert!((50..=150).contains(&datum.values.len()), "{} values", datum.values.len());
    assert_eq!(datum.values.len(), datum.counts.len());
    assert_eq!(datum.counts.iter().sum::<f64>(), 5000.0);
    assert_eq!((datum.values[0], datum.values[datum.values.len() - 1]), (1000.0, 5999.0));
    assert_eq!((&datum.unit[..], datum.resolution, datum.statistics), ("Microseconds", 1, None));
}

#[test]
fn metrics_that_report_about_the_same_time_go_in_one_request() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).send_interval(HOUR).build().unwrap();
    let names: Vec<_> = (0..20).map(|camera| format!("Camera{camera}")).collect();
    for name in &names {
        Windows::new(cloudwatch.metric(name).reporter().unwrap()).report(40 * MILLI);
    }
    cloudwatch.shutdown(DEADLINE).unwrap();
    assert_eq!(fake.accepted().len(), 1);
    assert_eq!(fake.data().into_iter().map(|datum| datum.name).collect::<Vec<_>>(), names);
}

#[test]
fn no_request_has_more_than_1000_metrics_and_a_full_one_does_not_wait() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).send_interval(HOUR).build().unwrap();
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    for window in 1..=2500 {
        windows.report(window * MILLI);
        if window % 1000 == 0 {
            let expected = window as usize / 1000;
            support::wait_until("a request was made", || fake.accepted().len() == expected);
        }
    }
    cloudwatch.shutdown(DEADLINE).unwrap();
    assert_eq!(fake.accepted().iter().map(|put| put.data.len()).collect::<Vec<_>>(), [1000, 1000, 500]);
    let maxima: Vec<_> = fake.data().iter().map(|datum| datum.statistics.unwrap()[3]).collect();
    assert_eq!(maxima, (1..=2500).map(|window| f64::from(window) / 1e3).collect::<Vec<_>>());
}

#[test]
fn no_request_has_more_than_a_megabyte_and_large_ones_are_compressed() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).send_interval(HOUR).build().unwrap();
    let metric = cloudwatch
        .metric("n".repeat(255))
        .dimensions((0..30).map(|n| (format!("{n:0255}"), "v".repeat(1024))));
    let mut windows = Windows::new(metric.percentiles().reporter().unwrap());
    for _ in 0..60 {
        windows.report(MILLI);
    }
    cloudwatch.shutdown(DEADLINE).unwrap();
    let puts = fake.accepted();
    assert_eq!(puts.iter().map(|put| put.data.len()).sum::<usize>(), 60);
    assert!(puts.len() > 1);
    for put in &puts {
        assert!(put.size <= 1_000_000, "{} bytes", put.size);
        assert_eq!(put.headers["content-encoding"], "gzip");
    }
    // The estimate by which requests are filled is no guess.
    assert!(puts[0].size > 900_000, "only {} bytes", puts[0].size);
}
