use backpack_core::Point;

use super::setters::{color_setter, thickness_setter};
use crate::Color;

/// A small sign at a point.
///
/// ```
/// use backpack_annotate::{Annotation, Color, Marker, MarkerStyle};
///
/// let corner = Marker::new((0.5, 0.25), MarkerStyle::TiltedCross).size(0.04).color(Color::RED);
/// assert_eq!(corner.size, Some(0.04));
/// let scene = [Annotation::from(corner)];
/// # let _ = scene;
/// ```
#[doc(alias = "MarkerAnnotation")]
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Marker {
    /// The middle of the sign.
    pub position: Point,
    /// The sign.
    pub style: MarkerStyle,
    /// The width and height, in frame heights.
    pub size: Option<f64>,
    /// The colour.
    pub color: Option<Color>,
    /// The thickness of the lines, in frame heights.
    pub thickness: Option<f64>,
}

/// What a [`Marker`] looks like.
///
/// ```
/// use backpack_annotate::MarkerStyle;
///
/// assert_eq!(MarkerStyle::ALL.len(), 7);
/// assert_eq!(MarkerStyle::default(), MarkerStyle::Cross);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum MarkerStyle {
    /// An upright cross: +
    #[default]
    Cross,
    /// A slanted cross: ×
    TiltedCross,
    /// Both crosses: ✳
    Star,
    /// A square on its corner: ◇
    Diamond,
    /// A square: □
    Square,
    /// A triangle that points up: △
    TriangleUp,
    /// A triangle that points down: ▽
    TriangleDown,
}

impl MarkerStyle {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Cross,
        Self::TiltedCross,
        Self::Star,
        Self::Diamond,
        Self::Square,
        Self::TriangleUp,
        Self::TriangleDown,
    ];

    /// The corners, 1 from the middle, and whether they are joined to a closed line; if not, each two are a bar.
    pub(crate) fn corners(self) -> (&'static [(i8, i8)], bool) {
        match self {
            Self::Cross => (&[(-1, 0), (1, 0), (0, -1), (0, 1)], false),
            Self::TiltedCross => (&[(-1, -1), (1, 1), (-1, 1), (1, -1)], false),
            Self::Star => (&[(-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1), (-1, 1), (1, -1)], false),
            Self::Diamond => (&[(0, -1), (1, 0), (0, 1), (-1, 0)], true),
            Self::Square => (&[(-1, -1), (1, -1), (1, 1), (-1, 1)], true),
            Self::TriangleUp => (&[(0, -1), (1, 1), (-1, 1)], true),
            Self::TriangleDown => (&[(0, 1), (-1, -1), (1, -1)], true),
        }
    }
}

impl Marker {
    /// A sign at `position`.
    pub fn new(position: impl Into<Point>, style: MarkerStyle) -> Self {
        Self { position: position.into(), style, size: None, color: None, thickness: None }
    }

    /// The same sign this wide and high, in frame heights.
    #[must_use]
    pub fn size(self, size: f64) -> Self {
        Self { size: Some(size), ..self }
    }

    color_setter!();
    thickness_setter!();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_that_are_not_closed_are_made_of_bars() {
        for style in MarkerStyle::ALL {
            let (corners, is_closed) = style.corners();
            assert!(is_closed || corners.len().is_multiple_of(2), "{style:?}");
        }
    }
}
