use crate::predicates::{side_of_corner, side_of_point};
use crate::{GeometryError, Point, Side, Vec2};

/// A directed line segment.
///
/// ```
/// use backpack_core::{Line, Side};
///
/// let door = Line::new((0.2, 0.5), (0.8, 0.5))?;
/// let inwards = Line::new((0.5, 0.4), (0.5, 0.6))?;
/// assert_eq!(door.crossing(&inwards), Some(Side::Right));
/// assert_eq!(door.crossing(&inwards.reversed()), Some(Side::Left));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    start: Point,
    end: Point,
}

impl Line {
    /// A line from `start` to `end`; the two may coincide.
    ///
    /// # Errors
    /// [`GeometryError::NotFinite`] if a coordinate is NaN or infinite.
    pub fn new(start: impl Into<Point>, end: impl Into<Point>) -> Result<Self, GeometryError> {
        Ok(Self { start: start.into().checked("line start")?, end: end.into().checked("line end")? })
    }

    /// A line between two points that are known to be finite.
    pub(crate) const fn between(start: Point, end: Point) -> Self {
        Self { start, end }
    }

    /// Where the line begins.
    pub fn start(&self) -> Point {
        self.start
    }

    /// Where the line ends.
    pub fn end(&self) -> Point {
        self.end
    }

    /// The displacement from start to end.
    pub fn vector(&self) -> Vec2 {
        self.end - self.start
    }

    /// The length of the segment, in normalised coordinates.
    pub fn length(&self) -> f64 {
        self.vector().length()
    }

    /// The same segment in the other direction.
    pub fn reversed(&self) -> Line {
        Self { start: self.end, end: self.start }
    }

    /// The point of the segment that is nearest to `point`.
    pub fn nearest(&self, point: impl Into<Point>) -> Point {
        let (vector, to_point) = (self.vector(), point.into() - self.start);
        // Where the segment is a point, or too short for its square, this is 0/0 and either end will do.
        let along = to_point.dot(vector) / vector.dot(vector);
        if along > 0.0 { self.start + vector * along.min(1.0) } else { self.start }
    }

    /// The distance from `point` to the nearest point of the segment, in normalised coordinates.
    pub fn distance(&self, point: impl Into<Point>) -> f64 {
        let point = point.into();
        self.nearest(point).distance(point)
    }

    /// The side of the infinite line through this segment on which `point` lies.
    ///
    /// The answer is exact: no rounding turns it. A point exactly on the line is taken for one a hair to the right and below of it. It has to
    /// belong to one side, so that a track which halts on the line is counted once; and it has to be the same place for every line, so that
    /// the answers of lines which meet fit each other. A line without length has everything on its left.
    pub fn side(&self, point: impl Into<Point>) -> Side {
        side_of_point(self.start, self.end, point.into())
    }

    /// The side to which one step of a track crosses this segment, or `None` if the step does not cross it.
    ///
    /// A track that is cut into consecutive steps counts exactly once where it goes through, also when a step ends on the line and the next
    /// goes on from there, or passes through an end of the line: all places of the track are taken for places a hair to the right and below,
    /// as in [`side`](Line::side), so that none lies on the line. Of two lines that share an end, as two sides of a polygon do, a track
    /// through that end therefore crosses what it would cross beside it, and the crossings of all the sides of a
    /// [`PolyLine`](crate::PolyLine) agree with [`contains`](crate::PolyLine::contains).
    #[doc(alias = "intersects")]
    pub fn crossing(&self, step: &Line) -> Option<Side> {
        let arrival = self.side(step.end);
        if self.side(step.start) == arrival {
            return None;
        }
        let [start, end] = [self.start, self.end].map(|corner| side_of_corner(step.start, step.end, corner));
        (start != end).then_some(arrival)
    }
}

impl TryFrom<[Point; 2]> for Line {
    type Error = GeometryError;

    /// As [`Line::new`].
    fn try_from([start, end]: [Point; 2]) -> Result<Self, GeometryError> {
        Self::new(start, end)
    }
}

impl From<Line> for [Point; 2] {
    fn from(line: Line) -> Self {
        [line.start, line.end]
    }
}
