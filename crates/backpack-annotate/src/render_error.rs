use backpack_core::{GeometryError, PixelFormat, Point};

/// Why a scene could not be drawn completely.
///
/// An annotation is named by its index in the scene and its kind.
///
/// ```
/// use backpack_annotate::{Annotation, Driver, FrameDriver, Label};
/// use backpack_core::{Frame, PixelFormat};
///
/// let scene: [Annotation; 2] = [Label::new((0.5, f64::NAN), "lost").into(), Label::new((0.5, 0.5), "shown").into()];
/// let mut frame = Frame::black(320, 240, PixelFormat::Rgb8)?;
/// let error = FrameDriver::new().render(&scene, &mut frame).unwrap_err();
/// assert_eq!(error.to_string(), "annotation 0 (label): position (0.5, NaN): coordinates must be finite numbers");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// A shape cannot be made of the annotation's coordinates.
    #[error("annotation {index} ({kind}): {error}")]
    Geometry {
        /// Which annotation of the scene, from 0.
        index: usize,
        /// What it is.
        kind: &'static str,
        /// Why not.
        error: GeometryError,
    },
    /// The target has no pixels that could be changed: what should be hidden is seen.
    #[error("annotation {index} (redaction): this target cannot hide a part of its picture")]
    NotRedacted {
        /// Which annotation of the scene, from 0.
        index: usize,
    },
    /// The driver does not know the frame's format.
    #[error("frames of format {0} cannot be drawn on")]
    Format(PixelFormat),
}
