//! What runs for every frame allocates nothing.

use std::hint::black_box;
use std::time::Duration;

use allocation_counter::measure;
use backpack_timepiece::{AlarmClock, Clock, Schedule, StopWatch, StopWatchTachometer, Tachometer, Ticker};

fn allocations(work: impl FnOnce()) -> u64 {
    measure(work).count_total
}

fn tick_often(ticker: &mut Ticker, times: usize) {
    for _ in 0..times {
        black_box(ticker.tick());
    }
}

#[test]
fn reading_and_cloning_a_clock_allocates_nothing() {
    for clock in [Clock::system(), Clock::manual().0] {
        assert_eq!(allocations(|| drop(black_box((clock.now(), clock.wall(), clock.clone())))), 0);
    }
}

#[test]
fn a_tick_allocates_nothing_from_the_first_on() {
    let mut ticker = Ticker::new(300);
    assert_eq!(allocations(|| tick_often(&mut ticker, 1000)), 0);
}

#[test]
fn a_reset_ticker_allocates_nothing() {
    let mut ticker = Ticker::new(10);
    tick_often(&mut ticker, 20);
    let work = || {
        ticker.reset();
        tick_often(&mut ticker, 20);
    };
    assert_eq!(allocations(work), 0);
}

#[test]
fn a_lap_allocates_nothing_from_the_first_on() {
    let watch = StopWatch::new("frame");
    let work = || {
        for _ in 0..1000 {
            watch.start().stop();
            drop(watch.start());
            watch.start().discard();
            watch.measure(|| ());
        }
    };
    assert_eq!(allocations(work), 0);
}

#[test]
fn a_child_allocates_only_when_it_is_made() {
    let frame = StopWatch::new("frame");
    let work = || drop(frame.child("infer").child("decode").start());
    assert_ne!(allocations(work), 0);
    assert_eq!(allocations(|| (0..1000).for_each(|_| work())), 0);
}

#[test]
fn a_lap_allocates_nothing_after_the_history_was_resized() {
    let watch = StopWatch::new("frame");
    for max_intervals in [10, 1000] {
        watch.set_max_intervals(max_intervals);
        assert_eq!(allocations(|| (0..2000).for_each(|_| drop(watch.start()))), 0);
    }
}

#[test]
fn a_shorter_history_gives_memory_back() {
    let watch = StopWatch::new("frame");
    (0..300).for_each(|_| drop(watch.start()));
    assert_eq!(measure(|| watch.set_max_intervals(10)).bytes_current, (10 - 300) * 8);
}

#[test]
fn a_summary_allocates_one_copy_of_what_is_kept() {
    let watch = StopWatch::new("frame");
    (0..1000).for_each(|_| drop(watch.start()));
    let info = measure(|| {
        black_box(watch.summary());
    });
    assert_eq!((info.count_total, info.bytes_total), (1, 300 * 8));
}

#[test]
fn a_tachometer_allocates_nothing_within_a_window_and_little_for_a_report() {
    let (clock, time) = Clock::manual();
    let window = Duration::from_secs(60);
    let mut tachometer = Tachometer::with_clock(window, |report| drop(black_box(report)), clock.clone());
    let mut ticks = |count| {
        for tick in 0..count {
            black_box(tachometer.tick());
            time.advance(Duration::from_micros(33_000 + tick % 100));
        }
    };
    assert_eq!(allocations(|| ticks(1800)), 0);
    // The bins of the report, in a list that grows.
    assert!((1..=8).contains(&allocations(|| ticks(1000))));
}

#[test]
fn the_laps_of_a_stopwatch_with_tachometers_allocate_nothing() {
    let watch = StopWatch::new("frame");
    let hour = Duration::from_secs(3600);
    let mut tachometers = [(); 3].map(|()| StopWatchTachometer::new(&watch, hour, |_| ()));
    let work = || {
        for _ in 0..1000 {
            watch.start().stop();
            tachometers.iter_mut().for_each(|tachometer| tachometer.measure(|| ()));
        }
    };
    assert_eq!(allocations(work), 0);
}

#[test]
fn schedules_allocate_nothing_even_when_they_are_due() {
    let mut alarms = AlarmClock::new();
    for _ in 0..10 {
        alarms.add(Schedule::every(Duration::from_nanos(1)).unwrap(), |_| ());
        alarms.add(Schedule::every_nth(2), |_| ());
        alarms.add(Schedule::at(std::time::SystemTime::now() + Duration::from_secs(3600)), |_| ());
    }
    let work = || {
        for _ in 0..1000 {
            assert!(alarms.tick().errors.is_empty());
        }
    };
    assert_eq!(allocations(work), 0);
}
