//! What the Python toolkit that this crate follows got wrong, each defect by a test that it would fail.
#![allow(clippy::unwrap_used)]

use std::f64::consts::TAU;

use backpack_core::{GeometryError, Line, Point, PolyLine, Rect, Vec2};

fn circle(corners: u32, step: u32) -> impl Iterator<Item = Point> {
    (0..corners).map(move |corner| {
        let angle = f64::from(corner * step) * TAU / f64::from(corners);
        Point::new(0.5 + 0.4 * angle.cos(), 0.5 + 0.4 * angle.sin())
    })
}

/// It compared the last side of a polygon with the first, which it only follows.
#[test]
fn a_simple_polygon_does_not_self_intersect() {
    for corners in 3..300 {
        let polygon: Vec<_> = circle(corners, 1).collect();
        let backwards = polygon.iter().rev().copied();
        assert!(!PolyLine::closed(backwards).unwrap().self_intersects(), "{corners} corners, backwards");
        assert!(!PolyLine::closed(polygon).unwrap().self_intersects(), "{corners} corners");
    }
}

/// It took three points in line for a turn to the left.
#[test]
fn convexity_does_not_depend_on_the_direction_where_points_are_in_line() {
    let corners = [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (0.0, 1.0)];
    assert!(PolyLine::closed(corners).unwrap().is_convex());
    assert!(PolyLine::closed(corners.into_iter().rev()).unwrap().is_convex());
}

/// All its turns go the same way, but it goes round twice.
#[test]
fn a_pentagram_is_not_convex() {
    let pentagram = PolyLine::closed(circle(5, 2)).unwrap();
    assert!(!pentagram.is_convex());
    assert!(pentagram.self_intersects());
    assert!(PolyLine::closed(circle(5, 1)).unwrap().is_convex());
}

/// It divided by zero.
#[test]
fn a_rectangle_without_height_has_no_aspect_ratio() {
    assert_eq!(Rect::from_tlbr(0.5, 0.1, 0.5, 0.9).unwrap().aspect_ratio(), None);
    assert_eq!(Rect::from_tlbr(0.0, 0.0, 0.25, 0.5).unwrap().aspect_ratio(), Some(2.0));
}

/// It took them, and every comparison with them was false.
#[test]
fn coordinates_that_are_not_finite_are_refused() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let refused = |error: Option<GeometryError>| matches!(error, Some(GeometryError::NotFinite { .. }));
        assert!(refused(Line::new((bad, 0.0), (1.0, 1.0)).err()));
        assert!(refused(Rect::from_points((0.0, 0.0), (1.0, bad)).err()));
        assert!(refused(Rect::from_center((0.5, 0.5), bad, 0.1).err()));
        assert!(refused(PolyLine::open([(0.0, 0.0), (bad, 1.0)]).err()));
        assert!(refused(PolyLine::closed([(0.0, 0.0), (0.5, bad), (1.0, 1.0)]).err()));
    }
}

/// This it got right, and so do we: a track through a line counts once, wherever its steps end.
#[test]
fn a_track_through_a_line_counts_once() {
    let line = Line::new((0.1, 0.9), (0.9, 0.1)).unwrap();
    for steps in 1..200 {
        let place =
            |step: i32| Point::new(0.2, 0.2) + Vec2::new(0.6, 0.6) * (f64::from(step) / f64::from(steps));
        let crossings =
            (0..steps).filter_map(|step| line.crossing(&Line::new(place(step), place(step + 1)).unwrap()));
        assert_eq!(crossings.count(), 1, "{steps} steps");
    }
}
