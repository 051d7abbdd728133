use backpack_core::{Line, Point};

use super::setters::{color_setter, thickness_setter};
use crate::Color;

/// A straight line with round ends.
///
/// ```
/// use backpack_annotate::{Color, Stroke};
/// use backpack_core::Line;
///
/// let door = Line::new((0.2, 0.5), (0.8, 0.5))?;
/// let line = Stroke::from(door).color(Color::ORANGE).thickness(0.01);
/// assert_eq!((line.start, line.end), (door.start(), door.end()));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias("LineAnnotation", "Line"))]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Stroke {
    /// Where the line begins.
    pub start: Point,
    /// Where the line ends.
    pub end: Point,
    /// The colour.
    pub color: Option<Color>,
    /// The thickness, in frame heights.
    pub thickness: Option<f64>,
}

impl Stroke {
    /// A line between two points.
    pub fn new(start: impl Into<Point>, end: impl Into<Point>) -> Self {
        Self { start: start.into(), end: end.into(), color: None, thickness: None }
    }

    color_setter!();
    thickness_setter!();
}

impl From<Line> for Stroke {
    fn from(line: Line) -> Self {
        Self::new(line.start(), line.end())
    }
}
