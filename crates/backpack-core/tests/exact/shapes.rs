//! Shapes as they come from detectors and as they come from people who draw them: with corners on edges, level edges, points given twice.

use std::f64::consts::TAU;

use backpack_core::{Line, Point};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::oracle::UNIT;

/// The nearest point that the oracle can take.
fn exact(point: Point) -> Point {
    let round = |number: f64| (number / UNIT).round() * UNIT;
    Point::new(round(point.x), round(point.y))
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (0..=8_u8).prop_map(|n| f64::from(n) / 8.0),
        // Tenths are no binary fractions, so that what should be on a line often just misses it.
        2 => (0..=10_u8).prop_map(|n| f64::from(n) / 10.0),
        1 => 0.0..1.0,
    ]
}

pub fn point() -> impl Strategy<Value = Point> {
    (coordinate(), coordinate()).prop_map(|place| exact(place.into()))
}

/// A point on the segment as far as rounding lets it, or a few of the smallest steps beside.
fn near(segment: (Point, Point)) -> impl Strategy<Value = Point> {
    (0..=8_u8, -2..=2_i8, -2..=2_i8).prop_map(move |(part, right, down)| {
        let place = segment.0 + (segment.1 - segment.0) * (f64::from(part) / 8.0);
        exact(Point::new(nudged(place.x, right), nudged(place.y, down)))
    })
}

fn nudged(number: f64, steps: i8) -> f64 {
    let step = if steps < 0 { f64::next_down } else { f64::next_up };
    (0..steps.abs()).fold(number, |number, _| step(number))
}

fn anywhere_or_near(segment: (Point, Point)) -> impl Strategy<Value = Point> {
    prop_oneof![point(), near(segment)]
}

pub fn segment() -> impl Strategy<Value = (Point, Point)> {
    (point(), point())
}

pub fn segment_and_point() -> impl Strategy<Value = ((Point, Point), Point)> {
    segment().prop_flat_map(|segment| (Just(segment), anywhere_or_near(segment)))
}

/// A line and a step, which every now and then goes through an end of the line.
pub fn segment_and_step() -> impl Strategy<Value = ((Point, Point), (Point, Point))> {
    (segment_and_point(), 0..10_u8).prop_flat_map(|((segment, from), kind)| {
        let through = |end: Point| exact(from + (end - from) * 2.0);
        let to = match kind {
            0 => Just(through(segment.0)).boxed(),
            1 => Just(through(segment.1)).boxed(),
            _ => anywhere_or_near(segment).boxed(),
        };
        (Just(segment), to.prop_map(move |to| (from, to)))
    })
}

fn points() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec(point(), 3..10)
}

/// Corners around a middle, at angles that grow: a simple polygon whatever the distances.
fn star_shaped() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec(0.1..0.5, 3..16).prop_map(|radii| {
        let step = TAU / radii.len() as f64;
        let corner = |(index, radius): (usize, &f64)| {
            let angle = index as f64 * step;
            exact(Point::new(0.5 + radius * angle.cos(), 0.5 + radius * angle.sin()))
        };
        radii.iter().enumerate().map(corner).collect()
    })
}

fn polygon() -> impl Strategy<Value = Vec<Point>> {
    prop_oneof![points(), star_shaped()]
}

pub fn polygon_and_point() -> impl Strategy<Value = (Vec<Point>, Point)> {
    (polygon(), any::<Index>()).prop_flat_map(|(points, edge)| {
        let edge = edge.index(points.len());
        let edge = (points[edge], points[(edge + 1) % points.len()]);
        (Just(points), anywhere_or_near(edge))
    })
}

/// Corners of a convex polygon on a grid, so that three of them may be in line.
fn hull() -> impl Strategy<Value = Vec<Point>> {
    prop::collection::vec((0..=8_u8, 0..=8_u8), 3..12).prop_map(|places| {
        let mut places: Vec<_> = places.iter().map(|&(x, y)| Point::new(x.into(), y.into())).collect();
        places.sort_by(|a, b| a.partial_cmp(b).expect("no NaN"));
        places.dedup();
        let half = |points: &mut dyn Iterator<Item = Point>| {
            let mut chain: Vec<Point> = Vec::new();
            for point in points {
                while let [.., a, b] = chain[..] {
                    if (b - a).cross(point - a) >= 0.0 {
                        break;
                    }
                    chain.pop();
                }
                chain.push(point);
            }
            chain.pop();
            chain
        };
        let mut hull = half(&mut places.iter().copied());
        hull.extend(half(&mut places.iter().rev().copied()));
        hull.iter().map(|corner| Point::new(corner.x / 8.0, corner.y / 8.0)).collect()
    })
}

/// Convex polygons, some of them begun elsewhere, with a corner given twice or moved; and others.
pub fn maybe_convex() -> impl Strategy<Value = Vec<Point>> {
    let changed = (hull(), any::<Index>(), 0..4_u8, point()).prop_map(|(mut points, at, change, place)| {
        points.resize(points.len().max(3), place);
        let at = at.index(points.len());
        match change {
            0 => points.insert(at, points[at]),
            1 => points[at] = place,
            _ => points.rotate_left(at),
        }
        points
    });
    prop_oneof![3 => changed, 1 => polygon()]
}

/// Simple polygons, some of them with a corner on another edge, and others.
pub fn maybe_simple() -> impl Strategy<Value = Vec<Point>> {
    let touched =
        (star_shaped(), any::<[Index; 2]>(), 0..=8_u8).prop_map(|(mut points, [corner, edge], part)| {
            let (corner, edge) = (corner.index(points.len()), edge.index(points.len()));
            let (from, to) = (points[edge], points[(edge + 1) % points.len()]);
            points[corner] = exact(from + (to - from) * (f64::from(part) / 8.0));
            points
        });
    prop_oneof![star_shaped(), touched, points(), maybe_convex()]
}

/// A segment of the picture as a line.
pub fn line((start, end): (Point, Point)) -> Line {
    Line::new(start, end).expect("the coordinates are finite")
}
