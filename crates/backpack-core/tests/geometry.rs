//! Geometry: directed crossings, rectangles, polygons.
#![allow(clippy::unwrap_used)]

use backpack_core::{GeometryError, Line, Point, PolyLine, Rect, Side};
use proptest::prelude::*;

fn door() -> Line {
    Line::new((0.2, 0.5), (0.8, 0.5)).unwrap()
}

fn crossings(track: &[(f64, f64)]) -> Vec<Side> {
    track.windows(2).filter_map(|step| door().crossing(&Line::new(step[0], step[1]).unwrap())).collect()
}

#[test]
fn a_track_through_the_line_is_counted_towards_the_side_it_reaches() {
    assert_eq!(crossings(&[(0.5, 0.3), (0.5, 0.7)]), [Side::Right]);
    assert_eq!(crossings(&[(0.5, 0.7), (0.5, 0.3)]), [Side::Left]);
    assert_eq!(crossings(&[(0.1, 0.3), (0.1, 0.7)]), [], "it passes beside the line");
}

#[test]
fn a_track_that_halts_on_the_line_is_counted_once() {
    assert_eq!(crossings(&[(0.5, 0.3), (0.5, 0.5), (0.5, 0.7)]), [Side::Right]);
    assert_eq!(crossings(&[(0.5, 0.7), (0.5, 0.5), (0.5, 0.5), (0.5, 0.3)]), [Side::Left]);
}

#[test]
fn sides_are_those_of_somebody_who_walks_the_line_on_the_screen() {
    assert_eq!(door().side((0.5, 0.4)), Side::Left, "above a line to the right");
    assert_eq!(door().side((0.5, 0.6)), Side::Right, "below it");
    assert_eq!(Side::Left.opposite(), Side::Right);
}

#[test]
fn rectangles_order_their_corners() {
    let rect = Rect::from_points((0.8, 0.9), (0.2, 0.1)).unwrap();
    assert_eq!(rect, Rect::from_tlbr(0.1, 0.2, 0.9, 0.8).unwrap());
    assert_eq!((rect.min(), rect.max()), (Point::new(0.2, 0.1), Point::new(0.8, 0.9)));
    assert_eq!(rect.base(), Point::new(0.5, 0.9));
    assert!(rect.contains((0.2, 0.1)) && rect.contains(rect.center()) && !rect.contains((0.9, 0.5)));
}

#[test]
fn intersection_over_union_is_one_for_equal_and_zero_for_empty_rectangles() {
    let rect = Rect::from_xywh(0.0, 0.0, 0.5, 0.5).unwrap();
    let half = Rect::from_tlhw(0.0, 0.0, 0.5, 0.25).unwrap();
    let point = Rect::from_center((0.1, 0.1), 0.0, 0.0).unwrap();
    assert_eq!(rect.iou(&rect), 1.0);
    assert_eq!(rect.iou(&half), 0.5);
    assert_eq!(point.iou(&point), 0.0);
    assert_eq!(rect.intersection(&Rect::from_xywh(0.6, 0.6, 0.1, 0.1).unwrap()), None);
}

#[test]
fn constructors_refuse_numbers_that_are_not_finite_and_chains_that_are_too_short() {
    assert!(matches!(Line::new((0.0, f64::NAN), (1.0, 1.0)), Err(GeometryError::NotFinite { .. })));
    assert!(Rect::from_xywh(0.0, 0.0, f64::INFINITY, 1.0).is_err());
    assert_eq!(
        PolyLine::closed([(0.0, 0.0), (1.0, 1.0)]),
        Err(GeometryError::TooFewPoints { needed: 3, got: 2 })
    );
    assert_eq!(
        PolyLine::open([(0.5, 0.5)]).unwrap_err().to_string(),
        "a polyline of 1 points: at least 2 are needed"
    );
}

#[test]
fn a_polygon_closes_itself_and_an_open_chain_does_not() {
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)];
    assert_eq!(PolyLine::closed(corners).unwrap().segments().count(), 3);
    let open = PolyLine::open(corners).unwrap();
    assert_eq!(open.segments().count(), 2);
    assert!(!open.contains((0.9, 0.5)));
    assert_eq!(open.bounding_box(), Rect::from_tlbr(0.0, 0.0, 1.0, 1.0).unwrap());
}

proptest! {
    #[test]
    fn cutting_a_track_anywhere_does_not_change_its_net_crossing(
        points in prop::collection::vec((0u8..9, 0u8..9), 2..20),
    ) {
        // The line runs through the whole grid, so the net count follows from the ends alone.
        let line = Line::new((-1.0, 4.0), (10.0, 4.0)).unwrap();
        let track: Vec<Point> = points.iter().map(|&(x, y)| Point::new(x.into(), y.into())).collect();
        let net: i32 = track
            .windows(2)
            .filter_map(|step| line.crossing(&Line::new(step[0], step[1]).unwrap()))
            .map(|side| if side == Side::Right { 1 } else { -1 })
            .sum();
        let side = |point: Point| i32::from(point.y > 4.0);
        prop_assert_eq!(net, side(track[track.len() - 1]) - side(track[0]));
    }

    #[test]
    fn a_point_on_a_shared_edge_belongs_to_exactly_one_of_a_grid_of_squares(x in 0u8..=16, y in 0u8..=16) {
        let point = Point::new(f64::from(x) / 4.0 + 1.0, f64::from(y) / 4.0 + 1.0);
        let owners = (0..36)
            .map(|cell| (f64::from(cell % 6), f64::from(cell / 6)))
            .filter(|&(x, y)| {
                let corners = [(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
                PolyLine::closed(corners).unwrap().contains(point)
            })
            .count();
        prop_assert_eq!(owners, 1);
    }

    #[test]
    fn a_rectangle_as_polygon_contains_what_the_rectangle_contains_inside(
        x in -2i32..12, y in -2i32..12, left in 0i32..5, top in 0i32..5, width in 1i32..6, height in 1i32..6,
    ) {
        let (l, t, r, b) = (f64::from(left), f64::from(top), f64::from(left + width), f64::from(top + height));
        let point = Point::new(f64::from(x) + 0.5, f64::from(y) + 0.5);
        let polygon = PolyLine::closed([(l, t), (r, t), (r, b), (l, b)]).unwrap();
        prop_assert_eq!(polygon.contains(point), Rect::from_tlbr(t, l, b, r).unwrap().contains(point));
    }
}
