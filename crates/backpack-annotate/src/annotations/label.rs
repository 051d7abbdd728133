use backpack_core::Point;

use crate::{Color, HorizontalAnchor, VerticalAnchor};

/// A text of one or more lines.
///
/// A line feed, or a carriage return and a line feed, begins a new line; other control characters are drawn as spaces, and a character
/// that no font has as an empty box. The anchors refer to the lines as a whole, and the horizontal one also says where a line stands
/// that is shorter than others. A label that would stick out of the picture is moved inside; one too large for it shows its beginning.
///
/// ```
/// use backpack_annotate::{Color, HorizontalAnchor, Label, VerticalAnchor};
///
/// let clock = Label::new((0.98, 0.03), "yard camera\n12:30:05")
///     .anchor(HorizontalAnchor::Right, VerticalAnchor::Top)
///     .background(Color::BLACK);
/// ```
#[doc(alias = "LabelAnnotation")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Label {
    /// The place that the anchors refer to.
    pub position: Point,
    /// The text; see above for its lines.
    pub text: String,
    /// What of the text lies on the position horizontally.
    pub horizontal_anchor: HorizontalAnchor,
    /// What of the text lies on the position vertically.
    pub vertical_anchor: VerticalAnchor,
    /// The height of a line from ascender to descender, in frame heights.
    pub size: Option<f64>,
    /// The colour of the text; if not set, it is legible on the background, or the style's colour where there is none.
    pub color: Option<Color>,
    /// The colour of the background.
    pub background: Option<Color>,
}

impl Label {
    /// A text with its bottom left corner at `position`.
    pub fn new(position: impl Into<Point>, text: impl Into<String>) -> Self {
        Self {
            position: position.into(),
            text: text.into(),
            horizontal_anchor: HorizontalAnchor::default(),
            vertical_anchor: VerticalAnchor::default(),
            size: None,
            color: None,
            background: None,
        }
    }

    /// The same label with this part of it at its position.
    ///
    /// With a background, all anchors but the baseline refer to the border of the background.
    #[must_use]
    pub fn anchor(self, horizontal: HorizontalAnchor, vertical: VerticalAnchor) -> Self {
        Self { horizontal_anchor: horizontal, vertical_anchor: vertical, ..self }
    }

    /// The same label with lines this high, from ascender to descender, in frame heights.
    ///
    /// On the frame the height is a whole number of pixels, from 8 to 512.
    #[must_use]
    pub fn size(self, size: f64) -> Self {
        Self { size: Some(size), ..self }
    }

    /// The same label with text of this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: Some(color.into()), ..self }
    }

    /// The same label on a background of this colour.
    #[must_use]
    pub fn background(self, background: impl Into<Color>) -> Self {
        Self { background: Some(background.into()), ..self }
    }
}
