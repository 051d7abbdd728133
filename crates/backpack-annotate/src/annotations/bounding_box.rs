use backpack_core::Rect;

use super::setters::{color_setter, fill_setter, thickness_setter};
use crate::{BoxShape, Color};

/// An object's box, with labels on a background of the box's colour.
///
/// The line runs along the inside of the rectangle, so that a box as large as the picture is visible. The top label stands above the
/// box and the bottom one below it, or inside where there is no room; both stay in the picture. A box that lies outside the picture is
/// not drawn, nor are its labels.
///
/// ```
/// use backpack_annotate::{BoundingBox, Color};
/// use backpack_core::Rect;
///
/// let car = BoundingBox::new(Rect::from_tlbr(0.3, 0.2, 0.6, 0.5)?)
///     .top_label("car 0.92")
///     .bottom_label("track 7")
///     .color(Color::RED);
/// assert_eq!(car.top_label.as_deref(), Some("car 0.92"));
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "BoundingBoxAnnotation")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BoundingBox {
    /// The box.
    pub rect: Rect,
    /// The text above the box; as in a [`Label`](crate::Label) it may have several lines.
    pub top_label: Option<String>,
    /// The text below the box; as in a [`Label`](crate::Label) it may have several lines.
    pub bottom_label: Option<String>,
    /// The colour of the line and of the labels' background; the text is black or white, whichever is legible.
    pub color: Option<Color>,
    /// The thickness of the line, in frame heights.
    pub thickness: Option<f64>,
    /// The height of the text, in frame heights.
    pub text_size: Option<f64>,
    /// What the line looks like.
    pub shape: Option<BoxShape>,
    /// The colour of the inside; it is left alone if there is none.
    pub fill: Option<Color>,
}

impl BoundingBox {
    /// A box without labels.
    pub fn new(rect: Rect) -> Self {
        Self {
            rect,
            top_label: None,
            bottom_label: None,
            color: None,
            thickness: None,
            text_size: None,
            shape: None,
            fill: None,
        }
    }

    /// The same box with this text above it.
    #[must_use]
    pub fn top_label(self, text: impl Into<String>) -> Self {
        Self { top_label: Some(text.into()), ..self }
    }

    /// The same box with this text below it.
    #[must_use]
    pub fn bottom_label(self, text: impl Into<String>) -> Self {
        Self { bottom_label: Some(text.into()), ..self }
    }

    /// The same box with text this high, in frame heights; see [`Label::size`](crate::Label::size).
    #[must_use]
    pub fn text_size(self, size: f64) -> Self {
        Self { text_size: Some(size), ..self }
    }

    /// The same box with a line of this shape.
    #[must_use]
    pub fn shape(self, shape: BoxShape) -> Self {
        Self { shape: Some(shape), ..self }
    }

    color_setter!();
    thickness_setter!();
    fill_setter!();
}
