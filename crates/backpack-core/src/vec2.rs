use std::ops::{Add, Div, Mul, Neg, Sub};

/// A displacement between two [`Point`](crate::Point)s.
///
/// ```
/// use backpack_core::{Point, Vec2};
///
/// // From one frame to the next a track has gone to the right and down; if it goes on so, it leaves the picture.
/// let (before, now) = (Point::new(0.5, 0.75), Point::new(0.75, 0.875));
/// let step = now - before;
/// assert_eq!(step, Vec2::new(0.25, 0.125));
/// assert_eq!(now + step * 2.0, Point::new(1.25, 1.125));
///
/// let east = Vec2::new(1.0, 0.0);
/// assert!(east.dot(step) > 0.0 && east.cross(step) > 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Vec2 {
    /// The step to the right, in frame widths.
    pub x: f64,
    /// The step down, in frame heights.
    pub y: f64,
}

impl Vec2 {
    /// A displacement from its two components.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The scalar product with `other`.
    pub fn dot(self, other: Vec2) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// The z component of the vector product with `other`.
    ///
    /// It is positive if `other` points to the right of this vector as seen on the screen, where `y` grows downwards.
    pub fn cross(self, other: Vec2) -> f64 {
        self.x * other.y - self.y * other.x
    }

    /// The Euclidean length, in normalised coordinates.
    pub fn length(self) -> f64 {
        self.x.hypot(self.y)
    }
}

impl From<(f64, f64)> for Vec2 {
    fn from((x, y): (f64, f64)) -> Self {
        Self { x, y }
    }
}

impl Add for Vec2 {
    type Output = Vec2;

    fn add(self, other: Vec2) -> Vec2 {
        Vec2::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Vec2 {
    type Output = Vec2;

    fn sub(self, other: Vec2) -> Vec2 {
        Vec2::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Vec2 {
    type Output = Vec2;

    fn mul(self, factor: f64) -> Vec2 {
        Vec2::new(self.x * factor, self.y * factor)
    }
}

impl Div<f64> for Vec2 {
    type Output = Vec2;

    fn div(self, divisor: f64) -> Vec2 {
        Vec2::new(self.x / divisor, self.y / divisor)
    }
}

impl Neg for Vec2 {
    type Output = Vec2;

    fn neg(self) -> Vec2 {
        Vec2::new(-self.x, -self.y)
    }
}
