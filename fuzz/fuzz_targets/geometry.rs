#![no_main]

use backpack_core::{Line, LineCounter, Point, PolyLine, PreparedPolygon, Rect, ZoneCounter};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<(f64, f64)>, Vec<(f64, f64)>, f64)| {
    let (corners, track, margin) = input;
    let Ok(polygon) = PolyLine::closed(corners.iter().copied()) else { return };
    let backwards = PolyLine::closed(corners.iter().rev().copied()).expect("the same points");
    assert_eq!(polygon.is_convex(), backwards.is_convex());
    // Each segment is compared with each other.
    if corners.len() < 100 {
        assert_eq!(polygon.self_intersects(), backwards.self_intersects());
    }
    assert!(!polygon.area().is_sign_negative() && polygon.centroid().is_finite());

    let prepared = PreparedPolygon::new(polygon.clone()).expect("it is closed");
    let side = Line::new(corners[0], corners[1]).expect("both are finite");
    let _ = Rect::from_points(corners[0], corners[1]).expect("both are finite").clamp();
    let counters = (LineCounter::new(side).with_margin(margin), ZoneCounter::new(polygon.clone()));
    let (Ok(mut door), Ok(mut zone)) = counters else { return };
    for pair in track.windows(2) {
        let Ok(step) = Line::new(pair[0], pair[1]) else {
            assert!(zone.update([(1, pair[0]), (1, pair[1])]).is_err());
            continue;
        };
        let places: [Point; 2] = step.into();
        let [from, to] = places.map(|place| polygon.contains(place));
        assert_eq!([from, to], places.map(|place| prepared.contains(place)));
        let crossed = polygon.segments().filter(|side| side.crossing(&step).is_some()).count();
        assert_eq!(crossed % 2 == 1, from != to, "in and out are told by the sides");
        door.update([(1, places[1])]).expect("it is finite");
        zone.update([(1, places[1])]).expect("it is finite");
        assert_eq!(zone.occupancy(), usize::from(to));
    }
});
