//! Geometry against exact arithmetic: in whole numbers, and by other ways to the answer.
#![allow(clippy::unwrap_used)]

mod oracle;
mod shapes;

use std::cmp::Ordering;

use backpack_core::{Point, PolyLine, PreparedPolygon, Side};
use proptest::prelude::*;

use crate::oracle::{Exact, Whole, is_convex, self_intersects};
use crate::shapes::line;

/// The side to which an exact turn leads; a line without length has all on its left.
fn side<W: Whole>(a: &Exact<W>, b: &Exact<W>, place: &Exact<W>) -> Side {
    if Exact::turn(a, b, place) == Ordering::Greater { Side::Right } else { Side::Left }
}

fn polygon(points: &[Point]) -> PolyLine {
    PolyLine::closed(points.iter().copied()).unwrap()
}

fn backwards(points: &[Point]) -> Vec<Point> {
    points.iter().rev().copied().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn a_point_is_on_the_side_on_which_a_place_a_hair_away_is((segment, point) in shapes::segment_and_point()) {
        let expected = side(&Exact::at(segment.0), &Exact::at(segment.1), &Exact::at(point).moved());
        prop_assert_eq!(line(segment).side(point), expected);
    }

    #[test]
    fn a_step_crosses_a_line_if_it_does_so_a_hair_away((segment, step) in shapes::segment_and_step()) {
        let (a, b) = (Exact::at(segment.0), Exact::at(segment.1));
        let (from, to) = (Exact::at(step.0).moved(), Exact::at(step.1).moved());
        let expected = Exact::crosses(&a, &b, &from, &to).then(|| side(&a, &b, &to));

        let (segment, step) = (line(segment), line(step));
        prop_assert_eq!(segment.crossing(&step), expected);
        let opposite = expected.map(Side::opposite);
        prop_assert_eq!(segment.crossing(&step.reversed()), opposite, "the way back");
        prop_assert_eq!(segment.reversed().crossing(&step), opposite, "the line the other way round");
    }

    #[test]
    fn a_polygon_contains_what_leaves_it_oddly_often_on_any_way_out((points, point) in shapes::polygon_and_point()) {
        let expected = oracle::contains(&points, &Exact::at(point).moved());
        let polygon = polygon(&points);
        prop_assert_eq!(polygon.contains(point), expected);
        prop_assert_eq!(PreparedPolygon::new(polygon).unwrap().contains(point), expected, "prepared");
    }

    #[test]
    fn a_polygon_is_convex_if_it_is_simple_and_lies_on_one_side_of_each_edge(points in shapes::maybe_convex()) {
        let expected = is_convex(&points);
        prop_assert_eq!(polygon(&points).is_convex(), expected);
        prop_assert_eq!(polygon(&backwards(&points)).is_convex(), expected, "the other way round");
    }

    #[test]
    fn a_chain_intersects_itself_if_segments_share_more_than_the_corner_between_them(
        points in shapes::maybe_simple(), closed in any::<bool>(),
    ) {
        let chain = |points: Vec<Point>| {
            let chain = if closed { PolyLine::closed(points) } else { PolyLine::open(points) };
            chain.unwrap().self_intersects()
        };
        let expected = self_intersects(&points, closed);
        prop_assert_eq!(chain(backwards(&points)), expected, "the other way round");
        prop_assert_eq!(chain(points), expected);
    }

    #[test]
    fn a_step_crosses_the_sides_of_a_polygon_as_often_as_it_goes_in_or_out(
        (points, from) in shapes::polygon_and_point(), to in shapes::point(),
    ) {
        let polygon = polygon(&points);
        let step = line((from, to));
        let crossed = polygon.segments().filter(|side| side.crossing(&step).is_some()).count();
        prop_assert_eq!(crossed % 2 == 1, polygon.contains(from) != polygon.contains(to));
    }
}

#[test]
fn coordinates_of_any_size_are_told_apart() {
    let sizes = [1e-320, 1e-200, 1.0, 1e200, f64::MAX / 4.0];
    for triple in 0..sizes.len().pow(3) {
        let [a, b, c] = [triple, triple / 5, triple / 25].map(|index| sizes[index % 5]);
        let segment = (Point::new(-c, b), Point::new(a, 2.0 * b));
        let places = [(a, b), (b + c, c), (-a, c), (a.next_up(), 2.0 * b), (c, c + a), (-c, b), (-b, -b)];
        for place in places.map(Point::from) {
            let [start, end, exact] = [segment.0, segment.1, place].map(Exact::at_any_size);
            let expected = side(&start, &end, &exact.moved());
            assert_eq!(line(segment).side(place), expected, "{segment:?} {place:?}");
        }
    }
}

#[test]
fn a_difference_that_no_double_can_hold_is_seen() {
    // The diagonal of the picture passes 1e-200 beside these lines; what tells on which side is a product of 1e-400.
    let diagonal = Point::new(1.0, 1.0);
    for (x, y, expected) in [(1e-200, 2e-200, Side::Left), (2e-200, 1e-200, Side::Right)] {
        let line = line((Point::new(x, y), Point::new(x + 1e-200, y + 1e-200)));
        assert_eq!(line.side(diagonal), expected);
    }
}
