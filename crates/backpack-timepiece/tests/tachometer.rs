//! Tachometers: reports window by window.
#![allow(clippy::unwrap_used)]

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use backpack_timepiece::{
    Clock, Executor, Job, ManualClock, Rejected, Report, Reporter, StopWatch, StopWatchTachometer, Summary,
    Tachometer, Worker,
};
use proptest::prelude::*;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn tachometer(window: Duration) -> (Tachometer, Receiver<Report>, Clock, ManualClock) {
    let (clock, time) = Clock::manual();
    let (sender, reports) = channel();
    let report = move |report| sender.send(report).unwrap();
    (Tachometer::with_clock(window, report, clock.clone()), reports, clock, time)
}

fn stopwatch_tachometer(window: Duration) -> (StopWatchTachometer, Receiver<Report>, ManualClock) {
    let (clock, time) = Clock::manual();
    let (sender, reports) = channel();
    let watch = StopWatch::with_clock("frame", clock).child("infer");
    (StopWatchTachometer::new(&watch, window, move |report| sender.send(report).unwrap()), reports, time)
}

fn counts(reports: &Receiver<Report>) -> Vec<usize> {
    reports.try_iter().map(|report| report.summary.count).collect()
}

#[test]
fn a_report_covers_its_window_and_the_next_begins_where_it_ended() {
    let (mut tachometer, reports, clock, time) = tachometer(SECOND);
    let start = clock.wall();
    for _ in 0..=75 {
        tachometer.tick();
        time.advance(40 * MS);
    }
    let reports: Vec<_> = reports.try_iter().collect();
    let windows: Vec<_> =
        reports.iter().map(|report| (report.time.duration_since(start).unwrap(), report.window)).collect();
    assert_eq!(windows, [(SECOND, SECOND), (2 * SECOND, SECOND), (3 * SECOND, SECOND)]);
    for report in reports {
        assert_eq!(report.summary, Summary::from_iter([40 * MS; 25]));
        assert_eq!(report.distribution.values().collect::<Vec<_>>(), [(0.04, 25)]);
        assert_eq!(report.to_string(), "1.00s: total=25 min=40.00ms mean=40.00ms p95=40.00ms max=40.00ms");
    }
}

#[test]
fn tick_returns_the_interval() {
    let (mut tachometer, _reports, _, time) = tachometer(SECOND);
    assert_eq!(tachometer.tick(), None);
    time.advance(7 * MS);
    assert_eq!(tachometer.tick(), Some(7 * MS));
}

#[test]
fn a_pause_is_an_interval_of_the_window_in_which_it_ends_and_causes_one_report() {
    let (mut tachometer, reports, _, time) = tachometer(SECOND);
    tachometer.tick();
    time.advance(5500 * MS);
    tachometer.tick();
    let report = reports.try_recv().unwrap();
    assert_eq!((report.window, report.summary.max, report.summary.count), (5500 * MS, 5500 * MS, 1));
    time.advance(400 * MS);
    tachometer.tick();
    assert_eq!(counts(&reports), [], "windows keep to the full seconds from the first tick on");
    time.advance(100 * MS);
    tachometer.tick();
    assert_eq!(reports.try_recv().unwrap().window, 500 * MS);
}

#[test]
fn flush_reports_the_window_at_hand() {
    let (mut tachometer, reports, _, time) = tachometer(60 * SECOND);
    tachometer.flush();
    assert_eq!(counts(&reports), [], "there is nothing yet");
    for _ in 0..3 {
        tachometer.tick();
        time.advance(SECOND);
    }
    tachometer.flush();
    let report = reports.try_recv().unwrap();
    assert_eq!((report.window, report.summary.count), (3 * SECOND, 2));
    tachometer.flush();
    assert_eq!(counts(&reports), [], "nothing is reported twice");
}

#[test]
fn a_window_of_zero_ends_at_every_tick() {
    let (mut tachometer, reports, _, time) = tachometer(Duration::ZERO);
    for _ in 0..4 {
        tachometer.tick();
        time.advance(MS);
    }
    assert_eq!(counts(&reports), [1, 1, 1]);
    // Also if no time has passed.
    for _ in 0..3 {
        tachometer.tick();
    }
    assert_eq!(counts(&reports), [1, 1, 1]);
}

#[test]
fn a_pause_that_is_told_is_no_interval() {
    let (mut tachometer, reports, _, time) = tachometer(60 * SECOND);
    for gap in [40, 40, 600_000, 40] {
        if gap > 1000 {
            tachometer.pause();
        }
        time.advance(gap * MS);
        tachometer.tick();
    }
    tachometer.flush();
    let summaries: Vec<Summary> = reports.try_iter().map(|report| report.summary).collect();
    assert!(summaries.iter().all(|summary| summary.max == 40 * MS), "{summaries:?}");
    assert_eq!(summaries.iter().map(|summary| summary.count).sum::<usize>(), 2);
}

