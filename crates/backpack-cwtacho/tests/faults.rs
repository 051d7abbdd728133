//! What goes wrong on the way, and what becomes of the reports then.
#![allow(clippy::unwrap_used)]

mod support;

use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatch::primitives::{DateTime, DateTimeFormat};
use backpack_cwtacho::CloudWatch;
use backpack_timepiece::{Clock, Tachometer};
use support::fake::{Answer, Fake};
use support::{DEADLINE, Folder, Windows, builder, wait_until};

const MILLI: Duration = Duration::from_millis(1);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A server that takes nothing.
fn down() -> Fake {
    Fake::start(|_| Answer::Close)
}

/// Reports windows that can be told apart by their interval: so many milliseconds.
fn report(cloudwatch: &CloudWatch, intervals: impl IntoIterator<Item = u32>) {
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    for interval in intervals {
        windows.report(interval * MILLI);
    }
}

/// Waits until the worker, whose requests fail, has taken everything in: it does so before each of them.
fn settle(cloudwatch: &CloudWatch) {
    let failed = cloudwatch.stats().failed;
    wait_until("two more requests have failed", || cloudwatch.stats().failed >= failed + 2);
}

/// The intervals of the windows that arrived, in order.
fn arrived(fake: &Fake) -> Vec<u32> {
    let interval = |datum: &support::fake::Datum| (datum.statistics.unwrap()[3] * 1e3).round() as u32;
    fake.data().iter().map(interval).collect()
}

fn wait_until_sent(cloudwatch: &CloudWatch) {
    wait_until("nothing waits", || cloudwatch.stats().waiting == 0);
}

#[test]
fn an_outage_of_200_windows_loses_nothing_and_keeps_the_order() {
    let folder = Folder::new();
    let on_disk = |url: &str| builder(url).disk_backlog(&folder.0, 1 << 20);
    for describe in [&(|url: &str| builder(url)) as &dyn Fn(&str) -> _, &on_disk] {
        let fake = down();
        let cloudwatch = describe(&fake.url).build().unwrap();
        report(&cloudwatch, 1..=200);
        wait_until("several tries have failed", || cloudwatch.stats().failed >= 3);
        assert_eq!(cloudwatch.stats().waiting, 200);
        fake.set_rule(|_| Answer::Accept);
        wait_until_sent(&cloudwatch);
        cloudwatch.shutdown(DEADLINE).unwrap();
        assert_eq!(arrived(&fake), (1..=200).collect::<Vec<_>>());
        let stats = cloudwatch.stats();
        assert_eq!((stats.reported, stats.sent, stats.dropped.total()), (200, 200, 0));
        assert!(fake.accepted().len() <= 2, "the backlog goes in few requests");
    }
    assert!(folder.files().is_empty(), "what was sent is gone from the disk");
}

#[test]
fn a_full_backlog_in_memory_drops_the_oldest_and_counts_them() {
    let fake = down();
    let cloudwatch = builder(&fake.url).backlog(16 << 10).build().unwrap();
    report(&cloudwatch, 1..=1000);
    settle(&cloudwatch);
    let stats = cloudwatch.stats();
    assert_eq!(stats.waiting + stats.dropped.full, 1000);
    assert!((50..400).contains(&stats.waiting), "{} reports in 16 KiB", stats.waiting);
    fake.set_rule(|_| Answer::Accept);
    wait_until_sent(&cloudwatch);
    let stats = cloudwatch.stats();
    assert_eq!(arrived(&fake), (1..=1000).skip(stats.dropped.full as usize).collect::<Vec<_>>());
    assert_eq!(stats.sent + stats.dropped.total(), 1000);
}

#[test]
fn a_full_backlog_on_disk_drops_the_oldest_and_stays_within_its_limit() {
    let (fake, folder) = (down(), Folder::new());
    let limit = 64 << 10;
    let cloudwatch = builder(&fake.url).disk_backlog(&folder.0, limit).build().unwrap();
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    for window in 1..=2000 {
        windows.report(window * MILLI);
        if window % 250 == 0 {
            settle(&cloudwatch);
            let size = |file: &std::path::PathBuf| file.metadata().map_or(0, |file| file.len());
            let size: u64 = folder.files().iter().map(size).sum();
            assert!(size <= limit, "{size} bytes");
        }
    }
    fake.set_rule(|_| Answer::Accept);
    wait_until_sent(&cloudwatch);
    let stats = cloudwatch.stats();
    assert!(stats.dropped.full > 0 && stats.sent > 500, "{stats:?}");
    assert_eq!(arrived(&fake), (1..=2000).skip(stats.dropped.full as usize).collect::<Vec<_>>());
}

