//! What reporting costs the frame loop, which is to be below 10 µs whatever the network does.

use std::hint::black_box;
use std::sync::mpsc;
use std::time::Duration;

use backpack_cwtacho::{Builder, CloudWatch, Credentials};
use backpack_timepiece::{Clock, Report, Reporter, Tachometer};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A minute of 30 frames a second, all of different length.
fn report() -> Report {
    let (sender, reports) = mpsc::channel();
    let (clock, time) = Clock::manual();
    time.set_wall(std::time::SystemTime::now());
    let tell = move |report: Report| drop(sender.send(report));
    let mut tachometer = Tachometer::with_clock(Duration::from_secs(3600), tell, clock);
    tachometer.tick();
    for frame in 0..1800 {
        time.advance(Duration::from_nanos(28_000_000 + frame * 7_919 % 10_007 * 1000));
        tachometer.tick();
    }
    tachometer.flush();
    reports.recv().expect("the tachometer was flushed")
}

/// Where nobody listens.
fn builder() -> Builder {
    CloudWatch::builder("Bench")
        .region("eu-west-1")
        .endpoint_url("http://127.0.0.1:9")
        .credentials(Credentials::new("id", "key"))
}

/// Reports as often as it can, many thousand times as often as a tachometer does.
fn bench(bencher: Bencher, cloudwatch: &CloudWatch) {
    let report = report();
    let mut reporter = cloudwatch.metric("m").percentiles().reporter().expect("a metric");
    // A backlog of 16 KiB is full after six of them.
    (0..100).for_each(|_| reporter.report(report.clone()));
    bencher.with_inputs(|| report.clone()).bench_local_values(|report| reporter.report(black_box(report)));
}

#[divan::bench]
fn report_with_room(bencher: Bencher) {
    bench(bencher, &builder().backlog(1 << 30).build().expect("a reporter"));
}

#[divan::bench]
fn report_with_a_full_backlog(bencher: Bencher) {
    bench(bencher, &builder().backlog(16 << 10).build().expect("a reporter"));
}

#[divan::bench]
fn report_during_an_outage(bencher: Bencher) {
    let tries = builder().backlog(16 << 10).send_interval(Duration::ZERO);
    bench(bencher, &tries.retry(Duration::ZERO, Duration::ZERO).build().expect("a reporter"));
}

#[divan::bench]
fn report_with_a_full_disk_backlog(bencher: Bencher) {
    let folder = std::env::temp_dir().join(format!("bench-cwtacho-{}", std::process::id()));
    let cloudwatch = builder().disk_backlog(&folder, 64 << 10).build().expect("a reporter");
    bench(bencher, &cloudwatch);
    // The worker still has the directory open.
    let _ = cloudwatch.shutdown(Duration::ZERO);
    let _ = std::fs::remove_dir_all(folder);
}
