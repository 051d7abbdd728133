use backpack_core::PolyLine;

use super::setters::{color_setter, fill_setter, thickness_setter};
use crate::Color;

/// A polyline or polygon with round joints.
///
/// What is filled is what the polygon [contains](PolyLine::contains), by the even-odd rule; an open polyline has no inside to fill.
///
/// ```
/// use backpack_annotate::{Color, Path};
/// use backpack_core::PolyLine;
///
/// let yard = PolyLine::closed([(0.1, 0.6), (0.9, 0.6), (1.0, 1.0), (0.0, 1.0)])?;
/// let zone = Path::new(yard).color(Color::ORANGE).fill(Color::ORANGE.with_alpha(80));
/// assert!(zone.polyline.is_closed());
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
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

    color_setter!();
    thickness_setter!();
    fill_setter!();
}
