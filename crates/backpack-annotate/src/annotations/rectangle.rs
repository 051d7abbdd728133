use backpack_core::Rect;

use super::setters::{color_setter, fill_setter, thickness_setter};
use crate::Color;

/// An upright rectangle.
///
/// The line runs along the inside, over the fill.
///
/// ```
/// use backpack_annotate::{Color, Rectangle};
/// use backpack_core::Rect;
///
/// let panel = Rectangle::new(Rect::from_tlbr(0.1, 0.1, 0.3, 0.4)?).rounded(0.02).fill(Color::BLACK.with_alpha(128));
/// assert_eq!((panel.radius, panel.color), (0.02, None));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "RectAnnotation")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rectangle {
    /// The rectangle.
    pub rect: Rect,
    /// The colour of the line; a [transparent](Color::TRANSPARENT) line leaves only the fill.
    pub color: Option<Color>,
    /// The thickness of the line, in frame heights.
    pub thickness: Option<f64>,
    /// The colour of the inside; it is left alone if there is none.
    pub fill: Option<Color>,
    /// The radius of the corners, in frame heights: at most half of the shorter side, 0 for sharp corners.
    pub radius: f64,
}

impl Rectangle {
    /// The outline of `rect`.
    pub fn new(rect: Rect) -> Self {
        Self { rect, color: None, thickness: None, fill: None, radius: 0.0 }
    }

    /// The same rectangle with corners of this radius, in frame heights.
    #[must_use]
    pub fn rounded(self, radius: f64) -> Self {
        Self { radius, ..self }
    }

    color_setter!();
    thickness_setter!();
    fill_setter!();
}
