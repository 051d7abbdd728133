//! What questions to shapes cost. The shapes come from a fixed generator, so that other implementations can be asked the same.

use std::f64::consts::TAU;

use backpack_core::{Line, Point, PolyLine, PreparedPolygon, Rect};
use divan::Bencher;

fn main() {
    divan::main();
}

/// A star of 20 points, and points, lines and rectangles all over the picture.
struct Shapes {
    star: PolyLine,
    points: Vec<Point>,
    lines: Vec<(Line, Line)>,
    corners: Vec<(Point, Point)>,
}

impl Shapes {
    fn new() -> Self {
        let mut seed = 12345_u64;
        let mut number = || {
            seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
            seed as f64 / f64::from(0x7fff_ffff)
        };
        let mut point = || Point::new(number(), number());
        let points = (0..256).map(|_| point()).collect();
        let mut line = || Line::new(point(), point()).expect("the numbers are finite");
        let lines = (0..256).map(|_| (line(), line())).collect();
        let corners = (0..256).map(|_| (point(), point())).collect();
        Self { star: star(), points, lines, corners }
    }
}

fn star() -> PolyLine {
    let corner = |index: i32| {
        let (radius, angle) = (if index % 2 == 0 { 0.25 } else { 0.45 }, f64::from(index) * TAU / 20.0);
        Point::new(0.5 + radius * angle.cos(), 0.5 + radius * angle.sin())
    };
    PolyLine::closed((0..20).map(corner)).expect("20 points are enough")
}

/// Asks about one of the items after another.
fn ask<T, R>(bencher: Bencher, items: &[T], question: impl Fn(&T) -> R) {
    let mut items = items.iter().cycle();
    bencher.bench_local(|| items.next().map(&question));
}

#[divan::bench(sample_size = 1024)]
fn point_distance(bencher: Bencher) {
    ask(bencher, &Shapes::new().corners, |(a, b)| a.distance(*b));
}

#[divan::bench(sample_size = 1024)]
fn line_crossing(bencher: Bencher) {
    ask(bencher, &Shapes::new().lines, |(line, step)| line.crossing(step));
}

#[divan::bench(sample_size = 1024)]
fn polyline20_contains(bencher: Bencher) {
    let shapes = Shapes::new();
    ask(bencher, &shapes.points, |point| shapes.star.contains(*point));
}

#[divan::bench(sample_size = 1024)]
fn prepared20_contains(bencher: Bencher) {
    let shapes = Shapes::new();
    let star = PreparedPolygon::new(shapes.star).expect("it is closed");
    ask(bencher, &shapes.points, |point| star.contains(*point));
}

/// Every question is about a corner or a place in the middle of an edge.
#[divan::bench(sample_size = 1024)]
fn polyline20_contains_points_on_the_border(bencher: Bencher) {
    let star = star();
    let corners = star.segments().map(|segment| segment.start());
    let middles = star.segments().map(|segment| segment.start().midpoint(segment.end()));
    ask(bencher, &corners.chain(middles).collect::<Vec<_>>(), |point| star.contains(*point));
}

#[divan::bench]
fn polyline20_made_and_self_intersects(bencher: Bencher) {
    made(bencher, |star| star.self_intersects());
}

#[divan::bench(sample_size = 1024)]
fn polyline20_made_and_is_convex(bencher: Bencher) {
    made(bencher, |star| star.is_convex());
}

/// Asks a polygon that is new each time.
fn made(bencher: Bencher, question: impl Fn(PolyLine) -> bool) {
    let points = star().points().to_vec();
    let make = || PolyLine::closed(points.iter().copied()).expect("20 points are enough");
    bencher.bench_local(|| question(make()));
}

#[divan::bench(sample_size = 1024)]
fn rect_contains(bencher: Bencher) {
    let shapes = Shapes::new();
    let rect = |&(a, b)| Rect::from_points(a, b).expect("the numbers are finite");
    let rects: Vec<_> = shapes.corners.iter().map(rect).zip(shapes.points).collect();
    ask(bencher, &rects, |(rect, point)| rect.contains(*point));
}
