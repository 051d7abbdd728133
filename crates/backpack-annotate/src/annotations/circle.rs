use backpack_core::Point;

use super::setters::{color_setter, fill_setter, thickness_setter};
use crate::Color;

/// A circle, round on the screen whatever the shape of the frame.
///
/// The line runs along the inside, over the fill.
///
/// ```
/// use backpack_annotate::{Circle, Color};
///
/// let target = Circle::new((0.5, 0.5), 0.1).color(Color::RED).fill(Color::RED.with_alpha(60));
/// assert_eq!((target.radius, target.fill), (0.1, Some(Color::RED.with_alpha(60))));
/// ```
#[doc(alias = "CircleAnnotator")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Circle {
    /// The centre.
    pub center: Point,
    /// The radius, in frame heights.
    pub radius: f64,
    /// The colour of the line; a [transparent](Color::TRANSPARENT) line leaves only the fill.
    pub color: Option<Color>,
    /// The thickness of the line, in frame heights.
    pub thickness: Option<f64>,
    /// The colour of the inside; it is left alone if there is none.
    pub fill: Option<Color>,
}

impl Circle {
    /// A circle of this radius, in frame heights.
    pub fn new(center: impl Into<Point>, radius: f64) -> Self {
        Self { center: center.into(), radius, color: None, thickness: None, fill: None }
    }

    color_setter!();
    thickness_setter!();
    fill_setter!();
}
