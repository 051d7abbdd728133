use backpack_core::{Rect, Vec2};

use super::setters::color_setter;
use crate::Color;

/// A bar that is filled by a value, such as a confidence or a battery's charge.
///
/// It is filled from the left, or from the bottom if it stands upright.
///
/// ```
/// use backpack_annotate::{Color, ValueBar};
/// use backpack_core::{Rect, Vec2};
///
/// let confidence = ValueBar::new(Rect::from_tlbr(0.1, 0.1, 0.13, 0.3)?, 0.82).color(Color::LIME);
/// let charge = ValueBar::new(Rect::from_tlbr(0.1, 0.9, 0.4, 0.92)?, 0.5).upright();
/// assert!(charge.is_upright && !confidence.is_upright);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "PercentageBarAnnotator")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ValueBar {
    /// The whole bar.
    pub rect: Rect,
    /// How much of it is filled, from 0 to 1; what is less or more is drawn as 0 or 1.
    pub value: f64,
    /// Whether it stands upright.
    pub is_upright: bool,
    /// The colour of the filled part.
    pub color: Option<Color>,
    /// The colour of the rest; half-transparent black if not set.
    pub background: Option<Color>,
}

impl ValueBar {
    /// What the rest is drawn in unless it has a colour of its own.
    pub(crate) const EMPTY: Color = Color::BLACK.with_alpha(128);

    /// The part that is filled.
    pub(crate) fn filled(&self) -> Rect {
        let part = self.value.clamp(0.0, 1.0);
        let size = if self.is_upright {
            Vec2::new(self.rect.width(), -self.rect.height() * part)
        } else {
            Vec2::new(self.rect.width() * part, -self.rect.height())
        };
        let corner = self.rect.max() - Vec2::new(self.rect.width(), 0.0);
        // Only a value that is no number makes it fail.
        Rect::from_points(corner, corner + size).unwrap_or(self.rect)
    }

    /// A level bar.
    pub fn new(rect: Rect, value: f64) -> Self {
        Self { rect, value, is_upright: false, color: None, background: None }
    }

    /// The same bar standing upright.
    #[must_use]
    pub fn upright(self) -> Self {
        Self { is_upright: true, ..self }
    }

    /// The same bar with this colour where it is not filled.
    #[must_use]
    pub fn background(self, background: impl Into<Color>) -> Self {
        Self { background: Some(background.into()), ..self }
    }

    color_setter!();
}
