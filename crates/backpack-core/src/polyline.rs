use crate::{GeometryError, Line, Point, Rect};

/// A chain of straight segments: open, or closed to a polygon.
#[derive(Debug, Clone, PartialEq)]
pub struct PolyLine {
    points: Vec<Point>,
    closed: bool,
}

impl PolyLine {
    /// An open chain of at least two points.
    ///
    /// # Errors
    /// [`GeometryError::TooFewPoints`] below two points, [`GeometryError::NotFinite`] if a coordinate is NaN or infinite.
    pub fn open<P: Into<Point>>(points: impl IntoIterator<Item = P>) -> Result<Self, GeometryError> {
        Self::new(points, false, 2)
    }

    /// A polygon of at least three points; the last is joined to the first.
    ///
    /// # Errors
    /// [`GeometryError::TooFewPoints`] below three points, [`GeometryError::NotFinite`] if a coordinate is NaN or infinite.
    pub fn closed<P: Into<Point>>(points: impl IntoIterator<Item = P>) -> Result<Self, GeometryError> {
        Self::new(points, true, 3)
    }

    fn new<P: Into<Point>>(
        points: impl IntoIterator<Item = P>,
        closed: bool,
        needed: usize,
    ) -> Result<Self, GeometryError> {
        let points = points
            .into_iter()
            .map(|point| point.into().checked("polyline point"))
            .collect::<Result<Vec<_>, _>>()?;
        if points.len() < needed {
            return Err(GeometryError::TooFewPoints { needed, got: points.len() });
        }
        Ok(Self { points, closed })
    }

    /// The points in order; a polygon does not repeat its first point.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// Whether this is a polygon.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// The segments in order; for a polygon the last one leads back to the first point.
    #[doc(alias = "lines")]
    pub fn segments(&self) -> impl Iterator<Item = Line> + '_ {
        let back = self.closed.then(|| Line::between(self.points[self.points.len() - 1], self.points[0]));
        self.points.windows(2).map(|pair| Line::between(pair[0], pair[1])).chain(back)
    }

    /// The smallest rectangle that holds every point.
    #[doc(alias = "boundingbox")]
    pub fn bounding_box(&self) -> Rect {
        let first = Rect::around(self.points[0], self.points[1]);
        self.points[2..].iter().fold(first, |rect, &point| rect.union(&Rect::around(point, point)))
    }

    /// Whether `point` lies inside a polygon, by the even-odd rule; an open chain contains nothing.
    ///
    /// A point on the border belongs to the polygon on a left or top edge and not on a right or bottom one, so that of two polygons which
    /// share an edge exactly one contains a point on it.
    #[doc(alias = "has_inside")]
    pub fn contains(&self, point: impl Into<Point>) -> bool {
        let point = point.into();
        self.closed && self.segments().filter(|edge| crosses_ray_to_the_left(edge, point)).count() % 2 == 1
    }
}

/// Whether `edge` crosses the horizontal ray from `point` to the left.
///
/// Each edge owns its upper end and not its lower one, so a vertex on the ray counts once.
fn crosses_ray_to_the_left(edge: &Line, point: Point) -> bool {
    let (a, b) = (edge.start(), edge.end());
    let (upper, lower) = if a.y <= b.y { (a, b) } else { (b, a) };
    (upper.y..lower.y).contains(&point.y) && (lower - upper).cross(point - upper) <= 0.0
}
