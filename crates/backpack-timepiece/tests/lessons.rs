//! What the Python toolkit that this crate follows got wrong, each defect by a test that it would fail.
#![allow(clippy::unwrap_used)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::channel;
use std::time::Duration;

use backpack_timepiece::{
    Alarm, AlarmClock, Clock, Job, ManualClock, Rejected, Report, Reporter, Schedule, StopWatch, Tachometer,
    Ticker, Worker,
};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

fn alarm_clock() -> (AlarmClock, Clock, ManualClock) {
    let (clock, time) = Clock::manual();
    (AlarmClock::with_clock(clock.clone()), clock, time)
}

/// It kept the last tick, and the pause became an interval.
#[test]
fn reset_forgets_the_last_tick() {
    let (clock, time) = Clock::manual();
    let mut ticker = Ticker::with_clock(10, clock);
    ticker.tick();
    ticker.reset();
    time.advance(HOUR);
    assert_eq!(ticker.tick(), None);
}

/// It dropped the value.
#[test]
fn measure_returns_the_value_of_what_it_measures() {
    assert_eq!(StopWatch::new("frame").measure(|| 42), 42);
}

/// It lost the measurement and could not be started again.
#[test]
fn measure_survives_a_panic() {
    let (clock, time) = Clock::manual();
    let watch = StopWatch::with_clock("frame", clock);
    let work = || {
        time.advance(MS);
        resume_unwind(Box::new("the model has failed"))
    };
    catch_unwind(AssertUnwindSafe(|| watch.measure::<()>(work))).unwrap_err();
    watch.measure(|| time.advance(MS));
    assert_eq!((watch.summary().count, watch.summary().sum), (2, 2 * MS));
}

/// It went by the wall clock, and was silent until that had caught up.
#[test]
fn intervals_go_on_when_the_wall_clock_is_set_back() {
    let (mut alarms, clock, time) = alarm_clock();
    alarms.add(Schedule::every(SECOND).unwrap(), |_| ());
    assert_eq!(alarms.tick().fired, 1);
    time.set_wall(clock.wall() - HOUR);
    time.advance(SECOND);
    assert_eq!(alarms.tick().fired, 1);
}

/// It stepped through every interval in between, for 5.9 s after a jump of an hour.
#[test]
fn a_long_pause_is_caught_up_with_in_one_step() {
    let (mut alarms, _, time) = alarm_clock();
    alarms.add(Schedule::every(Duration::from_nanos(1)).unwrap(), |_| ());
    let _ = alarms.tick();
    time.advance(100 * 365 * 24 * HOUR);
    assert_eq!(alarms.tick().fired, 1);
    assert_eq!(alarms.tick().fired, 0);
}

/// It looped for ever.
#[test]
fn an_interval_of_zero_is_an_error() {
    assert!(Schedule::every(Duration::ZERO).is_err());
}

/// Its counter stayed where it was and never met its number again.
#[test]
fn every_nth_goes_on_after_its_callback_has_failed_or_panicked() {
    let (mut alarms, ..) = alarm_clock();
    alarms.add(Schedule::every_nth(3), |_| Err::<(), _>("failed"));
    alarms.add(Schedule::every_nth(3), |_: &Alarm| -> () { resume_unwind(Box::new("panicked")) });
    let errors: Vec<_> = (0..9).map(|_| alarms.tick().errors.len()).collect();
    assert_eq!(errors, [0, 0, 2, 0, 0, 2, 0, 0, 2]);
}

/// An exception left the loop over the schedules.
#[test]
fn a_callback_that_panics_does_not_starve_those_behind_it() {
    let (mut alarms, ..) = alarm_clock();
    let (sender, calls) = channel();
    alarms.add(Schedule::every_nth(1), |_: &Alarm| -> () { resume_unwind(Box::new("panicked")) });
    alarms.add(Schedule::every_nth(1), move |_| sender.send(()));
    let errors: Vec<_> = (0..2).flat_map(|_| alarms.tick().errors).collect();
    assert_eq!(calls.try_iter().count(), 2);
    assert_eq!(errors[1].to_string(), "the alarm of every tick panicked: panicked");
    assert!(errors[1].is_panic());
}

