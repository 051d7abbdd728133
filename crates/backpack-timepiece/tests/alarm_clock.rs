//! The alarm clock: callbacks in the frame loop and elsewhere.
#![allow(clippy::unwrap_used)]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backpack_timepiece::{Alarm, AlarmClock, Clock, Executor, Job, ManualClock, Rejected, Schedule};

const SECOND: Duration = Duration::from_secs(1);

fn alarm_clock() -> (AlarmClock, Clock, ManualClock) {
    let (clock, time) = Clock::manual();
    (AlarmClock::with_clock(clock.clone()), clock, time)
}

/// Counts its calls.
#[derive(Clone, Default)]
struct Calls(Arc<AtomicUsize>);

impl Calls {
    fn count(&self) -> usize {
        self.0.load(SeqCst)
    }

    fn callback(&self) -> impl FnMut(&Alarm) + Send + 'static {
        let calls = self.0.clone();
        move |_| {
            calls.fetch_add(1, SeqCst);
        }
    }
}

/// An executor that keeps its jobs until the test runs them.
#[derive(Clone, Default)]
struct Shelf(Arc<Mutex<Vec<Job>>>);

impl Shelf {
    fn run_all(&self) -> usize {
        let jobs = std::mem::take(&mut *self.0.lock().unwrap());
        let count = jobs.len();
        jobs.into_iter().for_each(Job::run);
        count
    }
}

impl Executor for Shelf {
    fn execute(&self, job: Job) -> Result<(), Rejected> {
        self.0.lock().unwrap().push(job);
        Ok(())
    }
}

#[test]
fn alarms_run_in_the_order_in_which_they_were_set() {
    let (mut alarms, clock, time) = alarm_clock();
    let (sender, called) = channel();
    let callback = |name: &'static str| {
        let sender: Sender<_> = sender.clone();
        move |_: &Alarm| sender.send(name)
    };
    alarms.add(Schedule::every(3 * SECOND).unwrap(), callback("interval"));
    alarms.add(Schedule::every_nth(2), callback("ordinal"));
    alarms.add(Schedule::at(clock.wall() + 3 * SECOND), callback("once"));
    let fired: Vec<_> = (0..7)
        .map(|_| {
            let ticked = alarms.tick();
            time.advance(SECOND);
            assert!(ticked.errors.is_empty());
            ticked.fired
        })
        .collect();
    assert_eq!(fired, [1, 1, 0, 3, 0, 1, 1]);
    let called: Vec<_> = called.try_iter().collect();
    assert_eq!(called, ["interval", "ordinal", "interval", "ordinal", "once", "ordinal", "interval"]);
}

#[test]
fn an_alarm_that_is_over_is_forgotten_unless_somebody_can_rearm_it() {
    let (mut alarms, clock, time) = alarm_clock();
    let calls = Calls::default();
    alarms.add(Schedule::at(clock.wall()), calls.callback());
    let kept = alarms.add(Schedule::at(clock.wall()), calls.callback());
    assert_eq!((alarms.tick().fired, alarms.len()), (2, 1));

    assert!(kept.rearm(Schedule::at(clock.wall() + SECOND)));
    assert_eq!(alarms.tick().fired, 0);
    time.advance(SECOND);
    assert_eq!((alarms.tick().fired, calls.count()), (1, 3));

    drop(kept);
    assert_eq!((alarms.tick().fired, alarms.is_empty()), (0, true));
}

#[test]
fn a_handle_removes_and_rearms_its_alarm() {
    let (mut alarms, _, time) = alarm_clock();
    let (first, second) = (Calls::default(), Calls::default());
    let alarm = alarms.add(Schedule::every(SECOND).unwrap(), first.callback());
    alarms.add(Schedule::every(SECOND).unwrap(), second.callback());
    assert_eq!(alarms.tick().fired, 2);

    assert!(alarm.rearm(Schedule::every_nth(1)));
    assert_eq!(alarms.tick().fired, 1, "the new schedule holds at once");

    alarm.clone().remove();
    time.advance(SECOND);
    assert_eq!((alarms.tick().fired, alarms.len()), (1, 1));
    assert!(alarm.is_removed() && !alarm.rearm(Schedule::every_nth(1)));
    assert_eq!((first.count(), second.count()), (2, 2));
}

#[test]
fn a_handle_knows_that_its_clock_is_gone() {
    let (mut alarms, ..) = alarm_clock();
    let alarm = alarms.add(Schedule::every_nth(1), |_| ());
    assert!(!alarm.is_removed());
    drop(alarms);
    assert!(alarm.is_removed() && !alarm.rearm(Schedule::every_nth(1)));
}

