//! What the instruments cost, beside the cost of reading the clock, below which none of them can go.

use std::hint::black_box;
use std::time::{Duration, Instant, SystemTime};

use backpack_timepiece::{
    AlarmClock, Clock, Report, Schedule, StopWatch, StopWatchTachometer, Tachometer, Ticker,
};
use divan::Bencher;

/// Longer than any of these runs.
const HOUR: Duration = Duration::from_secs(3600);

fn main() {
    divan::main();
}

#[divan::bench]
fn floor_one_clock_read() -> Instant {
    Instant::now()
}

#[divan::bench]
fn floor_two_clock_reads(bencher: Bencher) {
    bencher.bench_local(|| {
        let start = Instant::now();
        Instant::now() - start
    });
}

#[divan::bench]
fn tick(bencher: Bencher) {
    let mut ticker = Ticker::new(300);
    bencher.bench_local(|| ticker.tick());
}

#[divan::bench]
fn start_and_stop(bencher: Bencher) {
    let watch = StopWatch::new("frame");
    bencher.bench_local(|| watch.start().stop());
}

#[divan::bench]
fn start_and_stop_a_child_by_name(bencher: Bencher) {
    let frame = StopWatch::new("frame");
    for name in ["capture", "infer", "track", "draw"] {
        frame.child(name);
    }
    bencher.bench_local(|| frame.child("draw").start().stop());
}

#[divan::bench]
fn measure(bencher: Bencher) {
    let watch = StopWatch::new("frame");
    bencher.bench_local(|| watch.measure(|| black_box(1)));
}

#[divan::bench]
fn summary_of_300(bencher: Bencher) {
    summary(bencher, 300);
}

#[divan::bench]
fn summary_of_6000(bencher: Bencher) {
    summary(bencher, 6000);
}

/// Of many intervals in no order.
fn summary(bencher: Bencher, intervals: u64) {
    let (clock, time) = Clock::manual();
    let mut ticker = Ticker::with_clock(6000, clock);
    for interval in 0..=intervals {
        // Multiples of one prime modulo another: all differ.
        time.advance(Duration::from_micros(30_000 + 7_919 * interval % 10_007));
        ticker.tick();
    }
    bencher.bench_local(|| ticker.summary());
}

#[divan::bench]
fn tachometer_tick(bencher: Bencher) {
    let mut tachometer = Tachometer::new(HOUR, ignore);
    bencher.bench_local(|| tachometer.tick());
}

#[divan::bench]
fn stopwatch_tachometer_measure(bencher: Bencher) {
    let mut tachometer = StopWatchTachometer::new(&StopWatch::new("frame"), HOUR, ignore);
    bencher.bench_local(|| tachometer.measure(|| black_box(1)));
}

/// A whole window of a second with 30 frames and the report on it, by a clock that costs next to nothing.
#[divan::bench]
fn tachometer_window_of_30(bencher: Bencher) {
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(Duration::from_secs(1), ignore, clock);
    let mut interval = 0;
    bencher.bench_local(|| {
        for _ in 0..30 {
            interval = (interval + 7_919) % 10_007;
            time.advance(Duration::from_micros(30_000 + interval));
            tachometer.tick();
        }
    });
}

fn ignore(report: Report) {
    drop(black_box(report));
}

fn interval() -> Schedule {
    Schedule::every(HOUR).expect("an hour is longer than zero")
}

fn once() -> Schedule {
    Schedule::at(SystemTime::now() + HOUR)
}

fn ordinal() -> Schedule {
    Schedule::every_nth(1 << 60)
}

/// Measures a tick at which nothing is to be done, as at nearly all of them.
fn alarm_clock(bencher: Bencher, schedules: impl IntoIterator<Item = Schedule>) {
    let mut alarms = AlarmClock::new();
    for schedule in schedules {
        alarms.add(schedule, |_| ());
    }
    bencher.bench_local(|| alarms.tick());
}

#[divan::bench]
fn alarm_clock_10_intervals(bencher: Bencher) {
    alarm_clock(bencher, [(); 10].map(|()| interval()));
}

#[divan::bench]
fn alarm_clock_10_ordinals(bencher: Bencher) {
    alarm_clock(bencher, [(); 10].map(|()| ordinal()));
}

#[divan::bench]
fn alarm_clock_10_mixed(bencher: Bencher) {
    let ordinals = [(); 3].map(|()| ordinal());
    let others = [interval(), interval(), interval(), interval(), once(), once(), once()];
    alarm_clock(bencher, others.into_iter().chain(ordinals));
}
