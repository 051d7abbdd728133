//! The stopwatch: a tree of measurements.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use backpack_timepiece::{Clock, Lap, ManualClock, Row, Snapshot, StopWatch, Summary, Ticker};

const MS: Duration = Duration::from_millis(1);

fn stopwatch(name: &str) -> (StopWatch, ManualClock) {
    let (clock, time) = Clock::manual();
    (StopWatch::with_clock(name, clock), time)
}

fn names(watches: &[StopWatch]) -> Vec<&str> {
    watches.iter().map(StopWatch::name).collect()
}

/// How many laps there were, and their sum.
fn laps(watch: &StopWatch) -> (u64, Duration) {
    (watch.summary().total, watch.summary().sum)
}

#[test]
fn a_lap_lasts_from_start_to_stop() {
    let (watch, time) = stopwatch("frame");
    time.advance(MS);
    let lap = watch.start();
    time.advance(5 * MS);
    assert_eq!(laps(&watch), (0, Duration::ZERO), "it is still running");
    assert_eq!(lap.stop(), 5 * MS);
    time.advance(MS);
    assert_eq!(laps(&watch), (1, 5 * MS));
}

#[test]
fn a_lap_ends_with_its_scope() {
    let (watch, time) = stopwatch("frame");
    for _ in 0..3 {
        let _lap = watch.start();
        time.advance(2 * MS);
    }
    assert_eq!(laps(&watch), (3, 6 * MS));
}

#[test]
fn a_discarded_lap_is_not_recorded() {
    let (watch, time) = stopwatch("frame");
    let lap = watch.start();
    time.advance(MS);
    lap.discard();
    assert_eq!(watch.summary(), Summary::default());
}

#[test]
fn measure_returns_what_the_work_returns() {
    let (watch, time) = stopwatch("frame");
    let result = watch.measure(|| {
        time.advance(4 * MS);
        "a car".parse::<u32>().map_err(|_| "not a number")
    });
    assert_eq!(result, Err("not a number"));
    assert_eq!(laps(&watch), (1, 4 * MS));
}

#[test]
fn a_panic_ends_the_lap_and_the_watch_goes_on() {
    let (watch, time) = stopwatch("frame");
    let work = || {
        time.advance(3 * MS);
        resume_unwind(Box::new("the model has failed"))
    };
    let panic = catch_unwind(AssertUnwindSafe(|| watch.child("infer").measure::<()>(work))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"the model has failed"));
    assert_eq!(laps(&watch.child("infer")), (1, 3 * MS));
    watch.child("infer").measure(|| time.advance(MS));
    assert_eq!(laps(&watch.child("infer")), (2, 4 * MS));
}

#[test]
fn laps_of_one_watch_may_lie_within_each_other_and_overlap() {
    let (watch, time) = stopwatch("frame");
    let outer = watch.start();
    time.advance(MS);
    let inner = watch.start();
    time.advance(MS);
    assert_eq!(outer.stop(), 2 * MS);
    time.advance(MS);
    assert_eq!(inner.stop(), 2 * MS);

    fn countdown(watch: &StopWatch, time: &ManualClock, steps: u32) {
        let _lap = watch.start();
        time.advance(MS);
        if steps > 1 {
            countdown(watch, time, steps - 1);
        }
    }
    watch.reset();
    countdown(&watch, &time, 3);
    assert_eq!(laps(&watch), (3, (1 + 2 + 3) * MS));
}

#[test]
fn the_same_name_is_the_same_child() {
    let (frame, time) = stopwatch("frame");
    for _ in 0..2 {
        frame.child("infer").measure(|| time.advance(MS));
        frame.child("draw").child("infer").measure(|| time.advance(5 * MS));
    }
    assert_eq!(names(&frame.children()), ["infer", "draw"]);
    assert_eq!(laps(&frame.child("infer")), (2, 2 * MS));
    assert_eq!(laps(&frame.child("draw").child("infer")), (2, 10 * MS), "a name belongs to its parent");
    assert_eq!(laps(&frame), (0, Duration::ZERO), "a child's time is not its parent's");
}