#[test]
fn a_callback_that_removes_a_later_alarm_comes_before_it() {
    let (mut alarms, ..) = alarm_clock();
    let calls = Calls::default();
    let victim: Arc<Mutex<Option<Alarm>>> = Arc::default();
    let known = victim.clone();
    alarms.add(Schedule::every_nth(1), move |_| known.lock().unwrap().as_ref().unwrap().remove());
    *victim.lock().unwrap() = Some(alarms.add(Schedule::every_nth(1), calls.callback()));
    assert_eq!((alarms.tick().fired, calls.count(), alarms.len()), (1, 0, 1));
}

#[test]
fn a_callback_may_remove_its_own_alarm() {
    let (mut alarms, ..) = alarm_clock();
    alarms.add(Schedule::every_nth(1), Alarm::remove);
    assert_eq!(alarms.tick().fired, 1);
    assert_eq!((alarms.tick().fired, alarms.len()), (0, 0));
}

#[test]
fn a_failure_is_returned_with_its_reason_and_its_source() {
    let (mut alarms, ..) = alarm_clock();
    alarms.add(Schedule::every_nth(2), |_| "seven".parse::<u32>());
    assert!(alarms.tick().errors.is_empty());
    let errors = alarms.tick().errors;
    assert_eq!(errors[0].to_string(), "the alarm of every 2 ticks failed: invalid digit found in string");
    assert!(std::error::Error::source(&errors[0]).unwrap().is::<std::num::ParseIntError>());
    assert!(!errors[0].is_panic() && errors[0].rejected().is_none());
}

#[test]
fn a_callback_on_an_executor_runs_there() {
    let (mut alarms, ..) = alarm_clock();
    let (shelf, calls) = (Shelf::default(), Calls::default());
    alarms.add_on(shelf.clone(), Schedule::every_nth(1), calls.callback());
    for round in 1..=3 {
        assert_eq!(alarms.tick().fired, 1);
        assert_eq!((calls.count(), shelf.run_all(), calls.count()), (round - 1, 1, round));
    }
}

#[test]
fn a_callback_that_has_not_ended_is_not_sent_out_again() {
    let (mut alarms, ..) = alarm_clock();
    let (shelf, calls) = (Shelf::default(), Calls::default());
    alarms.add_on(shelf.clone(), Schedule::every_nth(1), calls.callback());
    assert!(alarms.tick().errors.is_empty());
    let errors = alarms.tick().errors;
    assert_eq!(errors[0].rejected(), Some(Rejected::Busy));
    assert_eq!(errors[0].to_string(), "the alarm of every tick could not be run: its last run has not ended");
    assert_eq!((shelf.run_all(), calls.count()), (1, 1));
    assert!(alarms.tick().errors.is_empty(), "now it has");
    // A job that an executor drops is no longer out either.
    shelf.0.lock().unwrap().clear();
    assert!(alarms.tick().errors.is_empty());
}

#[test]
fn a_callback_that_waits_on_an_executor_is_not_called_once_its_alarm_is_removed() {
    let (mut alarms, ..) = alarm_clock();
    let (shelf, calls) = (Shelf::default(), Calls::default());
    let alarm = alarms.add_on(shelf.clone(), Schedule::every_nth(1), calls.callback());
    assert_eq!(alarms.tick().fired, 1);
    alarm.remove();
    assert_eq!((shelf.run_all(), calls.count()), (1, 0));
    assert_eq!((alarms.tick().fired, alarms.len()), (0, 0));
}

#[test]
fn what_a_clock_has_sent_out_outlives_it() {
    let (mut alarms, ..) = alarm_clock();
    let (shelf, calls) = (Shelf::default(), Calls::default());
    alarms.add_on(shelf.clone(), Schedule::every_nth(1), calls.callback());
    assert_eq!(alarms.tick().fired, 1);
    drop(alarms);
    assert_eq!((shelf.run_all(), calls.count()), (1, 1));
}

#[test]
fn a_callback_that_removes_its_alarm_and_fails_is_heard_of() {
    let (mut alarms, ..) = alarm_clock();
    let shelf = Shelf::default();
    alarms.add_on(shelf.clone(), Schedule::every_nth(1), |alarm| {
        alarm.remove();
        Err::<(), _>("the last words")
    });
    assert!(alarms.tick().errors.is_empty());
    shelf.run_all();
    let errors = alarms.tick().errors;
    assert_eq!((errors.len(), alarms.len()), (1, 0));
}