#[test]
fn an_outlier_at_the_beginning_does_not_spoil_the_deviation() {
    let (mut tachometer, reports, _, time) = tachometer(Duration::from_secs(3600 * 24 * 365));
    tachometer.tick();
    for lap in 0..200_000_u64 {
        time.advance(Duration::from_nanos(if lap == 0 { 3_600_000_000_000 } else { 999 + 2 * (lap % 2) }));
        tachometer.tick();
    }
    tachometer.flush();
    // One of an hour among so many of a microsecond: the hour times the root of (1/n)·(1 − 1/n).
    let part = 1.0 / 200_000.0_f64;
    let expected = (3600.0 - 1e-6) * (part * (1.0 - part)).sqrt();
    let got = reports.try_recv().unwrap().summary.std_dev.as_secs_f64();
    assert!((got - expected).abs() < 1e-8, "{got} {expected}");
}

#[test]
fn every_reporter_gets_every_report() {
    let (first, reports, _, time) = tachometer(SECOND);
    let (sender, others) = channel();
    let mut tachometer = first.reporter(move |report| sender.send(report).unwrap());
    for _ in 0..5 {
        tachometer.tick();
        time.advance(SECOND);
    }
    let reports: Vec<_> = reports.try_iter().collect();
    assert_eq!(reports.len(), 4);
    assert!(others.try_iter().eq(reports));
}

#[test]
fn laps_are_reported_whether_the_tachometer_measures_them_or_not() {
    let (mut tachometer, reports, time) = stopwatch_tachometer(SECOND);
    let watch = tachometer.watch().clone();
    for _ in 0..10 {
        assert_eq!(tachometer.measure(|| (time.advance(30 * MS), "a car").1), "a car");
        watch.measure(|| time.advance(20 * MS));
        time.advance(50 * MS);
    }
    tachometer.tick();
    let report = reports.try_recv().unwrap();
    assert_eq!((report.window, report.summary.count, report.summary.sum), (SECOND, 20, 500 * MS));
    assert_eq!(watch.summary().count, 20, "the watch keeps them too");
    time.advance(10 * SECOND);
    tachometer.tick();
    assert_eq!(counts(&reports), [], "a window without a lap is none to report");
}

#[test]
fn tachometers_of_one_watch_have_windows_of_their_own() {
    let (mut short, reports, time) = stopwatch_tachometer(SECOND);
    let watch = short.watch().clone();
    let (sender, long_reports) = channel();
    let mut long =
        StopWatchTachometer::new(&watch, 3 * SECOND, move |report: Report| sender.send(report).unwrap());
    let brief = StopWatchTachometer::new(&watch, SECOND, |_| panic!("it never ticks"));
    drop(brief);
    for _ in 0..6 {
        watch.measure(|| time.advance(SECOND));
        short.tick();
        long.tick();
    }
    assert_eq!((counts(&reports), counts(&long_reports)), (vec![1; 6], vec![3; 2]));
}

#[test]
fn laps_of_many_threads_are_all_reported_once() {
    const THREADS: usize = 4;
    const LAPS: usize = 5000;
    let (sender, reports) = channel();
    let watch = StopWatch::new("frame");
    let report = move |report| sender.send(report).unwrap();
    let mut tachometer = StopWatchTachometer::new(&watch, Duration::from_micros(50), report);
    thread::scope(|scope| {
        let threads: Vec<_> =
            (0..THREADS).map(|_| scope.spawn(|| (0..LAPS).for_each(|_| watch.measure(|| ())))).collect();
        while threads.iter().any(|thread| !thread.is_finished()) {
            tachometer.tick();
        }
    });
    tachometer.flush();
    assert_eq!(counts(&reports).iter().sum::<usize>(), THREADS * LAPS);
}

/// Takes jobs and runs them at once while its gate is open.
#[derive(Clone, Default)]
struct Gate(Arc<AtomicBool>);

impl Executor for Gate {
    fn execute(&self, job: Job) -> Result<(), Rejected> {
        if !self.0.load(SeqCst) {
            return Err(Rejected::Full);
        }
        job.run();
        Ok(())
    }
}