#[test]
fn what_cloudwatch_refuses_is_found_dropped_and_counted_and_the_rest_arrives() {
    let folder = Folder::new();
    let is_bad = |interval: f64| [0.013, 0.026, 0.04].contains(&interval);
    for on_disk in [false, true] {
        let fake = Fake::start(move |put| {
            let bad = put.data.iter().any(|datum| is_bad(datum.statistics.unwrap()[3]));
            if bad { Answer::error(400, "InvalidParameterValue") } else { Answer::Accept }
        });
        let mut builder = builder(&fake.url).send_interval(HOUR);
        if on_disk {
            builder = builder.disk_backlog(&folder.0, 1 << 20);
        }
        let cloudwatch = builder.build().unwrap();
        report(&cloudwatch, 1..=40);
        cloudwatch.shutdown(DEADLINE).unwrap();
        let good: Vec<_> = (1..=40).filter(|interval| ![13, 26, 40].contains(interval)).collect();
        assert_eq!(arrived(&fake), good);
        let stats = cloudwatch.stats();
        assert_eq!((stats.sent, stats.dropped.refused, stats.dropped.total()), (37, 3, 3));
        let error = stats.last_error.unwrap();
        assert_eq!(error, "InvalidParameterValue: as the test has it (HTTP 400)");
    }
    assert!(folder.files().is_empty());
}

#[test]
fn reports_are_kept_while_nobody_may_send_them() {
    for (status, code) in [
        (400, "ThrottlingException"),
        (400, "ExpiredTokenException"),
        (403, "AccessDenied"),
        (403, "InvalidClientTokenId"),
        (404, "UnknownOperationException"),
        (503, "ServiceUnavailable"),
    ] {
        let fake = Fake::start(move |_| Answer::error(status, code));
        let cloudwatch = builder(&fake.url).build().unwrap();
        report(&cloudwatch, 1..=3);
        wait_until("it was tried twice", || cloudwatch.stats().failed >= 2);
        let stats = cloudwatch.stats();
        assert_eq!((stats.waiting, stats.dropped.total()), (3, 0), "{code}");
        assert_eq!(stats.last_error.unwrap(), format!("{code}: as the test has it (HTTP {status})"));
        fake.set_rule(|_| Answer::Accept);
        wait_until_sent(&cloudwatch);
        assert_eq!(arrived(&fake), [1, 2, 3]);
    }
}

#[test]
fn a_server_that_never_answers_is_given_up_and_asked_again() {
    let fake = Fake::start(|_| Answer::Hang);
    let cloudwatch = builder(&fake.url).timeout(100 * MILLI).build().unwrap();
    report(&cloudwatch, [5]);
    wait_until("two requests have timed out", || cloudwatch.stats().failed >= 2);
    let error = cloudwatch.stats().last_error.unwrap();
    assert!(error.contains("timeout") || error.contains("timed out"), "{error}");
    fake.set_rule(|_| Answer::Accept);
    wait_until_sent(&cloudwatch);
    assert_eq!(arrived(&fake), [5]);
}

#[test]
fn where_nobody_listens_or_no_name_is_known_the_reason_is_told() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, reason) in
        [(format!("http://{nobody}"), "refused"), ("http://no.such.host.invalid".to_owned(), "dns")]
    {
        let cloudwatch = builder(&url).build().unwrap();
        report(&cloudwatch, [5]);
        wait_until("a request has failed", || cloudwatch.stats().failed > 0);
        let error = cloudwatch.stats().last_error.unwrap();
        assert!(error.to_lowercase().contains(reason), "{error}");
        assert_eq!(cloudwatch.stats().waiting, 1);
    }
}

#[test]
fn a_shutdown_without_a_network_ends_in_time_and_says_what_is_lost() {
    for rule in [Answer::Close, Answer::Hang] {
        let fake = Fake::start(move |_| rule.clone());
        let cloudwatch = builder(&fake.url).build().unwrap();
        report(&cloudwatch, 1..=7);
        let start = Instant::now();
        let error = cloudwatch.shutdown(200 * MILLI).unwrap_err();
        assert!(start.elapsed() < DEADLINE / 2);
        assert_eq!((error.waiting, error.is_kept), (7, false));
        let text = error.to_string();
        assert!(text.starts_with("7 reports were not sent within 200ms and are lost: "), "{text}");
    }
}

