use backpack_core::{GeometryError, Point};

use crate::{Annotation, RenderError};

/// Why an annotation cannot be drawn; a [`RenderError`] that does not know yet which annotation it is about.
#[derive(Debug)]
pub(super) enum Problem {
    NotFinite { what: &'static str, point: Point },
    Size { what: &'static str, value: f64 },
    Geometry(GeometryError),
    NotRedacted,
}

impl Problem {
    pub fn of(self, annotation: &Annotation, index: usize) -> RenderError {
        let kind = annotation.kind();
        match self {
            Self::NotFinite { what, point } => RenderError::NotFinite { index, kind, what, point },
            Self::Size { what, value } => RenderError::Size { index, kind, what, value },
            Self::Geometry(error) => RenderError::Geometry { index, kind, error },
            Self::NotRedacted => RenderError::NotRedacted { index },
        }
    }
}

impl From<GeometryError> for Problem {
    fn from(error: GeometryError) -> Self {
        Self::Geometry(error)
    }
}
