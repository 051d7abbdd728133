use crate::{GeometryError, Point, Vec2};

/// An upright rectangle; `min` is its top left corner and `max` its bottom right one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    min: Point,
    max: Point,
}

impl Rect {
    /// The rectangle that has `a` and `b` as opposite corners, in any order.
    ///
    /// # Errors
    /// [`GeometryError::NotFinite`] if a coordinate is NaN or infinite. This holds for every constructor.
    pub fn from_points(a: impl Into<Point>, b: impl Into<Point>) -> Result<Self, GeometryError> {
        let a = a.into().checked("rectangle corner")?;
        let b = b.into().checked("rectangle corner")?;
        Ok(Self::around(a, b))
    }

    /// The rectangle between `top`, `left`, `bottom` and `right`.
    pub fn from_tlbr(top: f64, left: f64, bottom: f64, right: f64) -> Result<Self, GeometryError> {
        Self::from_points((left, top), (right, bottom))
    }

    /// The rectangle with the top left corner `(left, top)` and the given height and width.
    pub fn from_tlhw(top: f64, left: f64, height: f64, width: f64) -> Result<Self, GeometryError> {
        Self::from_points((left, top), (left + width, top + height))
    }

    /// The rectangle with the top left corner `(x, y)`, `width` wide and `height` high.
    pub fn from_xywh(x: f64, y: f64, width: f64, height: f64) -> Result<Self, GeometryError> {
        Self::from_points((x, y), (x + width, y + height))
    }

    /// The rectangle of the given size around `center`.
    pub fn from_center(center: impl Into<Point>, width: f64, height: f64) -> Result<Self, GeometryError> {
        let half = Vec2::new(width / 2.0, height / 2.0);
        let center = center.into();
        Self::from_points(center - half, center + half)
    }

    /// The rectangle around two points that are known to be finite.
    pub(crate) fn around(a: Point, b: Point) -> Self {
        Self { min: Point::new(a.x.min(b.x), a.y.min(b.y)), max: Point::new(a.x.max(b.x), a.y.max(b.y)) }
    }

    /// The top left corner.
    pub fn min(&self) -> Point {
        self.min
    }

    /// The bottom right corner.
    pub fn max(&self) -> Point {
        self.max
    }

    /// The centre.
    pub fn center(&self) -> Point {
        self.min.midpoint(self.max)
    }

    /// The middle of the bottom edge: where something in the box stands on the ground.
    pub fn base(&self) -> Point {
        Point::new(self.center().x, self.max.y)
    }

    /// The width, never negative.
    pub fn width(&self) -> f64 {
        self.max.x - self.min.x
    }

    /// The height, never negative.
    pub fn height(&self) -> f64 {
        self.max.y - self.min.y
    }

    /// The area.
    pub fn area(&self) -> f64 {
        self.width() * self.height()
    }

    /// Whether `point` lies inside or on the border.
    #[doc(alias = "has_inside")]
    pub fn contains(&self, point: impl Into<Point>) -> bool {
        let point = point.into();
        (self.min.x..=self.max.x).contains(&point.x) && (self.min.y..=self.max.y).contains(&point.y)
    }

    /// What the two rectangles have in common, or `None` if they do not touch.
    pub fn intersection(&self, other: &Rect) -> Option<Rect> {
        let min = Point::new(self.min.x.max(other.min.x), self.min.y.max(other.min.y));
        let max = Point::new(self.max.x.min(other.max.x), self.max.y.min(other.max.y));
        (min.x <= max.x && min.y <= max.y).then_some(Self { min, max })
    }

    /// The smallest rectangle that holds both.
    pub fn union(&self, other: &Rect) -> Rect {
        Self {
            min: Point::new(self.min.x.min(other.min.x), self.min.y.min(other.min.y)),
            max: Point::new(self.max.x.max(other.max.x), self.max.y.max(other.max.y)),
        }
    }

    /// Intersection over union: 1 for equal rectangles, 0 for disjoint ones and for two without area.
    pub fn iou(&self, other: &Rect) -> f64 {
        let common = self.intersection(other).map_or(0.0, |rect| rect.area());
        let union = self.area() + other.area() - common;
        if union > 0.0 { common / union } else { 0.0 }
    }
}
