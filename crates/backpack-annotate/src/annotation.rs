use crate::{
    BoundingBox, Circle, Dot, Ellipse, Label, Marker, Path, Rectangle, Redaction, Stroke, Trace, ValueBar,
};

/// Something to draw on a picture.
///
/// Places are in the normalised coordinates of [`backpack_core`], sizes in frame heights. What is not set comes from the driver's
/// [`Style`](crate::Style). All are plain data; the drivers decide how to show them.
///
/// ```
/// use backpack_annotate::{Annotation, Dot, Driver, FrameDriver, Label};
/// use backpack_core::{Frame, PixelFormat};
///
/// let scene: [Annotation; 2] = [Dot::new((0.5, 0.5)).into(), Label::new((0.52, 0.5), "here").into()];
/// let mut frame = Frame::black(320, 240, PixelFormat::Nv12)?;
/// FrameDriver::new().render(&scene, &mut frame)?;
/// assert_eq!(frame.view().plane(0).row(120)[160], 235);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Annotation {
    /// An object's box with labels.
    BoundingBox(BoundingBox),
    /// A circle.
    Circle(Circle),
    /// A filled circle at a point.
    Dot(Dot),
    /// An ellipse.
    Ellipse(Ellipse),
    /// A text.
    Label(Label),
    /// A small sign at a point.
    Marker(Marker),
    /// A polyline or polygon.
    Path(Path),
    /// An upright rectangle.
    Rectangle(Rectangle),
    /// A part of the picture made unrecognisable.
    Redaction(Redaction),
    /// A straight line.
    Stroke(Stroke),
    /// The tail of a track.
    Trace(Trace),
    /// A bar filled by a value.
    ValueBar(ValueBar),
}

impl Annotation {
    /// What this is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::BoundingBox(_) => "bounding box",
            Self::Circle(_) => "circle",
            Self::Dot(_) => "dot",
            Self::Ellipse(_) => "ellipse",
            Self::Label(_) => "label",
            Self::Marker(_) => "marker",
            Self::Path(_) => "path",
            Self::Rectangle(_) => "rectangle",
            Self::Redaction(_) => "redaction",
            Self::Stroke(_) => "stroke",
            Self::Trace(_) => "trace",
            Self::ValueBar(_) => "value bar",
        }
    }
}

/// Each kind of annotation becomes one.
macro_rules! from_kinds {
    ($($kind:ident),*) => {
        $(impl From<$kind> for Annotation {
            fn from(annotation: $kind) -> Self {
                Self::$kind(annotation)
            }
        })*
    };
}

from_kinds!(
    BoundingBox,
    Circle,
    Dot,
    Ellipse,
    Label,
    Marker,
    Path,
    Rectangle,
    Redaction,
    Stroke,
    Trace,
    ValueBar
);
