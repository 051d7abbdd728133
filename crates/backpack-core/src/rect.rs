use crate::{GeometryError, Line, Point, Vec2};

/// An upright rectangle; `min` is its top left corner and `max` its bottom right one.
///
/// ```
/// use backpack_core::{Point, Rect};
///
/// let car = Rect::from_tlbr(0.5, 0.25, 0.75, 0.5)?;
/// assert_eq!((car.width(), car.height()), (0.25, 0.25));
/// assert_eq!(car.base(), Point::new(0.375, 0.75));
/// assert_eq!(car.iou(&Rect::from_xywh(0.25, 0.5, 0.5, 0.25)?), 0.5);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "Rectangle")]
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
    ///
    /// # Errors
    /// As [`Rect::from_points`].
    pub fn from_tlbr(top: f64, left: f64, bottom: f64, right: f64) -> Result<Self, GeometryError> {
        Self::from_points((left, top), (right, bottom))
    }

    /// The rectangle with the top left corner `(left, top)` and the given height and width; negative ones extend it up and to the left.
    ///
    /// # Errors
    /// As [`Rect::from_points`].
    pub fn from_tlhw(top: f64, left: f64, height: f64, width: f64) -> Result<Self, GeometryError> {
        Self::from_points((left, top), (left + width, top + height))
    }

    /// The rectangle with the top left corner `(x, y)`, `width` wide and `height` high; negative sizes extend it to the left and up.
    ///
    /// # Errors
    /// As [`Rect::from_points`].
    pub fn from_xywh(x: f64, y: f64, width: f64, height: f64) -> Result<Self, GeometryError> {
        Self::from_points((x, y), (x + width, y + height))
    }

    /// The rectangle of the given size around `center`.
    ///
    /// # Errors
    /// As [`Rect::from_points`].
    pub fn from_center(center: impl Into<Point>, width: f64, height: f64) -> Result<Self, GeometryError> {
        let half = Vec2::new(width / 2.0, height / 2.0);
        let center = center.into();
        Self::from_points(center - half, center + half)
    }

    /// The whole picture, from `(0, 0)` to `(1, 1)`.
    pub const fn unit() -> Self {
        Self { min: Point::new(0.0, 0.0), max: Point::new(1.0, 1.0) }
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

    /// The `y` of the top edge.
    pub fn top(&self) -> f64 {
        self.min.y
    }

    /// The `x` of the left edge.
    pub fn left(&self) -> f64 {
        self.min.x
    }

    /// The `y` of the bottom edge.
    pub fn bottom(&self) -> f64 {
        self.max.y
    }

    /// The `x` of the right edge.
    pub fn right(&self) -> f64 {
        self.max.x
    }

    /// Top, left, bottom and right, as [`Rect::from_tlbr`] takes them.
    pub fn tlbr(&self) -> [f64; 4] {
        [self.top(), self.left(), self.bottom(), self.right()]
    }

    /// Top, left, height and width, as [`Rect::from_tlhw`] takes them.
    pub fn tlhw(&self) -> [f64; 4] {
        [self.top(), self.left(), self.height(), self.width()]
    }

    /// Left, top, width and height, as [`Rect::from_xywh`] takes them.
    pub fn xywh(&self) -> [f64; 4] {
        [self.left(), self.top(), self.width(), self.height()]
    }

    /// The way from the top left corner to the bottom right one: width and height.
    pub fn size(&self) -> Vec2 {
        self.max - self.min
    }

    /// The four edges clockwise as seen on the screen: top, right, bottom, left.
    pub fn edges(&self) -> [Line; 4] {
        let (top_right, bottom_left) =
            (Point::new(self.max.x, self.min.y), Point::new(self.min.x, self.max.y));
        let corners = [self.min, top_right, self.max, bottom_left];
        [0, 1, 2, 3].map(|corner| Line::between(corners[corner], corners[(corner + 1) % 4]))
    }

    /// The width in frame widths, never negative.
    pub fn width(&self) -> f64 {
        self.max.x - self.min.x
    }

    /// The height in frame heights, never negative.
    pub fn height(&self) -> f64 {
        self.max.y - self.min.y
    }

    /// The area in parts of the picture.
    pub fn area(&self) -> f64 {
        self.width() * self.height()
    }

    /// The width divided by the height; `None` where the height is zero.
    ///
    /// It is in normalised coordinates: for the ratio on the screen, multiply it with that of the frame.
    pub fn aspect_ratio(&self) -> Option<f64> {
        (self.height() > 0.0).then(|| self.width() / self.height())
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

    /// What lies within the picture, from 0 to 1 both ways; `None` if nothing does.
    pub fn clamp(&self) -> Option<Rect> {
        self.intersection(&Rect::unit())
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

impl TryFrom<[Point; 2]> for Rect {
    type Error = GeometryError;

    /// As [`Rect::from_points`].
    fn try_from([a, b]: [Point; 2]) -> Result<Self, GeometryError> {
        Self::from_points(a, b)
    }
}

impl From<Rect> for [Point; 2] {
    fn from(rect: Rect) -> Self {
        [rect.min, rect.max]
    }
}
