use crate::{GeometryError, Point, Side, Vec2};

/// A directed line segment.
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

    /// The length of the segment.
    pub fn length(&self) -> f64 {
        self.vector().length()
    }

    /// The side of the infinite line through this segment on which `point` lies.
    ///
    /// A point exactly on the line belongs to the left side. It has to belong to one of them, so that a track which stops on the line and
    /// goes on later is counted once.
    pub fn side(&self, point: impl Into<Point>) -> Side {
        if self.vector().cross(point.into() - self.start) > 0.0 { Side::Right } else { Side::Left }
    }

    /// The side to which one step of a track crosses this line, or `None` if the step does not cross it.
    ///
    /// The step crosses if its ends lie on different [sides](Line::side) of this segment and this segment's ends lie on different sides of
    /// the step. A track that is cut into consecutive steps therefore counts once, also when it halts on the line.
    #[doc(alias = "intersects")]
    pub fn crossing(&self, step: &Line) -> Option<Side> {
        let arrival = self.side(step.end);
        let crosses = self.side(step.start) != arrival && step.side(self.start) != step.side(self.end);
        crosses.then_some(arrival)
    }
}
