//! Geometry: directed crossings, rectangles, polygons.
#![allow(clippy::unwrap_used)]

use backpack_core::{GeometryError, Line, Point, PolyLine, PreparedPolygon, Rect, Side, Vec2};
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
fn a_rectangle_tells_its_parts_in_the_order_in_which_it_can_be_made_of_them() {
    let rect = Rect::from_tlbr(0.125, 0.25, 0.5, 0.75).unwrap();
    let [top, left, bottom, right] = rect.tlbr();
    assert_eq!([top, left, bottom, right], [rect.top(), rect.left(), rect.bottom(), rect.right()]);
    assert_eq!(Rect::from_tlbr(top, left, bottom, right), Ok(rect));
    let [top, left, height, width] = rect.tlhw();
    assert_eq!(Rect::from_tlhw(top, left, height, width), Ok(rect));
    let [x, y, width, height] = rect.xywh();
    assert_eq!(Rect::from_xywh(x, y, width, height), Ok(rect));
    assert_eq!(Rect::from_center(rect.center(), width, height), Ok(rect));
    assert_eq!(Rect::try_from([rect.max(), rect.min()]), Ok(rect));
    assert_eq!((rect.size(), rect.area()), (Vec2::new(0.5, 0.375), 0.1875));
}

#[test]
fn the_edges_of_a_rectangle_go_clockwise_around_it() {
    let rect = Rect::from_tlbr(0.1, 0.2, 0.9, 0.8).unwrap();
    let edges = rect.edges();
    assert_eq!(edges[0], Line::new((0.2, 0.1), (0.8, 0.1)).unwrap(), "the top edge is the first");
    for (index, edge) in edges.iter().enumerate() {
        assert_eq!(edge.end(), edges[(index + 1) % 4].start());
        assert_eq!(edge.side(rect.center()), Side::Right);
    }
}

#[test]
fn a_rectangle_is_clamped_to_the_picture() {
    let clamped = |rect: Result<Rect, GeometryError>| rect.unwrap().clamp();
    assert_eq!(clamped(Rect::from_tlbr(-1.0, 0.5, 0.5, 2.0)), Rect::from_tlbr(0.0, 0.5, 0.5, 1.0).ok());
    assert_eq!(clamped(Rect::from_tlbr(-1.0, -1.0, 2.0, 2.0)), Some(Rect::unit()));
    assert_eq!(clamped(Rect::from_tlbr(1.5, 0.0, 2.0, 1.0)), None);
}

#[test]
fn the_nearest_point_of_a_line_lies_between_its_ends() {
    let line = Line::new((0.25, 0.5), (0.75, 0.5)).unwrap();
    assert_eq!(line.nearest((0.5, 0.75)), Point::new(0.5, 0.5));
    assert_eq!((line.nearest((0.0, 0.5)), line.distance((0.0, 0.5))), (line.start(), 0.25));
    assert_eq!((line.nearest((1.0, 0.5)), line.distance((1.0, 0.5))), (line.end(), 0.25));
    let point = Line::new((0.25, 0.25), (0.25, 0.25)).unwrap();
    assert_eq!(point.distance((0.25, 0.75)), 0.5);
    assert_eq!(<[Point; 2]>::from(line.reversed()), [line.end(), line.start()]);
}

#[test]
fn a_track_through_the_meeting_point_of_two_lines_is_counted_by_one_of_them() {
    // The steps go through (0.5, 0.5), where the lines meet, from all directions to all others; some rest there.
    let fence = PolyLine::open([(0.25, 0.5), (0.5, 0.5), (0.75, 0.25)]).unwrap();
    let around = [(0.0, 0.5), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0), (1.0, 0.25), (0.5, 0.0), (0.0, 0.0)];
    let crossings = |track: &[(f64, f64)]| {
        let net = |step: &[(f64, f64)]| {
            let step = Line::new(step[0], step[1]).unwrap();
            fence
                .segments()
                .filter_map(|line| line.crossing(&step))
                .fold(0, |net, side| if side == Side::Right { net + 1 } else { net - 1 })
        };
        track.windows(2).map(net).sum::<i32>()
    };
    // (0, 0.5) is in line with the left fence and (1, 0.25) below the right end, so both count as below.
    let is_below = |place: (f64, f64)| place.1 > 0.5 || place == (0.0, 0.5) || place == (1.0, 0.25);
    for from in around {
        for to in around {
            let expected = i32::from(is_below(to)) - i32::from(is_below(from));
            assert_eq!(crossings(&[from, (0.5, 0.5), to]), expected, "{from:?} {to:?}");
            assert_eq!(
                crossings(&[from, (0.5, 0.5), (0.5, 0.5), to]),
                expected,
                "{from:?} {to:?} with a rest"
            );
        }
    }
}

