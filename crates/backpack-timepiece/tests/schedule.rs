//! Schedules: whether it is time.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, UNIX_EPOCH};

use backpack_timepiece::{Clock, ManualClock, Schedule, ScheduleError};
use proptest::prelude::*;

const SECOND: Duration = Duration::from_secs(1);

/// At which of the ticks, each a while after the one before, it was time.
fn due(schedule: &mut Schedule, clock: &Clock, time: &ManualClock, pauses: &[Duration]) -> Vec<usize> {
    let mut tick = |pause| {
        time.advance(pause);
        schedule.tick(clock)
    };
    pauses.iter().enumerate().filter_map(|(index, &pause)| tick(pause).then_some(index)).collect()
}

#[test]
fn a_date_and_time_is_due_once_at_the_first_tick_that_is_not_before_it() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::at(clock.wall() + 3 * SECOND);
    assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 6]), [2]);
}

#[test]
fn a_date_and_time_in_the_past_is_due_at_the_first_tick() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::at(UNIX_EPOCH);
    assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 3]), [0]);
}

#[test]
fn a_date_and_time_follows_the_wall_clock_when_it_is_set() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::at(clock.wall() + 3600 * SECOND);
    assert!(!schedule.tick(&clock));
    time.set_wall(clock.wall() + 3600 * SECOND);
    assert!(schedule.tick(&clock));
}

#[test]
fn a_delay_is_over_once_and_does_not_notice_when_the_wall_clock_is_set() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::after(3 * SECOND);
    assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 2]), []);
    time.set_wall(clock.wall() - 24 * 3600 * SECOND);
    assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 4]), [1]);
    assert!(Schedule::after(Duration::ZERO).tick(&clock));
    assert_eq!(due(&mut Schedule::after(Duration::MAX), &clock, &time, &[SECOND; 3]), []);
}

#[test]
fn an_interval_is_due_at_the_first_tick_and_then_without_drift() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::every(Duration::from_millis(1500)).unwrap();
    // Due at 1, 2.5, 4, 5.5, 7, 8.5 and 10 seconds: ticks that come half a second late do not add up.
    assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 10]), [0, 2, 3, 5, 6, 8, 9]);
}

#[test]
fn an_interval_does_not_notice_when_the_wall_clock_is_set() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::every(2 * SECOND).unwrap();
    for hours in [-5, 5] {
        let wall = clock.wall();
        time.set_wall(if hours < 0 { wall - 5 * 3600 * SECOND } else { wall + 5 * 3600 * SECOND });
        assert_eq!(due(&mut schedule, &clock, &time, &[SECOND; 4]), [0, 2], "{hours} hours");
    }
}

#[test]
fn an_interval_longer_than_time_itself_is_due_once() {
    let (clock, time) = Clock::manual();
    let mut schedule = Schedule::every(Duration::MAX).unwrap();
    let century = 100 * 365 * 24 * 3600 * SECOND;
    assert_eq!(due(&mut schedule, &clock, &time, &[century; 2]), [0]);
}

#[test]
fn every_nth_tick_is_due_and_none_for_zero() {
    let (clock, time) = Clock::manual();
    let due_of = |n| due(&mut Schedule::every_nth(n), &clock, &time, &[SECOND; 7]);
    assert_eq!(due_of(3), [2, 5]);
    assert_eq!(due_of(1), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(due_of(0), []);
    assert_eq!(due_of(u64::MAX), []);
}

#[test]
fn a_schedule_says_when_it_is_due() {
    let shown = |schedule: Schedule| schedule.to_string();
    assert_eq!(
        shown(Schedule::at(UNIX_EPOCH + Duration::from_millis(1_577_836_800_250))),
        "at 1577836800.250 s Unix time"
    );
    assert_eq!(shown(Schedule::at(UNIX_EPOCH - SECOND)), "at -1.000 s Unix time");
    assert_eq!(shown(Schedule::after(5 * SECOND)), "after 5s");
    assert_eq!(shown(Schedule::every(90 * SECOND).unwrap()), "every 90s");
    assert_eq!([0, 1, 17].map(|n| shown(Schedule::every_nth(n))), ["never", "every tick", "every 17 ticks"]);
}

#[test]
fn an_interval_of_zero_is_refused() {
    let error = Schedule::every(Duration::ZERO).unwrap_err();
    assert_eq!(error, ScheduleError::ZeroInterval);
    assert!(error.to_string().contains("every_nth(1)"), "{error}");
}

proptest! {
    #[test]
    fn an_interval_is_due_once_for_each_that_has_begun_unless_several_begin_between_two_ticks(
        interval in 1_u64..50, pauses in prop::collection::vec(0_u64..120, 1..60),
    ) {
        let (clock, time) = Clock::manual();
        let mut schedule = Schedule::every(Duration::from_nanos(interval)).unwrap();
        prop_assert!(schedule.tick(&clock));
        let mut elapsed = 0;
        for pause in pauses {
            let begun = elapsed / interval;
            elapsed += pause;
            time.advance(Duration::from_nanos(pause));
            prop_assert_eq!(schedule.tick(&clock), elapsed / interval > begun);
        }
    }
}
