use backpack_core::{PixelFormat, Point};

/// Why a scene could not be drawn completely.
///
/// An annotation is named by its index in the scene and its kind.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// A coordinate is NaN or infinite.
    #[error("annotation {index} ({kind}): {what} ({}, {}): coordinates must be finite numbers", point.x, point.y)]
    NotFinite {
        /// Which annotation of the scene, from 0.
        index: usize,
        /// What it is.
        kind: &'static str,
        /// Which of its points.
        what: &'static str,
        /// The point as given.
        point: Point,
    },
    /// A size is NaN, infinite or negative; it may come from the annotation or from the driver's style.
    #[error("annotation {index} ({kind}): a {what} of {value}: it must be a finite number and not negative")]
    Size {
        /// Which annotation of the scene, from 0.
        index: usize,
        /// What it is.
        kind: &'static str,
        /// Which size.
        what: &'static str,
        /// The size as given.
        value: f64,
    },
    /// The driver does not know the frame's format.
    #[error("frames of format {0} cannot be drawn on")]
    Format(PixelFormat),
}
