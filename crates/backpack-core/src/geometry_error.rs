use std::error::Error;
use std::fmt;

use crate::Point;

/// Why a shape or a counter could not be made, or a place not be counted.
///
/// ```
/// use backpack_core::Rect;
///
/// let error = Rect::from_points((0.1, f64::NAN), (0.5, 0.5)).unwrap_err();
/// assert_eq!(error.to_string(), "rectangle corner (0.1, NaN): coordinates must be finite numbers");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum GeometryError {
    /// A coordinate is NaN or infinite.
    NotFinite {
        /// What the point was meant to be.
        what: &'static str,
        /// The point as given.
        point: Point,
    },
    /// A polyline has fewer points than its kind needs.
    TooFewPoints {
        /// How many points this kind of polyline needs.
        needed: usize,
        /// How many there were.
        got: usize,
    },
    /// A polygon is needed and the polyline is open.
    OpenPolyLine,
    /// A margin is negative, NaN or infinite.
    Margin {
        /// The margin as given.
        got: f64,
    },
}

impl fmt::Display for GeometryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFinite { what, point } => {
                write!(f, "{what} ({}, {}): coordinates must be finite numbers", point.x, point.y)
            }
            Self::TooFewPoints { needed, got } => {
                write!(f, "a polyline of {got} points: at least {needed} are needed")
            }
            Self::OpenPolyLine => write!(f, "an open polyline has no inside: a closed one is needed"),
            Self::Margin { got } => {
                write!(f, "a margin of {got}: it must be a finite number and not negative")
            }
        }
    }
}

impl Error for GeometryError {}
