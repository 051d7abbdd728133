use std::cmp::Ordering;

use crate::predicates::orientation;
use crate::{Line, Point};

/// A segment of a polygon, from its upper end to its lower one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) upper: Point,
    pub(crate) lower: Point,
}

impl Edge {
    pub(crate) fn of(segment: &Line) -> Self {
        let (a, b) = (segment.start(), segment.end());
        if a.y <= b.y { Self { upper: a, lower: b } } else { Self { upper: b, lower: a } }
    }

    /// Whether the edge crosses the horizontal ray that goes from `point` to the left.
    ///
    /// An edge owns its upper end and not its lower one, so a corner on the ray counts once, and a level edge owns nothing.
    pub(crate) fn is_left_of(&self, point: Point) -> bool {
        self.upper.y <= point.y
            && point.y < self.lower.y
            && orientation(self.upper, self.lower, point) != Ordering::Greater
    }
}
