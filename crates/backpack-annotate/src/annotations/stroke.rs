use backpack_core::{Line, Point};

use crate::Color;

/// A straight line with round ends.
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

    /// The same line in this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: Some(color.into()), ..self }
    }

    /// The same line this thick, in frame heights; see [`Rectangle::thickness`](crate::Rectangle::thickness).
    #[must_use]
    pub fn thickness(self, thickness: f64) -> Self {
        Self { thickness: Some(thickness), ..self }
    }
}

impl From<Line> for Stroke {
    fn from(line: Line) -> Self {
        Self::new(line.start(), line.end())
    }
}