#[test]
fn what_a_shutdown_leaves_on_disk_is_sent_by_the_next_run() {
    let folder = Folder::new();
    // They are two servers, as the first may still have a request before it that the first run gave up.
    let (down, fake) = (down(), Fake::accepting());
    let describe = |url: &str| builder(url).disk_backlog(&folder.0, 1 << 20);
    let cloudwatch = describe(&down.url).build().unwrap();
    report(&cloudwatch, 1..=7);
    let error = cloudwatch.shutdown(50 * MILLI).unwrap_err();
    assert_eq!((error.waiting, error.is_kept), (7, true));
    let text = error.to_string();
    assert!(
        text.starts_with("7 reports were not sent within 50ms and will be by the next run, from disk"),
        "{text}"
    );

    let cloudwatch = describe(&fake.url).build().unwrap();
    wait_until_sent(&cloudwatch);
    assert_eq!((arrived(&fake), cloudwatch.stats().sent), ((1..=7).collect(), 7));
}

#[test]
fn reports_after_a_shutdown_are_counted() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).build().unwrap();
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    cloudwatch.shutdown(DEADLINE).unwrap();
    windows.report(MILLI);
    let stats = cloudwatch.stats();
    assert_eq!((stats.reported, stats.dropped.late, stats.waiting), (1, 1, 0));
    cloudwatch.shutdown(DEADLINE).unwrap();
}

#[test]
fn what_waits_is_sent_when_the_last_handle_is_gone() {
    let fake = Fake::accepting();
    let cloudwatch = builder(&fake.url).send_interval(HOUR).build().unwrap();
    Windows::new(cloudwatch.metric("m").reporter().unwrap()).report(MILLI);
    drop(cloudwatch);
    wait_until("it was sent", || arrived(&fake) == [1]);
}

#[test]
fn reports_older_than_two_weeks_are_dropped_and_counted() {
    let (fake, folder) = (down(), Folder::new());
    let (clock, time) = Clock::manual();
    time.set_wall(SystemTime::now());
    let cloudwatch =
        builder(&fake.url).disk_backlog(&folder.0, 1 << 20).clock(clock.clone()).build().unwrap();
    let mut tachometer = Tachometer::with_clock(HOUR, cloudwatch.metric("m").reporter().unwrap(), clock);
    tachometer.tick();
    for day in 1..=20 {
        time.advance(DAY - MILLI);
        tachometer.pause();
        tachometer.tick();
        time.advance(MILLI * day);
        tachometer.tick();
        tachometer.flush();
    }
    settle(&cloudwatch);
    fake.set_rule(|_| Answer::Accept);
    wait_until_sent(&cloudwatch);
    let stats = cloudwatch.stats();
    assert_eq!((stats.sent, stats.dropped.expired, stats.dropped.total()), (14, 6, 6));
    assert_eq!(arrived(&fake), (7..=20).collect::<Vec<_>>());
    assert!(folder.files().is_empty());
}

/// Refuses what does not belong to the present, as CloudWatch does.
fn punctual() -> Fake {
    let fake = Fake::start(|put| {
        let is_now = |datum: &support::fake::Datum| (datum.time - unix()).abs() < 3600.0;
        let is_right = put.data.iter().all(is_now);
        if is_right { Answer::Accept } else { Answer::error(400, "InvalidParameterValue") }
    });
    fake.set_date(&DateTime::from(SystemTime::now()).fmt(DateTimeFormat::HttpDate).unwrap());
    fake
}

fn unix() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64()
}

#[test]
fn a_clock_that_is_years_wrong_costs_no_report() {
    let fake = punctual();
    // It stands in the year 2020.
    let (clock, time) = Clock::manual();
    let cloudwatch = builder(&fake.url).clock(clock.clone()).build().unwrap();
    let mut tachometer = Tachometer::with_clock(HOUR, cloudwatch.metric("m").reporter().unwrap(), clock);
    tachometer.tick();
    for interval in 1..=3 {
        time.advance(MILLI * interval);
        tachometer.tick();
        tachometer.flush();
        wait_until_sent(&cloudwatch);
    }
    let stats = cloudwatch.stats();
    assert_eq!((stats.sent, stats.dropped.total()), (3, 0), "{stats:?}");
    assert_eq!(arrived(&fake), [1, 2, 3]);
}

#[test]
fn a_clock_that_is_set_while_reports_wait_costs_none_either() {
    let fake = down();
    let (clock, time) = Clock::manual();
    let cloudwatch = builder(&fake.url).clock(clock.clone()).build().unwrap();
    let mut tachometer = Tachometer::with_clock(HOUR, cloudwatch.metric("m").reporter().unwrap(), clock);
    tachometer.tick();
    time.advance(5 * MILLI);
    tachometer.tick();
    tachometer.flush();
    wait_until("it was tried", || cloudwatch.stats().failed > 0);
    time.advance(60_000 * MILLI);
    time.set_wall(SystemTime::now());
    fake.set_rule(|_| Answer::Accept);
    wait_until_sent(&cloudwatch);
    let age = unix() - fake.data()[0].time;
    assert!((60.0..120.0).contains(&age), "it seems to be {age} s old");
}
