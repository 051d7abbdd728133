use backpack_core::PolyLine;

use crate::Color;

/// A polyline or polygon with round joints.
///
/// What is filled is what the polygon [contains](PolyLine::contains), by the even-odd rule; an open polyline has no inside to fill.
#[doc(alias("PolyLineAnnotation", "Polygon"))]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Path {
    /// The points.
    pub polyline: PolyLine,
    /// The colour of the line; a [transparent](Color::TRANSPARENT) line leaves only the fill.
    pub color: Option<Color>,
    /// The thickness of the line, in frame heights.
    pub thickness: Option<f64>,
    /// The colour of the inside, under the line; it is left alone if there is none.
    pub fill: Option<Color>,
}

impl Path {
    /// The outline of `polyline`.
    pub fn new(polyline: PolyLine) -> Self {
        Self { polyline, color: None, thickness: None, fill: None }
    }

    /// The same path with a line of this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: Some(color.into()), ..self }
    }

    /// The same path with a line this thick, in frame heights; see [`Rectangle::thickness`](crate::Rectangle::thickness).
    #[must_use]
    pub fn thickness(self, thickness: f64) -> Self {
        Self { thickness: Some(thickness), ..self }
    }

    /// The same path filled with this colour.
    #[must_use]
    pub fn fill(self, fill: impl Into<Color>) -> Self {
        Self { fill: Some(fill.into()), ..self }
    }
}
