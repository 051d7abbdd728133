use crate::Color;

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

    /// The same style in this colour.
    #[must_use]
    pub fn color(self, color: impl Into<Color>) -> Self {
        Self { color: color.into(), ..self }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { thickness: 1.0 / 360.0, text_size: 1.0 / 40.0, padding: 0.25, color: Color::WHITE }
    }
}