#[test]
fn length_area_and_centroid_of_a_polygon_do_not_depend_on_its_direction() {
    let corners = [(0.0, 0.0), (0.5, 0.0), (0.5, 0.25), (0.25, 0.25), (0.25, 0.5), (0.0, 0.5)];
    let forwards = PolyLine::closed(corners).unwrap();
    let backwards = PolyLine::closed(corners.into_iter().rev()).unwrap();
    for polygon in [forwards, backwards] {
        assert_eq!((polygon.length(), polygon.area()), (2.0, 0.1875));
        let center = polygon.centroid();
        assert!(center.distance((5.0 / 24.0, 5.0 / 24.0)) < 1e-12, "{center:?}");
    }
}

#[test]
fn what_has_no_area_has_the_centre_of_its_length() {
    let centroid = |polyline: Result<PolyLine, GeometryError>| polyline.unwrap().centroid();
    assert_eq!(centroid(PolyLine::open([(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)])), Point::new(0.375, 0.125));
    assert_eq!(centroid(PolyLine::closed([(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)])), Point::new(0.5, 0.5));
    assert_eq!(centroid(PolyLine::closed([(0.3, 0.3); 3])), Point::new(0.3, 0.3));
    let bow_tie = PolyLine::closed([(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]).unwrap();
    assert_eq!((bow_tie.area(), bow_tie.centroid()), (0.0, Point::new(0.5, 0.5)));
    assert_eq!(PolyLine::open([(0.0, 0.0), (0.5, 0.0), (0.5, 0.5)]).unwrap().area(), 0.0);
}

#[test]
fn a_ring_is_simple_whether_it_is_called_closed_or_ends_where_it_begins() {
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.5, 1.0), (0.0, 0.0)];
    assert!(!PolyLine::open(corners).unwrap().self_intersects());
    assert!(!PolyLine::closed(corners).unwrap().self_intersects(), "the first point given again");
    let figure_six = PolyLine::open([(0.0, 0.0), (1.0, 0.0), (0.5, 1.0), (0.5, 0.0)]).unwrap();
    assert!(figure_six.self_intersects(), "its end lies on its beginning");
    assert!(PolyLine::open([(0.0, 0.0), (1.0, 0.0), (0.5, 0.0)]).unwrap().self_intersects(), "it turns back");
}

#[test]
fn an_open_chain_cannot_be_prepared() {
    let open = PolyLine::open([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]).unwrap();
    let error = PreparedPolygon::new(open).unwrap_err();
    assert_eq!(error.to_string(), "an open polyline has no inside: a closed one is needed");
}

#[test]
fn a_prepared_polygon_with_long_edges_answers_as_it_was_given() {
    // All edges of a comb go from top to bottom, so bands bring nothing.
    let comb = (0..4000).map(|tooth| Point::new(f64::from(tooth) / 4000.0, f64::from(tooth % 2)));
    let comb = PolyLine::closed(comb.chain([Point::new(1.0, 2.0), Point::new(-1.0, 2.0)])).unwrap();
    let prepared = PreparedPolygon::new(comb.clone()).unwrap();
    for place in 0..200 {
        let point = Point::new(f64::from(place) / 199.0, f64::from(place * 7 % 200) / 100.0);
        assert_eq!(prepared.contains(point), comb.contains(point), "{point:?}");
    }
    assert_eq!((prepared.bounding_box(), prepared.polyline()), (comb.bounding_box(), &comb));
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
    let ring = PolyLine::closed(corners.into_iter().chain([corners[0]])).unwrap();
    assert_eq!(ring, PolyLine::closed(corners).unwrap(), "the first point given again at the end");
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
        let side = |point: Point| i32::from(point.y >= 4.0);
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
