use std::ops::{Add, AddAssign, Sub, SubAssign};

use crate::{GeometryError, Vec2};

/// A place in the picture, in normalised coordinates: `x` grows to the right and `y` grows downwards, both from 0 to 1 over the frame.
///
/// Values outside `[0, 1]` are places outside the picture and are legal. Two points cannot be added, because the sum of two places
/// means nothing: subtract them to get a [`Vec2`], or take the [`midpoint`](Point::midpoint).
///
/// ```
/// use backpack_core::{Point, Vec2};
///
/// let (gate, car) = (Point::new(0.25, 0.5), Point::new(0.75, 0.5));
/// assert_eq!(car - gate, Vec2::new(0.5, 0.0));
/// assert_eq!(gate.midpoint(car), Point::new(0.5, 0.5));
/// // Wherever a point is asked for, a pair of numbers will do.
/// assert_eq!(gate.distance((0.25, 0.75)), 0.25);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Point {
    /// Distance from the left edge, in frame widths.
    pub x: f64,
    /// Distance from the top edge, in frame heights.
    pub y: f64,
}

impl Point {
    /// A point from its two coordinates.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The point halfway between this one and `other`.
    pub fn midpoint(self, other: impl Into<Point>) -> Point {
        self + (other.into() - self) * 0.5
    }

    /// The distance to `other`, in normalised coordinates.
    pub fn distance(self, other: impl Into<Point>) -> f64 {
        (other.into() - self).length()
    }

    /// Whether both coordinates are finite numbers.
    pub fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }

    /// The point itself if it is finite; `what` names it in the error.
    pub(crate) fn checked(self, what: &'static str) -> Result<Point, GeometryError> {
        if self.is_finite() { Ok(self) } else { Err(GeometryError::NotFinite { what, point: self }) }
    }
}

impl From<(f64, f64)> for Point {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl From<(f32, f32)> for Point {
    fn from((x, y): (f32, f32)) -> Self {
        Self { x: x.into(), y: y.into() }
    }
}

impl From<[f64; 2]> for Point {
    fn from([x, y]: [f64; 2]) -> Self {
        Self { x, y }
    }
}

impl From<[f32; 2]> for Point {
    fn from([x, y]: [f32; 2]) -> Self {
        Self { x: x.into(), y: y.into() }
    }
}

impl From<Point> for (f64, f64) {
    fn from(point: Point) -> Self {
        (point.x, point.y)
    }
}

impl Sub for Point {
    type Output = Vec2;

    fn sub(self, other: Point) -> Vec2 {
        Vec2::new(self.x - other.x, self.y - other.y)
    }
}

impl Add<Vec2> for Point {
    type Output = Point;

    fn add(self, step: Vec2) -> Point {
        Point::new(self.x + step.x, self.y + step.y)
    }
}

impl Sub<Vec2> for Point {
    type Output = Point;

    fn sub(self, step: Vec2) -> Point {
        self + -step
    }
}

impl AddAssign<Vec2> for Point {
    fn add_assign(&mut self, step: Vec2) {
        *self = *self + step;
    }
}

impl SubAssign<Vec2> for Point {
    fn sub_assign(&mut self, step: Vec2) {
        *self = *self - step;
    }
}
