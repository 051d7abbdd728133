use std::error::Error;
use std::fmt;

use crate::Point;

/// Why a shape could not be made.
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
        }
    }
}

impl Error for GeometryError {}
