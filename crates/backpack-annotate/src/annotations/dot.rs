use backpack_core::Point;

use super::setters::color_setter;
use crate::Color;

/// A filled circle that marks a point, such as where a person stands.
///
/// ```
/// use backpack_annotate::{Color, Dot};
/// use backpack_core::Rect;
///
/// let person = Rect::from_tlbr(0.2, 0.4, 0.8, 0.5)?;
/// let feet = Dot::new(person.base()).color(Color::LIME);
/// assert_eq!(feet.center.y, 0.8);
/// # Ok::<(), backpack_core::GeometryError>(())
/// ```
#[doc(alias = "DotAnnotator")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Dot {
    /// The centre.
    pub center: Point,
    /// The radius, in frame heights.
    pub radius: Option<f64>,
    /// The colour.
    pub color: Option<Color>,
}

impl Dot {
    /// A dot at `center`.
    pub fn new(center: impl Into<Point>) -> Self {
        Self { center: center.into(), radius: None, color: None }
    }

    /// The same dot with this radius, in frame heights.
    #[must_use]
    pub fn radius(self, radius: f64) -> Self {
        Self { radius: Some(radius), ..self }
    }

    color_setter!();
}
