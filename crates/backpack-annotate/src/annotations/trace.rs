use backpack_core::Point;

use super::setters::{color_setter, thickness_setter};
use crate::Color;

/// The tail of a track: where it has been, fading towards the past.
///
/// ```
/// use backpack_annotate::{Color, Trace};
///
/// let tail = Trace::new([(0.1, 0.8), (0.2, 0.7), (0.3, 0.65)]).color(Color::CYAN);
/// assert_eq!(tail.points.len(), 3);
/// assert!(tail.fades);
/// ```
#[doc(alias = "TraceAnnotator")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trace {
    /// The places, the oldest first; one alone is not drawn.
    pub points: Vec<Point>,
    /// Whether older parts are fainter; otherwise all of it is drawn alike.
    pub fades: bool,
    /// The colour.
    pub color: Option<Color>,
    /// The thickness, in frame heights.
    pub thickness: Option<f64>,
}

impl Trace {
    /// A fading tail through `points`, the oldest first.
    pub fn new<P: Into<Point>>(points: impl IntoIterator<Item = P>) -> Self {
        let points = points.into_iter().map(Into::into).collect();
        Self { points, fades: true, color: None, thickness: None }
    }

    /// The same tail without fading.
    #[must_use]
    pub fn solid(self) -> Self {
        Self { fades: false, ..self }
    }

    color_setter!();
    thickness_setter!();
}
