use crate::{BoundingBox, Label, Path, Rectangle, Stroke};

/// Something to draw on a picture.
///
/// Places are in the normalised coordinates of [`backpack_core`], sizes in frame heights. What is not set comes from the driver's
/// [`Style`](crate::Style).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Annotation {
    /// An object's box with labels.
    BoundingBox(BoundingBox),
    /// A text.
    Label(Label),
    /// A polyline or polygon.
    Path(Path),
    /// An upright rectangle.
    Rectangle(Rectangle),
    /// A straight line.
    Stroke(Stroke),
}

impl Annotation {
    /// What this is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::BoundingBox(_) => "bounding box",
            Self::Label(_) => "label",
            Self::Path(_) => "path",
            Self::Rectangle(_) => "rectangle",
            Self::Stroke(_) => "stroke",
        }
    }
}

impl From<BoundingBox> for Annotation {
    fn from(bounding_box: BoundingBox) -> Self {
        Self::BoundingBox(bounding_box)
    }
}

impl From<Label> for Annotation {
    fn from(label: Label) -> Self {
        Self::Label(label)
    }
}

impl From<Path> for Annotation {
    fn from(path: Path) -> Self {
        Self::Path(path)
    }
}

impl From<Rectangle> for Annotation {
    fn from(rectangle: Rectangle) -> Self {
        Self::Rectangle(rectangle)
    }
}

impl From<Stroke> for Annotation {
    fn from(stroke: Stroke) -> Self {
        Self::Stroke(stroke)
    }
}
