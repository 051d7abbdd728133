use crate::{BoxShape, Color};

/// What annotations look like that do not say it themselves.
///
/// Sizes are relative to the height of the frame, so that a scene looks alike on a small frame and on a large one.
///
/// ```
/// use backpack_annotate::{Color, FrameDriver, Style};
///
/// let style = Style::default().text_size(0.04).color(Color::YELLOW);
/// let driver = FrameDriver::new().with_style(style);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Style {
    /// How thick lines are, in frame heights: 1 ÷ 360 by default, so 3 pixels at 1080 lines.
    pub thickness: f64,
    /// The height of a line of text, from ascender to descender, in frame heights: 1 ÷ 40 by default, so 27 pixels at 1080 lines.
    pub text_size: f64,
    /// The space between text and the border of its background, in text sizes; above and below it is a third of this.
    pub padding: f64,
    /// The colour.
    pub color: Color,
    /// The background of labels that have none of their own; none by default.
    pub label_background: Option<Color>,
    /// The shape of bounding boxes.
    pub box_shape: BoxShape,
    /// The radius of the corners of rounded boxes, in frame heights: 1 ÷ 60 by default.
    pub corner_radius: f64,
    /// The width and height of markers, in frame heights: 1 ÷ 40 by default.
    pub marker_size: f64,
    /// The radius of dots, in frame heights: 1 ÷ 120 by default.
    pub dot_radius: f64,
}

impl Style {
    /// The same style with lines this thick, in frame heights.
    #[must_use]
    pub fn thickness(self, thickness: f64) -> Self {
        Self { thickness, ..self }
    }

    /// The same style with text this high, in frame heights.
    #[must_use]
    pub fn text_size(self, text_size: f64) -> Self {
        Self { text_size, ..self }
    }

    /// The same style with this space around text, in text sizes.
    #[must_use]
    pub fn padding(self, padding: f64) -> Self {
        Self { padding, ..self }
    }

    /// The same style with this background for labels that have none of their own.
    #[must_use]
    pub fn label_background(self, background: impl Into<Color>) -> Self {
        Self { label_background: Some(background.into()), ..self }
    }

    /// The same style with boxes of this shape.
    #[must_use]
    pub fn box_shape(self, box_shape: BoxShape) -> Self {
        Self { box_shape, ..self }
    }

    /// The same style with round corners of this radius, in frame heights.
    #[must_use]
    pub fn corner_radius(self, corner_radius: f64) -> Self {
        Self { corner_radius, ..self }
    }

    /// The same style with markers this wide and high, in frame heights.
    #[must_use]
    pub fn marker_size(self, marker_size: f64) -> Self {
        Self { marker_size, ..self }
    }

    /// The same style with dots of this radius, in frame heights.
    #[must_use]
    pub fn dot_radius(self, dot_radius: f64) -> Self {
        Self { dot_radius, ..self }
    }

    /// The same style in this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: color.into(), ..self }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self {
            thickness: 1.0 / 360.0,
            text_size: 1.0 / 40.0,
            padding: 0.25,
            color: Color::WHITE,
            label_background: None,
            box_shape: BoxShape::Plain,
            corner_radius: 1.0 / 60.0,
            marker_size: 1.0 / 40.0,
            dot_radius: 1.0 / 120.0,
        }
    }
}
