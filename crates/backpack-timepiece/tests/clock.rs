//! The clock: the system's, and one that is moved by hand.

use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use backpack_timepiece::Clock;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn the_system_clock_shows_the_times_of_the_system() {
    let clock = Clock::default();
    let (before, wall_before) = (Instant::now(), SystemTime::now());
    let (now, wall) = (clock.now(), clock.wall());
    assert!((before..=Instant::now()).contains(&now));
    assert!(
        wall >= wall_before - HOUR && wall <= SystemTime::now() + HOUR,
        "the wall clock may be set meanwhile"
    );
}

#[test]
fn a_manual_clock_stands_still_until_it_is_advanced() {
    let (clock, time) = Clock::manual();
    let (start, wall) = (clock.now(), clock.wall());
    assert_eq!((clock.now(), clock.wall()), (start, wall));
    time.advance(Duration::from_nanos(1));
    time.advance(HOUR);
    assert_eq!(clock.now() - start, HOUR + Duration::from_nanos(1));
    assert_eq!(clock.wall(), wall + HOUR + Duration::from_nanos(1));
}

#[test]
fn clones_and_threads_see_the_same_time() {
    let (clock, time) = Clock::manual();
    let start = clock.now();
    let hand = time.clone();
    thread::spawn(move || hand.advance(HOUR)).join().unwrap();
    assert_eq!(clock.clone().now() - start, HOUR);
}

#[test]
fn setting_the_wall_clock_does_not_move_the_monotonic_time() {
    let (clock, time) = Clock::manual();
    let (start, wall) = (clock.now(), clock.wall());
    time.set_wall(wall - HOUR);
    assert_eq!((clock.now(), clock.wall()), (start, wall - HOUR));
    time.set_wall(wall + 2 * HOUR);
    time.advance(HOUR);
    assert_eq!((clock.now(), clock.wall()), (start + HOUR, wall + 3 * HOUR));
    time.set_wall(UNIX_EPOCH - HOUR);
    assert_eq!(clock.wall(), UNIX_EPOCH - HOUR, "before 1970");
}

#[test]
fn a_manual_wall_clock_begins_with_the_year_2020() {
    let (clock, _time) = Clock::manual();
    let days = 50 * 365 + 12; // 12 leap days since 1970
    assert_eq!(clock.wall(), UNIX_EPOCH + days * 24 * HOUR);
}

#[test]
fn a_manual_clock_stops_at_the_end_of_its_range() {
    let (clock, time) = Clock::manual();
    let start = clock.now();
    time.advance(Duration::MAX);
    let (end, wall) = (clock.now(), clock.wall());
    assert!(end - start > 292 * 365 * 24 * HOUR);
    time.advance(HOUR);
    assert_eq!((clock.now(), clock.wall()), (end, wall));
}
