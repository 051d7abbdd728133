//! What the instruments cost, beside the cost of reading the clock, below which none of them can go.

use std::hint::black_box;
use std::time::{Duration, Instant};

use backpack_timepiece::{Clock, StopWatch, Ticker};
use divan::Bencher;

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
    let (clock, time) = Clock::manual();
    let watch = StopWatch::with_clock("frame", clock);
    for lap in 0..300 {
        // Multiples of one prime modulo another: all differ, and they are in no order.
        watch.measure(|| time.advance(Duration::from_micros(30_000 + 7_919 * lap % 10_007)));
    }
    bencher.bench_local(|| watch.summary());
}
