//! What a tachometer measured is read back from a CloudWatch that keeps it.
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::mpsc;
use std::time::{Duration, SystemTime};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::config::Credentials;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Datapoint, Dimension, StandardUnit, Statistic};
use aws_smithy_http_client::Builder as HttpClient;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use backpack_cwtacho::{MetricReporter, Unit};
use backpack_timepiece::{Clock, Report, Tachometer};
use support::moto::Moto;
use support::{DEADLINE, builder};

/// A little more than a minute, so that each window has a datapoint of its own.
const WINDOW: Duration = Duration::from_secs(61);
const WINDOWS: usize = 3;

/// What is asked for, and by how much of itself it may be off in a report with percentiles.
const PERCENTILES: [&str; 4] = ["p50", "p90", "p95", "p99"];

/// What happened in a window.
struct Window {
    /// All intervals in nanoseconds, from the shortest on.
    intervals: Vec<u64>,
    report: Report,
}

/// Runs a camera of about 30 frames a second for three minutes, up to seven minutes ago.
fn film(reporter: MetricReporter) -> Vec<Window> {
    let (clock, time) = Clock::manual();
    time.set_wall(SystemTime::now() - Duration::from_secs(600));
    let (sender, reports) = mpsc::channel::<Report>();
    let tell = move |report| drop(sender.send(report));
    let mut tachometer = Tachometer::with_clock(WINDOW, reporter, clock).reporter(tell);
    let (mut windows, mut intervals) = (Vec::new(), Vec::new());
    let mut random = fastrand::Rng::with_seed(7);
    while windows.len() < WINDOWS {
        // A frame is late now and then.
        let late = if random.u8(..) < 8 { 3 } else { 1 };
        time.advance(Duration::from_nanos(late * random.u64(28_000_000..38_000_000)));
        intervals.extend(tachometer.tick().map(|interval| u64::try_from(interval.as_nanos()).unwrap()));
        if let Ok(report) = reports.try_recv() {
            assert_eq!(report.summary.count, intervals.len());
            intervals.sort_unstable();
            windows.push(Window { intervals: std::mem::take(&mut intervals), report });
        }
    }
    windows
}

/// Reads a metric back, a datapoint for each window, oldest first.
fn read(moto: &Moto, name: &str, camera: &str) -> Vec<Datapoint> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = HttpClient::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let config = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http)
            .region(Region::new("eu-west-1"))
            .endpoint_url(&moto.url)
            .credentials_provider(Credentials::new("reader", "secret", None, None, "test"))
            .load()
            .await;
        let now = SystemTime::now();
        let mut statistics = Client::new(&config)
            .get_metric_statistics()
            .namespace("Yard")
            .metric_name(name)
            .dimensions(Dimension::builder().name("Camera").value(camera).build())
            .start_time(DateTime::from(now - Duration::from_secs(3600)))
            .end_time(DateTime::from(now))
            .period(60);
        for statistic in [Statistic::SampleCount, Statistic::Sum, Statistic::Minimum, Statistic::Maximum] {
            statistics = statistics.statistics(statistic);
        }
        for percentile in PERCENTILES {
            statistics = statistics.extended_statistics(percentile);
        }
        let mut points = statistics.send().await.unwrap().datapoints.unwrap();
        points.sort_by_key(|point| point.timestamp.unwrap().as_nanos());
        points
    })
}

fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

#[test]
fn statistics_of_a_tachometer_are_read_back_exactly() {
    let moto = Moto::start();
    let cloudwatch = builder(&moto.url).build().unwrap();
    let windows = film(cloudwatch.metric("FrameInterval").dimension("Camera", "gate").reporter().unwrap());
    cloudwatch.shutdown(DEADLINE).unwrap();

    let points = read(&moto, "FrameInterval", "gate");
    assert_eq!(points.len(), WINDOWS);
    for (Window { intervals, .. }, point) in windows.iter().zip(points) {
        assert_eq!(point.sample_count, Some(intervals.len() as f64));
        assert_eq!(point.sum, Some(seconds(intervals.iter().sum())));
        assert_eq!(point.minimum, Some(seconds(intervals[0])));
        assert_eq!(point.maximum, intervals.last().map(|&max| seconds(max)));
        assert_eq!(point.unit, Some(StandardUnit::Seconds));
    }
}

#[test]
fn percentiles_of_a_tachometer_are_within_the_stated_error_and_the_rest_is_exact() {
    let moto = Moto::start();
    let cloudwatch = builder(&moto.url).build().unwrap();
    let metric = cloudwatch.metric("FrameInterval").dimension("Camera", "gate");
    let windows = film(metric.unit(Unit::Milliseconds).percentiles().reporter().unwrap());
    cloudwatch.shutdown(DEADLINE).unwrap();

    let points = read(&moto, "FrameInterval", "gate");
    assert_eq!(points.len(), WINDOWS);
    for (Window { intervals, report }, point) in windows.iter().zip(points) {
        let millis = |nanos: u64| seconds(nanos) * 1e3;
        assert_eq!(point.sample_count, Some(intervals.len() as f64));
        assert_eq!(point.minimum, Some(millis(intervals[0])));
        assert_eq!(point.maximum, intervals.last().map(|&max| millis(max)));
        // The sum is made of up to 150 products, each of which is rounded.
        let sum = millis(intervals.iter().sum());
        assert!((point.sum.unwrap() / sum - 1.0).abs() < 1e-12);
        assert_eq!(point.unit, Some(StandardUnit::Milliseconds));

        let stated = report.distribution.condensed(150).relative_error();
        assert!(stated > 0.0 && stated <= 0.063, "{stated}");
        let percentiles = point.extended_statistics.unwrap();
        for (name, percent) in PERCENTILES.into_iter().zip([50, 90, 95, 99]) {
            let exact = millis(intervals[(percent * intervals.len()).div_ceil(100) - 1]);
            let error = (percentiles[name] / exact - 1.0).abs();
            assert!(error <= stated, "{name} is {}, not {exact}: off by {error}", percentiles[name]);
        }
    }
}

#[test]
fn dimensions_tell_metrics_of_one_name_apart() {
    let moto = Moto::start();
    let cloudwatch = builder(&moto.url).build().unwrap();
    let windows = ["gate", "door"].map(|camera| {
        let place = [("Camera", camera), ("Site", "north")];
        film(cloudwatch.metric("FrameInterval").dimensions(place).reporter().unwrap())
    });
    cloudwatch.shutdown(DEADLINE).unwrap();
    for (camera, windows) in ["gate", "door"].into_iter().zip(windows) {
        let sums: Vec<_> =
            read(&moto, "FrameInterval", camera).iter().map(|point| point.sum.unwrap()).collect();
        let expected: Vec<_> = windows.iter().map(|window| seconds(window.intervals.iter().sum())).collect();
        assert_eq!(sums, expected);
    }
}