#[test]
fn reports_that_an_executor_rejects_go_with_the_next_one_it_takes() {
    let (gate, (sender, uploaded)) = (Gate::default(), channel());
    let upload = move |report: Report| sender.send(report.summary.sum).unwrap();
    let upload = upload.on(gate.clone());
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(SECOND, upload.clone(), clock);
    let mut tick_after = |seconds| {
        time.advance(seconds * SECOND);
        tachometer.tick();
    };
    (0..4).for_each(&mut tick_after);
    assert_eq!((upload.waiting(), upload.dropped(), uploaded.try_iter().count()), (3, 0, 0));
    gate.0.store(true, SeqCst);
    tick_after(4);
    assert!(uploaded.try_iter().eq([1, 2, 3, 4].map(|seconds| seconds * SECOND)));

    gate.0.store(false, SeqCst);
    (1..=65).for_each(&mut tick_after);
    assert_eq!((upload.waiting(), upload.dropped()), (60, 5), "only so many are kept");
    gate.0.store(true, SeqCst);
    tick_after(1);
    assert_eq!(uploaded.try_iter().next(), Some(7 * SECOND), "the oldest are dropped");
}

#[test]
fn a_reporter_that_panics_over_one_report_gets_the_others() {
    let (sender, seen) = channel();
    let gate = Gate(Arc::new(AtomicBool::new(false)));
    let upload = move |report: Report| {
        sender.send(report.summary.sum).unwrap();
        if report.summary.sum == 2 * SECOND {
            resume_unwind(Box::new("a report that cannot be uploaded"));
        }
    };
    let upload = upload.on(gate.clone());
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(SECOND, upload.clone(), clock);
    for seconds in 0..4 {
        time.advance(seconds * SECOND);
        tachometer.tick();
    }
    gate.0.store(true, SeqCst);
    upload.retry();
    assert!(seen.try_iter().eq([1, 2, 3].map(|seconds| seconds * SECOND)));
    assert_eq!((upload.waiting(), upload.dropped()), (0, 1));
}

#[test]
fn a_reporter_on_a_worker_runs_there() {
    let worker = Worker::new("reports", 4).unwrap();
    let (sender, names) = channel();
    let upload = move |_: Report| sender.send(thread::current().name().map(str::to_owned)).unwrap();
    let upload = upload.on(worker.clone());
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(SECOND, upload.clone(), clock);
    for _ in 0..3 {
        tachometer.tick();
        time.advance(SECOND);
    }
    worker.shutdown(60 * SECOND).unwrap();
    assert!(names.try_iter().eq([Some("reports".to_owned()), Some("reports".to_owned())]));
    assert_eq!((upload.waiting(), upload.dropped()), (0, 0));
}

proptest! {
    #[test]
    fn every_interval_is_in_exactly_one_report(
        intervals in prop::collection::vec(prop_oneof![0_u64..50, 0_u64..3000], 1..300), window in 1_u64..2000,
    ) {
        let (mut tachometer, reports, _, time) = tachometer(Duration::from_nanos(window));
        tachometer.tick();
        for &interval in &intervals {
            time.advance(Duration::from_nanos(interval));
            tachometer.tick();
        }
        tachometer.flush();
        let reports: Vec<Report> = reports.try_iter().collect();
        let covered: Duration = reports.iter().map(|report| report.window).sum();
        prop_assert_eq!(covered.as_nanos(), u128::from(intervals.iter().sum::<u64>()));
        prop_assert_eq!(reports.iter().map(|report| report.summary.total).sum::<u64>(), intervals.len() as u64);
        let mut rest = intervals.iter().copied().map(Duration::from_nanos);
        for report in &reports {
            let expected: Summary = rest.by_ref().take(report.summary.count).collect();
            let Summary { count, sum, min, mean, max, .. } = report.summary;
            prop_assert_eq!((count, sum, min, mean, max), (expected.count, expected.sum, expected.min, expected.mean, expected.max));
        }
    }

    #[test]
    fn percentiles_and_deviation_of_a_window_are_near_the_exact_ones(
        intervals in prop::collection::vec(prop_oneof![0_u64..300, 0_u64..100_000_000, Just(33_333_333)], 1..400),
    ) {
        let (mut tachometer, reports, _, time) = tachometer(SECOND);
        tachometer.tick();
        for &interval in &intervals {
            time.advance(Duration::from_nanos(interval));
            tachometer.tick();
        }
        tachometer.flush();
        let mut rest = intervals.iter().copied().map(Duration::from_nanos);
        for report in reports.try_iter() {
            let exact: Summary = rest.by_ref().take(report.summary.count).collect();
            let pairs = [(report.summary.p50, exact.p50), (report.summary.p90, exact.p90), (report.summary.p95, exact.p95), (report.summary.p99, exact.p99)];
            for (got, expected) in pairs {
                let (got, expected) = (got.as_nanos() as f64, expected.as_nanos() as f64);
                prop_assert!((got - expected).abs() <= expected / 128.0 + 0.5, "{} {}", got, expected);
            }
            let (got, expected) = (report.summary.std_dev.as_nanos() as f64, exact.std_dev.as_nanos() as f64);
            prop_assert!((got - expected).abs() <= 1.0 + 1e-6 * exact.max.as_nanos() as f64, "{} {}", got, expected);
        }
    }
}
