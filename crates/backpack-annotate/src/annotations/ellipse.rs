use backpack_core::Rect;

use super::setters::{color_setter, fill_setter, thickness_setter};
use crate::Color;

/// The ellipse that touches all four sides of a rectangle.
///
/// The line runs along the inside, over the fill.
///
/// ```
/// use backpack_annotate::{Color, Ellipse};
/// use backpack_core::Rect;
///
/// let head = Rect::from_center((0.5, 0.2), 0.05, 0.12)?;
/// let halo = Ellipse::new(head).color(Color::YELLOW).thickness(0.005);
/// assert_eq!(halo.rect, head);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "EllipseAnnotator")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ellipse {
    /// The rectangle.
    pub rect: Rect,
    /// The colour of the line; a [transparent](Color::TRANSPARENT) line leaves only the fill.
    pub color: Option<Color>,
    /// The thickness of the line, in frame heights.
    pub thickness: Option<f64>,
    /// The colour of the inside; it is left alone if there is none.
    pub fill: Option<Color>,
}

impl Ellipse {
    /// The ellipse in `rect`.
    pub fn new(rect: Rect) -> Self {
        Self { rect, color: None, thickness: None, fill: None }
    }

    color_setter!();
    thickness_setter!();
    fill_setter!();
}