/// The executor kept the exception in a future that nobody looked at.
#[test]
fn what_fails_on_an_executor_is_heard_of() {
    let (mut alarms, clock, _) = alarm_clock();
    let worker = Worker::new("alarms", 8).unwrap();
    alarms.add_on(worker.clone(), Schedule::at(clock.wall()), |_| Err::<(), _>("no network"));
    alarms.add_on(worker.clone(), Schedule::at(clock.wall()), |_: &Alarm| -> () {
        resume_unwind(Box::new("no disk"))
    });
    alarms.add_on(|_: Job| Err(Rejected::Full), Schedule::at(clock.wall()), |_| ());
    let now = alarms.tick().errors;
    worker.shutdown(60 * SECOND).unwrap();
    let later = alarms.tick().errors;
    let reasons: Vec<_> = now
        .iter()
        .chain(&later)
        .filter_map(|error| Some(error.to_string().split_once("time ")?.1.to_owned()))
        .collect();
    // What is rejected stays due.
    assert_eq!(
        reasons,
        [
            "could not be run: the executor's queue is full",
            "failed: no network",
            "panicked: no disk",
            "could not be run: the executor's queue is full"
        ]
    );
}

/// It noted that it had fired after the callback, which undid the callback's work.
#[test]
fn a_callback_can_rearm_its_own_alarm() {
    let (mut alarms, clock, time) = alarm_clock();
    let wall = clock.clone();
    alarms.add(Schedule::at(clock.wall()), move |alarm| {
        alarm.rearm(Schedule::at(wall.wall() + SECOND));
    });
    let fired: Vec<_> = (0..4)
        .map(|_| {
            let fired = alarms.tick().fired;
            time.advance(SECOND);
            fired
        })
        .collect();
    assert_eq!(fired, [1, 1, 1, 1]);
}

/// It kept a hundred intervals for each second of its window and forgot the others.
#[test]
fn any_number_of_events_fits_in_a_window() {
    let (clock, time) = Clock::manual();
    let (sender, reports) = channel();
    let mut tachometer =
        Tachometer::with_clock(SECOND, move |report: Report| sender.send(report).unwrap(), clock);
    for _ in 0..=100_000 {
        tachometer.tick();
        time.advance(Duration::from_micros(10));
    }
    assert_eq!(reports.try_recv().unwrap().summary.count, 100_000);
}

/// The frame loop went on ticking into the intervals that the executor was about to report and clear: 273 of 1350 were lost.
#[test]
fn no_event_is_lost_while_an_executor_reports() {
    const TICKS: u64 = 13_500;
    let (worker, (sender, reports)) = (Worker::new("reports", 8).unwrap(), channel());
    let report = move |report: Report| sender.send(report.summary.total).unwrap();
    let report = report.on(worker.clone());
    let mut tachometer = Tachometer::new(20 * MS, report.clone());
    for _ in 0..=TICKS {
        tachometer.tick();
        // Frames of some microseconds, so that many windows end while reports are on their way.
        std::hint::black_box((0..1000).fold(0_u64, |sum, n| std::hint::black_box(sum ^ n)));
    }
    tachometer.flush();
    worker.shutdown(60 * SECOND).unwrap();
    assert_eq!((report.waiting(), report.dropped()), (0, 0));
    assert_eq!(reports.try_iter().sum::<u64>(), TICKS);
}

/// Its schedule fired at the first tick, with one sample or none.
#[test]
fn the_first_report_comes_after_a_full_window() {
    let (clock, time) = Clock::manual();
    let (sender, reports) = channel();
    let mut tachometer =
        Tachometer::with_clock(SECOND, move |report: Report| sender.send(report.window).unwrap(), clock);
    for _ in 0..=10 {
        tachometer.tick();
        time.advance(100 * MS);
    }
    assert!(reports.try_iter().eq([SECOND]));
}