/// The job ends while the clock is still at its tick, after it has looked at the alarm.
#[test]
fn what_comes_from_an_executor_in_the_middle_of_a_tick_is_not_lost() {
    let (mut alarms, clock, time) = alarm_clock();
    let (shelf, again) = (Shelf::default(), Schedule::at(clock.wall() + 2 * SECOND));
    alarms.add_on(shelf.clone(), Schedule::at(clock.wall()), move |alarm| {
        assert!(alarm.rearm(again.clone()));
        Err::<(), _>("failed")
    });
    let runner = shelf.clone();
    alarms.add(Schedule::at(clock.wall() + SECOND), move |_| assert_eq!(runner.run_all(), 1));
    assert_eq!(alarms.tick().fired, 1);
    time.advance(SECOND);
    let mut errors = alarms.tick().errors;
    assert_eq!(alarms.len(), 1, "the second is over, the first is armed again");
    time.advance(SECOND);
    let ticked = alarms.tick();
    errors.extend(ticked.errors);
    assert_eq!((ticked.fired, errors.len()), (1, 1));
}

#[test]
fn an_alarm_for_a_single_time_that_is_rejected_stays_due() {
    let (mut alarms, clock, _) = alarm_clock();
    let (shelf, calls) = (Shelf::default(), Calls::default());
    let (is_full, inner) = (Arc::new(AtomicBool::new(true)), shelf.clone());
    let full = is_full.clone();
    let executor = move |job: Job| if full.load(SeqCst) { Err(Rejected::Full) } else { inner.execute(job) };
    alarms.add_on(executor, Schedule::at(clock.wall()), calls.callback());
    assert_eq!(alarms.tick().errors[0].rejected(), Some(Rejected::Full));
    is_full.store(false, SeqCst);
    assert!(alarms.tick().errors.is_empty());
    assert_eq!((shelf.run_all(), calls.count()), (1, 1));
    assert_eq!((alarms.tick().fired, alarms.len()), (0, 0));
}

#[test]
fn an_error_knows_its_alarm() {
    let (mut alarms, ..) = alarm_clock();
    let first = alarms.add(Schedule::every_nth(1), |_| Err::<(), _>("one"));
    let second = alarms.add(Schedule::every_nth(1), |_| Err::<(), _>("two"));
    let errors = alarms.tick().errors;
    assert_eq!((errors[0].alarm(), errors[1].alarm()), (&first, &second));
    assert_ne!(first, second);
    errors[0].alarm().remove();
    assert_eq!(alarms.tick().errors.len(), 1);
}

#[test]
fn a_callback_on_an_executor_may_rearm_its_alarm_although_it_is_over() {
    let (mut alarms, clock, time) = alarm_clock();
    let shelf = Shelf::default();
    let again = Schedule::at(clock.wall() + SECOND);
    alarms
        .add_on(shelf.clone(), Schedule::at(clock.wall()), move |alarm| assert!(alarm.rearm(again.clone())));
    assert_eq!((alarms.tick().fired, alarms.tick().fired), (1, 0));
    shelf.run_all();
    time.advance(SECOND);
    assert_eq!(alarms.tick().fired, 1);
}

#[test]
fn failures_on_an_executor_are_returned_by_the_next_tick_even_of_an_alarm_that_is_over() {
    let (mut alarms, clock, _) = alarm_clock();
    let shelf = Shelf::default();
    alarms.add_on(shelf.clone(), Schedule::at(clock.wall()), |_| Err::<(), _>("no network"));
    assert!(alarms.tick().errors.is_empty());
    assert_eq!(alarms.len(), 1, "it may still have something to say");
    shelf.run_all();
    let errors = alarms.tick().errors;
    assert_eq!(errors[0].to_string(), "the alarm of at 1577836800.000 s Unix time failed: no network");
    assert_eq!((errors.len(), alarms.len()), (1, 1), "the error is a handle too");
    drop(errors);
    assert_eq!((alarms.tick().errors.len(), alarms.len()), (0, 0));
}

#[test]
fn an_executor_that_takes_nothing_is_an_error_and_not_a_wait() {
    let (mut alarms, ..) = alarm_clock();
    alarms.add_on(|_| Err(Rejected::Full), Schedule::every_nth(1), |_| ());
    let ticked = alarms.tick();
    assert_eq!((ticked.fired, ticked.errors[0].rejected()), (1, Some(Rejected::Full)));
    assert_eq!(
        ticked.errors[0].to_string(),
        "the alarm of every tick could not be run: the executor's queue is full"
    );
}

#[test]
fn a_clock_shows_what_it_is_set_to() {
    let (mut alarms, clock, _) = alarm_clock();
    alarms.add(Schedule::every(SECOND).unwrap(), |_| ());
    let _kept = alarms.add(Schedule::at(clock.wall()), |_| ());
    let _ = alarms.tick();
    assert!(format!("{alarms:?}").ends_with("entries: [Alarm(every 1s), Alarm(over)] }"), "{alarms:?}");
}

#[test]
fn clocks_and_handles_can_be_sent_to_other_threads() {
    fn check<T: Send>() {}
    fn check_sync<T: Send + Sync>() {}
    check::<AlarmClock>();
    check_sync::<Alarm>();
}
