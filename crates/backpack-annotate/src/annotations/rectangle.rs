use backpack_core::Rect;

use crate::Color;

/// An upright rectangle.
///
/// The line runs along the inside, over the fill.
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
}

impl Rectangle {
    /// The outline of `rect`.
    pub fn new(rect: Rect) -> Self {
        Self { rect, color: None, thickness: None, fill: None }
    }

    /// The same rectangle with a line of this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: Some(color.into()), ..self }
    }

    /// The same rectangle with a line this thick, in frame heights.
    ///
    /// On the frame it is a whole number of pixels, from 1 to the height of the frame.
    #[must_use]
    pub fn thickness(self, thickness: f64) -> Self {
        Self { thickness: Some(thickness), ..self }
    }

    /// The same rectangle filled with this colour.
    #[must_use]
    pub fn fill(self, fill: impl Into<Color>) -> Self {
        Self { fill: Some(fill.into()), ..self }
    }
}
