use std::cmp::Ordering;

use crate::edge::Edge;
use crate::predicates::{orientation, segments_touch};
use crate::{GeometryError, Line, Point, Rect, Vec2};

/// A chain of straight segments: open, or closed to a polygon.
///
/// ```
/// use backpack_core::PolyLine;
///
/// let parking = PolyLine::closed([(0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9)])?;
/// assert!(parking.contains((0.5, 0.7)) && parking.is_convex());
/// assert!((parking.area() - 0.32).abs() < 1e-12);
///
/// let trail = PolyLine::open([(0.1, 0.2), (0.4, 0.6)])?;
/// assert_eq!(trail.length(), 0.5);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
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

    /// A polygon of at least three points; the last is joined to the first. If it repeats the first, as in GeoJSON, it is left out, however often.
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
        let points = points.into_iter().map(|point| point.into().checked("polyline point"));
        let mut points = points.collect::<Result<Vec<_>, _>>()?;
        while closed && points.len() > needed && points.first() == points.last() {
            points.pop();
        }
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

    /// The length of all segments together, in normalised coordinates: for a polygon its perimeter.
    pub fn length(&self) -> f64 {
        self.segments().map(|segment| segment.length()).sum()
    }

    /// The area of a polygon in parts of the picture, whichever way round it goes; 0 for an open chain.
    ///
    /// Where a polygon crosses itself, parts that it goes round in opposite ways cancel each other.
    pub fn area(&self) -> f64 {
        if self.closed { self.signed_doubled_area().abs() / 2.0 } else { 0.0 }
    }

    /// The centre of gravity: of the area of a polygon, of the length of an open chain.
    ///
    /// A polygon without area, or one whose parts cancel each other, has that of its length. Where all points coincide, or are so far apart that
    /// the length overflows, it is the first point.
    pub fn centroid(&self) -> Point {
        let of_area = || self.area_centroid().filter(|&center| self.bounding_box().contains(center));
        self.closed.then(of_area).flatten().unwrap_or_else(|| self.length_centroid())
    }

    /// The distance from `point` to the nearest point of the segments, in normalised coordinates.
    pub fn distance(&self, point: impl Into<Point>) -> f64 {
        let point = point.into();
        self.segments().map(|segment| segment.distance(point)).fold(f64::INFINITY, f64::min)
    }

    /// Whether `point` lies inside a polygon, by the even-odd rule; an open chain contains nothing.
    ///
    /// The answer is exact. A point on the border belongs to the polygon on a left or top edge and not on a right or bottom one, so that of
    /// two polygons which share an edge exactly one contains a point on it. This is the rule of [`Line::side`]: what is asked about is a place
    /// a hair to the right and below.
    ///
    /// Every segment is looked at; for many questions to a polygon of many points see [`PreparedPolygon`](crate::PreparedPolygon).
    #[doc(alias = "has_inside")]
    pub fn contains(&self, point: impl Into<Point>) -> bool {
        let point = point.into();
        self.closed && self.segments().filter(|edge| Edge::of(edge).is_left_of(point)).count() % 2 == 1
    }

    /// Whether this is a convex polygon: one that goes once around an area and never bends the other way.
    ///
    /// Neither the direction matters nor points in the middle of a straight side nor points given twice. What has no area is not convex, what
    /// [crosses itself](PolyLine::self_intersects) is not, as a pentagram, and an open chain is not.
    pub fn is_convex(&self) -> bool {
        if !self.closed {
            return false;
        }
        let corners = self.distinct_points();
        let corner = |index: usize| corners[index % corners.len()];
        let (mut bend, mut reversals) = (Ordering::Equal, 0);
        for index in 0..corners.len() {
            let (a, b, c) = (corner(index), corner(index + 1), corner(index + 2));
            let turn = orientation(a, b, c);
            // Whoever goes once around goes to the right once and to the left once, which one comparison tells.
            let reverses = (a < b) != (b < c);
            reversals += usize::from(reverses);
            match turn {
                Ordering::Equal if reverses => return false,
                Ordering::Equal => {}
                _ if bend == Ordering::Equal => bend = turn,
                _ if bend != turn => return false,
                _ => {}
            }
        }
        bend != Ordering::Equal && reversals == 2
    }

    /// Whether the chain crosses or touches itself.
    ///
    /// As in the Simple Features of the OGC, a chain is simple if it passes no place twice, save that its two ends may meet; then it counts
    /// as closed. A point that is repeated at once counts once. The answer is exact.
    ///
    /// Each segment is compared with each other one.
    pub fn self_intersects(&self) -> bool {
        let points = self.distinct_points();
        let is_ring = self.closed || self.points.first() == self.points.last();
        let count = points.len();
        let segments = if is_ring { count } else { count - 1 };
        if count < 2 {
            return false;
        }
        let point = |index: usize| points[index % count];
        let segment = |index: usize| (point(index), point(index + 1));
        (0..segments).any(|i| {
            let turns_back =
                (is_ring || i + 1 < segments) && turns_back(point(i), point(i + 1), point(i + 2));
            let last = if is_ring && i == 0 { segments - 1 } else { segments };
            turns_back || (i + 2..last).any(|j| segments_touch(segment(i), segment(j)))
        })
    }

    /// The points without those that repeat the one before; where the chain ends at its beginning, without the end.
    fn distinct_points(&self) -> Vec<Point> {
        let mut points = self.points.clone();
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        points
    }

    /// By the shoelace formula, from the first point, so that the digits are not lost on a place far from the origin.
    fn signed_doubled_area(&self) -> f64 {
        self.triangles().map(|(a, b)| a.cross(b)).sum()
    }

    /// The ways from the first point to the two ends of each segment.
    fn triangles(&self) -> impl Iterator<Item = (Vec2, Vec2)> + '_ {
        let origin = self.points[0];
        self.segments().map(move |segment| (segment.start() - origin, segment.end() - origin))
    }

    fn area_centroid(&self) -> Option<Point> {
        let moment =
            self.triangles().map(|(a, b)| (a + b) * a.cross(b)).fold(Vec2::default(), |sum, part| sum + part);
        let center = self.points[0] + moment / (3.0 * self.signed_doubled_area());
        center.is_finite().then_some(center)
    }

    fn length_centroid(&self) -> Point {
        let origin = self.points[0];
        let length = self.length();
        let moment = self
            .segments()
            .map(|segment| (segment.start().midpoint(segment.end()) - origin) * segment.length())
            .fold(Vec2::default(), |sum, part| sum + part);
        let center = origin + moment / length;
        if center.is_finite() { center } else { origin }
    }
}

/// Whether a chain from `a` over `b` to `c` lies on itself behind `b`.
fn turns_back(a: Point, b: Point, c: Point) -> bool {
    (a < b) != (b < c) && orientation(a, b, c) == Ordering::Equal
}