#[test]
fn a_watch_knows_its_place_in_the_tree() {
    let frame = StopWatch::new("frame");
    let boxes = frame.child("draw").child("boxes");
    assert_eq!((boxes.name(), boxes.full_name(), boxes.level()), ("boxes", "frame.draw.boxes", 2));
    assert_eq!((frame.name(), frame.full_name(), frame.level()), ("frame", "frame", 0));
    assert_eq!(boxes.parent().unwrap().full_name(), "frame.draw");
    assert!(frame.parent().is_none());
    assert_eq!(format!("{boxes:?}"), r#"StopWatch { node: "frame.draw.boxes", root: "frame" }"#);
}

#[test]
fn children_are_listed_in_the_order_of_their_creation() {
    let frame = StopWatch::new("frame");
    for name in ["upload", "capture", "infer", "capture"] {
        frame.child(name);
    }
    assert_eq!(names(&frame.children()), ["upload", "capture", "infer"]);
}

#[test]
fn a_handle_keeps_its_whole_tree_alive() {
    let boxes = StopWatch::new("frame").child("draw").child("boxes");
    let frame = boxes.parent().unwrap().parent().unwrap();
    assert_eq!(frame.snapshot().rows().len(), 3);
}

#[test]
fn a_clone_is_another_handle_to_the_same_watch() {
    let (watch, time) = stopwatch("frame");
    watch.clone().measure(|| time.advance(MS));
    watch.clone().child("infer");
    assert_eq!(laps(&watch), (1, MS));
    assert_eq!(names(&watch.children()), ["infer"]);
}

#[test]
fn a_watch_keeps_300_durations_unless_it_is_told_otherwise() {
    let (frame, time) = stopwatch("frame");
    let early = frame.child("early");
    let measure = |watch: &StopWatch, lengths: std::ops::RangeInclusive<u32>| {
        lengths.for_each(|length| watch.measure(|| time.advance(length * MS)));
    };
    measure(&frame, 1..=310);
    assert_eq!((frame.summary().total, frame.summary().count, frame.summary().min), (310, 300, 11 * MS));

    frame.set_max_intervals(5);
    assert_eq!((frame.summary().count, frame.summary().min), (5, 306 * MS), "the latest ones stay");
    measure(&frame, 1..=2);
    assert_eq!((frame.summary().count, frame.summary().min), (5, MS));

    let late = frame.child("late");
    measure(&late, 1..=10);
    measure(&early, 1..=10);
    assert_eq!(
        (early.summary().count, late.summary().count),
        (10, 5),
        "children made later have the new length"
    );

    late.set_max_intervals(7);
    measure(&late, 11..=20);
    assert_eq!((late.summary().count, late.summary().min), (7, 14 * MS));

    late.set_max_intervals(0);
    measure(&late, 1..=1);
    assert_eq!((late.summary().total, late.summary().count), (21, 0), "it only counts");

    late.set_max_intervals(usize::MAX);
    measure(&late, 1..=400);
    assert_eq!((late.summary().total, late.summary().count), (421, 400), "no limit is too large");
}

#[test]
fn reset_clears_a_branch_and_keeps_its_watches() {
    let (frame, time) = stopwatch("frame");
    let (draw, boxes) = (frame.child("draw"), frame.child("draw").child("boxes"));
    let advance = || time.advance(MS);
    [&frame, &draw, &boxes].into_iter().for_each(|watch| watch.measure(advance));
    let running = boxes.start();
    draw.reset();
    assert_eq!([&frame, &draw, &boxes].map(laps), [(1, MS), (0, Duration::ZERO), (0, Duration::ZERO)]);
    time.advance(MS);
    running.stop();
    assert_eq!(laps(&boxes), (1, MS), "a lap that was running is recorded");
    assert_eq!(frame.snapshot().rows().len(), 3);
}

#[test]
fn a_snapshot_has_a_row_for_every_watch_from_the_top_down() {
    let (frame, time) = stopwatch("frame");
    frame.child("draw").child("boxes").measure(|| time.advance(2 * MS));
    frame.child("infer").measure(|| time.advance(7 * MS));
    let snapshot = frame.snapshot();
    frame.child("infer").measure(|| time.advance(MS));

    let place = |row: &Row| (row.name.clone(), row.full_name.clone(), row.level, row.summary.sum);
    let expected = [
        ("frame", "frame", 0, Duration::ZERO),
        ("draw", "frame.draw", 1, Duration::ZERO),
        ("boxes", "frame.draw.boxes", 2, 2 * MS),
        ("infer", "frame.infer", 1, 7 * MS),
    ];
    let expected = expected.map(|(name, full_name, level, sum)| (name.into(), full_name.into(), level, sum));
    assert_eq!(snapshot.rows().iter().map(place).collect::<Vec<_>>(), expected);
    assert_ne!(snapshot, frame.snapshot(), "a snapshot does not change");
}

#[test]
fn a_tree_is_printed_as_an_aligned_table() {
    let (frame, time) = stopwatch("frame");
    for _ in 0..12_345 {
        frame.measure(|| {
            frame.child("inférer").measure(|| time.advance(Duration::from_micros(33_333)));
            frame.child("draw").child("boxes").measure(|| time.advance(Duration::from_nanos(1_500)));
        });
    }
    frame.child("upload").measure(|| time.advance(Duration::from_millis(1_250)));
    let table = [
        "            laps       min      mean       p95       max",
        "frame      12345   33.33ms   33.33ms   33.33ms   33.33ms",
        "  inférer  12345   33.33ms   33.33ms   33.33ms   33.33ms",
        "  draw         0         -         -         -         -",
        "    boxes  12345    1.50µs    1.50µs    1.50µs    1.50µs",
        "  upload       1     1.25s     1.25s     1.25s     1.25s",
    ];
    assert_eq!(frame.to_string(), table.join("\n"));

    let branch = [
        "          laps       min      mean       p95       max",
        "draw         0         -         -         -         -",
        "  boxes  12345    1.50µs    1.50µs    1.50µs    1.50µs",
    ];
    assert_eq!(frame.child("draw").to_string(), branch.join("\n"), "a branch begins at the left");
}

#[test]
fn a_row_is_printed_as_one_line() {
    let (frame, time) = stopwatch("frame");
    frame.child("infer");
    frame.measure(|| time.advance(MS));
    let lines: Vec<_> = frame.snapshot().rows().iter().map(Row::to_string).collect();
    assert_eq!(
        lines,
        ["frame: total=1 min=1.00ms mean=1.00ms p95=1.00ms max=1.00ms", "frame.infer: total=0"]
    );
}

#[test]
fn threads_share_a_tree() {
    const THREADS: u64 = 4;
    const LAPS: u64 = 2_000;
    let frame = StopWatch::new("frame");
    let barrier = Barrier::new(THREADS as usize);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                barrier.wait();
                for lap in 0..LAPS {
                    frame.child(["infer", "draw"][lap as usize % 2]).measure(|| ());
                    frame.snapshot();
                }
            });
        }
    });
    let rows: Vec<_> = frame.snapshot().rows().iter().map(|row| (row.level, row.summary.total)).collect();
    assert_eq!(rows, [(0, 0), (1, THREADS * LAPS / 2), (1, THREADS * LAPS / 2)]);
}

#[test]
fn a_lap_may_end_on_another_thread() {
    let (watch, time) = stopwatch("frame");
    let lap = watch.start();
    thread::spawn(move || {
        time.advance(MS);
        lap.stop()
    })
    .join()
    .unwrap();
    assert_eq!(laps(&watch), (1, MS));
}

#[test]
fn everything_can_be_sent_to_and_used_from_other_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<(Clock, ManualClock, Ticker, StopWatch, Lap, Snapshot, Summary)>();
}
