use backpack_core::Rect;

use crate::Color;

/// Makes a part of the picture unrecognisable before it leaves the building: faces, number plates, screens.
///
/// Annotations are drawn in their order, so redactions come first in a scene. What is left of the part is no more than the mean colours of
/// some cells, whichever way they are shown; nothing can bring back what was below.
///
/// ```
/// use backpack_annotate::{Color, Redaction};
/// use backpack_core::Rect;
///
/// let face = Rect::from_center((0.5, 0.3), 0.06, 0.12)?;
/// let scene = [Redaction::pixelate(face), Redaction::blur(face).cells(4), Redaction::cover(face, Color::BLACK)];
/// assert_eq!(scene[1].cells, Some(4));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias("BlurAnnotator", "PixelateAnnotator"))]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Redaction {
    /// The part of the picture; pixels that it touches at all are changed.
    pub rect: Rect,
    /// How it is done.
    pub method: RedactionMethod,
    /// How many cells are left along the longer side, from 1 to 64.
    pub cells: Option<u32>,
}

/// How a [`Redaction`] is done.
///
/// ```
/// use backpack_annotate::{Redaction, RedactionMethod};
/// use backpack_core::Rect;
///
/// assert_eq!(Redaction::blur(Rect::unit()).method, RedactionMethod::Blur);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedactionMethod {
    /// One colour passes smoothly into the next.
    Blur,
    /// Squares of one colour each.
    Pixelate,
    /// One given colour hides all; its opacity should be full.
    Cover(Color),
}

impl Redaction {
    /// Blurs a part of the picture.
    pub fn blur(rect: Rect) -> Self {
        Self { rect, method: RedactionMethod::Blur, cells: None }
    }

    /// Shows a part of the picture in large squares.
    pub fn pixelate(rect: Rect) -> Self {
        Self { rect, method: RedactionMethod::Pixelate, cells: None }
    }

    /// Hides a part of the picture under a colour.
    pub fn cover(rect: Rect, color: impl Into<Color>) -> Self {
        Self { rect, method: RedactionMethod::Cover(color.into()), cells: None }
    }

    /// The same with so many cells along the longer side: fewer hide more. It is 6 if not set; a face is recognised by some at 16.
    #[must_use]
    pub fn cells(self, cells: u32) -> Self {
        Self { cells: Some(cells), ..self }
    }
}
