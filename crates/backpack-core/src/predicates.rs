//! On which side of a line a point lies, exactly for all finite coordinates.
//!
//! Everything that asks "left or right", "inside or outside", "do they meet" asks here, so all answers agree with each other.

mod exact;

use std::cmp::Ordering;

use crate::{Point, Side};

/// The sign of the vector product of the ways from `a` to `b` and from `a` to `point`.
///
/// As seen on the screen `Greater` means that the point lies to the right of the line from `a` to `b`, `Less` to the left, `Equal` on it.
pub(crate) fn orientation(a: Point, b: Point, point: Point) -> Ordering {
    let down = (b.x - a.x) * (point.y - a.y);
    let up = (b.y - a.y) * (point.x - a.x);
    let determinant = down - up;
    // The bound on the rounding error is that of Shewchuk's adaptive predicates, (3 + 16ε)ε with ε = 2⁻⁵³, rounded up; what may be lost in
    // products that are too small for a normal number is added. Where products overflow, neither comparison holds.
    let bound = 4e-16 * (down.abs() + up.abs()) + f64::MIN_POSITIVE;
    if determinant > bound {
        Ordering::Greater
    } else if determinant < -bound {
        Ordering::Less
    } else {
        exact::orientation(a, b, point)
    }
}

/// The side of the line from `a` to `b` on which `point` lies, where a point on the line is taken for one a hair to the right and below.
///
/// The hair is the same everywhere: (ε, ε²) for an ε smaller than any difference between two numbers. It makes every question have one of two
/// answers, and the answers to different questions fit each other, as if no point ever lay on a line.
pub(crate) fn side_of_point(a: Point, b: Point, point: Point) -> Side {
    side(a, b, point, hair(a, b))
}

/// The side of the step from `from` to `to` on which a corner lies, where it is the step that is moved by a hair.
pub(crate) fn side_of_corner(from: Point, to: Point, corner: Point) -> Side {
    side(from, to, corner, hair(from, to).opposite())
}

fn side(a: Point, b: Point, point: Point, on_the_line: Side) -> Side {
    match orientation(a, b, point) {
        Ordering::Greater => Side::Right,
        Ordering::Less => Side::Left,
        Ordering::Equal => on_the_line,
    }
}

/// The side of the line from `a` to `b` to which (ε, ε²) leads.
fn hair(a: Point, b: Point) -> Side {
    if b.y < a.y || (b.y == a.y && b.x > a.x) { Side::Right } else { Side::Left }
}

/// Whether two segments have a point in common.
pub(crate) fn segments_touch(a: (Point, Point), b: (Point, Point)) -> bool {
    boxes_touch(a, b) && !lies_beside(a, b) && !lies_beside(b, a)
}

/// Whether both ends of `segment` lie on the same side of `line`, and neither on it.
fn lies_beside(segment: (Point, Point), line: (Point, Point)) -> bool {
    let start = orientation(line.0, line.1, segment.0);
    start != Ordering::Equal && start == orientation(line.0, line.1, segment.1)
}

fn boxes_touch(a: (Point, Point), b: (Point, Point)) -> bool {
    spans_touch((a.0.x, a.1.x), (b.0.x, b.1.x)) && spans_touch((a.0.y, a.1.y), (b.0.y, b.1.y))
}

fn spans_touch(a: (f64, f64), b: (f64, f64)) -> bool {
    a.0.min(a.1) <= b.0.max(b.1) && b.0.min(b.1) <= a.0.max(a.1)
}
