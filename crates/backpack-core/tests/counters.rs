//! Counting tracks at lines and in zones.
#![allow(clippy::unwrap_used)]

use backpack_core::{GeometryError, Line, LineCounter, Point, PolyLine, Side, ZoneCounter, ZoneEvent};
use proptest::prelude::*;

fn door() -> Line {
    Line::new((0.2, 0.5), (0.8, 0.5)).unwrap()
}

fn yard() -> PolyLine {
    PolyLine::closed([(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]).unwrap()
}

/// Lets one track go through `places`, one in each frame.
fn walk(counter: &mut LineCounter, id: u64, places: &[(f64, f64)]) {
    for &place in places {
        counter.update([(id, place)]).unwrap();
    }
}

fn counts(counter: &LineCounter) -> (u64, u64) {
    (counter.count(Side::Left), counter.count(Side::Right))
}

#[test]
fn each_track_counts_towards_the_side_to_which_it_goes() {
    let mut counter = LineCounter::new(door());
    counter.update([(1, (0.5, 0.4)), (2, (0.6, 0.6)), (3, (0.9, 0.4))]).unwrap();
    let crossings = counter.update([(1, (0.5, 0.6)), (2, (0.6, 0.4)), (3, (0.9, 0.6))]).unwrap();
    let crossings: Vec<_> = crossings.iter().map(|crossing| (crossing.id, crossing.side)).collect();
    assert_eq!(crossings, [(1, Side::Right), (2, Side::Left)], "the third goes past the end of the line");
    assert_eq!(counts(&counter), (1, 1));
}

#[test]
fn two_tracks_are_never_joined_to_one() {
    let mut counter = LineCounter::new(door());
    walk(&mut counter, 1, &[(0.5, 0.4)]);
    walk(&mut counter, 2, &[(0.5, 0.6)]);
    assert_eq!(counts(&counter), (0, 0));
}

#[test]
fn a_track_that_trembles_on_the_line_counts_once_it_has_left_it() {
    let trembling = [(0.5, 0.4), (0.5, 0.51), (0.5, 0.49), (0.5, 0.51), (0.5, 0.495), (0.5, 0.505)];
    let mut plain = LineCounter::new(door());
    walk(&mut plain, 1, &trembling);
    assert_eq!(counts(&plain), (2, 3), "without a margin every step counts");

    let mut counter = LineCounter::new(door()).with_margin(0.02).unwrap();
    walk(&mut counter, 1, &trembling);
    assert_eq!(counts(&counter), (0, 0));
    walk(&mut counter, 1, &[(0.5, 0.53)]);
    assert_eq!(counts(&counter), (0, 1));
    walk(&mut counter, 1, &[(0.5, 0.49), (0.5, 0.53)]);
    assert_eq!(counts(&counter), (0, 1), "it came back to where it was");
}

#[test]
fn a_track_that_goes_around_the_end_within_the_margin_has_not_crossed() {
    let mut counter = LineCounter::new(door()).with_margin(0.05).unwrap();
    walk(&mut counter, 1, &[(0.7, 0.4), (0.79, 0.49), (0.82, 0.5), (0.79, 0.51), (0.7, 0.6)]);
    assert_eq!(counts(&counter), (0, 0));
}

#[test]
fn a_track_that_begins_on_the_line_counts_where_it_goes_through() {
    let mut counter = LineCounter::new(door()).with_margin(0.02).unwrap();
    walk(&mut counter, 1, &[(0.5, 0.499), (0.5, 0.6)]);
    assert_eq!(counts(&counter), (0, 1));
}

#[test]
fn a_lost_track_begins_anew() {
    for (unseen, expected) in [(3, 1), (4, 0)] {
        let mut counter = LineCounter::new(door()).with_max_age(3);
        walk(&mut counter, 1, &[(0.5, 0.4)]);
        (0..unseen).for_each(|_| drop(counter.update::<Point>([]).unwrap().to_vec()));
        walk(&mut counter, 1, &[(0.5, 0.6)]);
        assert_eq!(counter.count(Side::Right), expected, "unseen for {unseen} frames");
    }
}

#[test]
fn tracks_that_vanish_are_forgotten_and_never_more_than_65536_remembered() {
    let mut counter = LineCounter::new(door());
    for frame in 0..1000 {
        counter.update((0..10).map(|track| (frame * 10 + track, (0.5, 0.4)))).unwrap();
    }
    assert_eq!(counter.tracks(), 310, "those of the last 31 frames");
    counter.update((0..70_000).map(|track| (1 << 32 | track, (0.5, 0.4)))).unwrap();
    assert_eq!(counter.tracks(), 1 << 16);
    counter.forget_tracks();
    assert_eq!(counter.tracks(), 0);
}

#[test]
fn counts_and_tracks_are_cleared_apart() {
    let mut counter = LineCounter::new(door());
    walk(&mut counter, 1, &[(0.5, 0.4), (0.5, 0.6)]);
    counter.reset_counts();
    walk(&mut counter, 1, &[(0.5, 0.4)]);
    assert_eq!(counts(&counter), (1, 0));
    counter.forget_tracks();
    walk(&mut counter, 1, &[(0.5, 0.6)]);
    assert_eq!((counts(&counter), counter.line()), ((1, 0), door()));
}

#[test]
fn a_frame_with_a_place_that_is_none_changes_nothing() {
    let mut counter = LineCounter::new(door());
    walk(&mut counter, 1, &[(0.5, 0.4)]);
    let error = counter.update([(1, (0.5, 0.6)), (2, (f64::NAN, 0.5))]).unwrap_err();
    assert_eq!(error.to_string(), "place of a track (NaN, 0.5): coordinates must be finite numbers");
    assert_eq!((counts(&counter), counter.tracks()), ((0, 0), 1));
    walk(&mut counter, 1, &[(0.5, 0.6)]);
    assert_eq!(counts(&counter), (0, 1));
}

#[test]
fn a_margin_has_to_be_a_length() {
    for margin in [-0.1, f64::NAN, f64::INFINITY] {
        assert!(matches!(LineCounter::new(door()).with_margin(margin), Err(GeometryError::Margin { .. })));
        assert!(ZoneCounter::new(yard()).unwrap().with_margin(margin).is_err());
    }
    let error = LineCounter::new(door()).with_margin(-0.1).unwrap_err();
    assert_eq!(error.to_string(), "a margin of -0.1: it must be a finite number and not negative");
}

#[test]
fn a_zone_knows_who_is_in_and_counts_who_goes_in_and_out() {
    let mut counter = ZoneCounter::new(yard()).unwrap();
    assert_eq!(counter.update([(1, (0.1, 0.5)), (2, (0.5, 0.5))]).unwrap(), []);
    assert_eq!(counter.occupants().collect::<Vec<_>>(), [2], "it was in when it was first seen");
    let events = counter.update([(1, (0.3, 0.5)), (2, (0.9, 0.5))]).unwrap();
    assert_eq!(events, [ZoneEvent::Entered(1), ZoneEvent::Exited(2)]);
    assert_eq!((counter.occupancy(), counter.entered(), counter.exited()), (1, 1, 1));
    counter.reset_counts();
    assert_eq!((counter.occupancy(), counter.entered(), counter.exited()), (1, 0, 0));
    counter.forget_tracks();
    assert_eq!((counter.occupancy(), counter.tracks(), counter.zone()), (0, 0, &yard()));
}

#[test]
fn a_track_that_trembles_on_the_border_of_a_zone_goes_in_once() {
    let mut counter = ZoneCounter::new(yard()).unwrap().with_margin(0.02).unwrap();
    for x in [0.1, 0.24, 0.26, 0.24, 0.26, 0.3, 0.26, 0.24, 0.26] {
        counter.update([(1, (x, 0.5))]).unwrap();
    }
    assert_eq!((counter.occupancy(), counter.entered(), counter.exited()), (1, 1, 0));
    counter.update([(1, (0.2, 0.5))]).unwrap();
    assert_eq!((counter.occupancy(), counter.entered(), counter.exited()), (0, 1, 1));
}

#[test]
fn a_track_that_is_lost_in_a_zone_no_longer_occupies_it() {
    let mut counter = ZoneCounter::new(yard()).unwrap().with_max_age(2);
    counter.update([(1, (0.5, 0.5))]).unwrap();
    for expected in [1, 1, 0] {
        counter.update::<Point>([]).unwrap();
        assert_eq!(counter.occupancy(), expected);
    }
    assert_eq!(counter.exited(), 0);
}

#[test]
fn a_zone_has_to_be_closed() {
    let open = PolyLine::open([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]).unwrap();
    assert_eq!(ZoneCounter::new(open).unwrap_err(), GeometryError::OpenPolyLine);
}

proptest! {
    #[test]
    fn with_a_margin_a_track_counts_as_often_as_it_went_through_on_balance(
        places in prop::collection::vec((0..=8_u8, 0..=8_u8), 1..30),
    ) {
        // It ends clear of the line, so all is settled.
        let places = places.into_iter().chain([(4, 0)]);
        let track: Vec<_> = places.map(|(x, y)| (f64::from(x) / 8.0, f64::from(y) / 8.0)).collect();
        let net = |counter: &LineCounter| counter.count(Side::Right) as i64 - counter.count(Side::Left) as i64;
        let wall = Line::new((-1.0, 0.5), (2.0, 0.5)).unwrap();
        let (mut plain, mut patient) = (LineCounter::new(wall), LineCounter::new(wall).with_margin(0.3).unwrap());
        walk(&mut plain, 1, &track);
        walk(&mut patient, 1, &track);
        prop_assert_eq!(net(&patient), net(&plain));
        prop_assert!(patient.count(Side::Right) <= plain.count(Side::Right));
    }

    #[test]
    fn a_track_that_is_in_has_come_in_once_more_than_it_went_out(
        places in prop::collection::vec((0..=8_u8, 0..=8_u8), 1..30),
    ) {
        let mut counter = ZoneCounter::new(yard()).unwrap();
        counter.update([(1, (0.0, 0.0))]).unwrap();
        for (x, y) in places {
            let place = Point::new(f64::from(x) / 8.0, f64::from(y) / 8.0);
            counter.update([(1, place)]).unwrap();
            prop_assert_eq!(counter.occupancy() as u64, counter.entered() - counter.exited());
            prop_assert_eq!(counter.occupancy() == 1, yard().contains(place));
        }
    }
}
