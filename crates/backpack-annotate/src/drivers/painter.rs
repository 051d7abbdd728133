//! What is drawn for each annotation, shape by shape.

mod boxes;
mod lines;
mod text;

use backpack_core::Point;

use super::grid::Grid;
use super::problem::Problem;
use crate::raster::{Area, Fill, Place, Stroke as StrokeRaster, Surface, Union};
use crate::text::Typesetter;
use crate::{Annotation, Color, FontError, Style};

/// What a painter works with and keeps from frame to frame.
pub(super) struct Tools {
    text: Typesetter,
    stroke: StrokeRaster,
    fill: Fill,
    union: Union,
}

impl Tools {
    pub fn with_font(font: Vec<u8>) -> Result<Self, FontError> {
        Ok(Self { text: Typesetter::with_font(font)?, ..Self::default() })
    }
}

impl Default for Tools {
    fn default() -> Self {
        Self {
            text: Typesetter::new(),
            stroke: StrokeRaster::default(),
            fill: Fill::default(),
            union: Union::default(),
        }
    }
}

/// Draws annotations on one frame.
pub(super) struct Painter<'a> {
    pub surface: &'a mut dyn Surface,
    pub grid: Grid,
    pub style: &'a Style,
    pub tools: &'a mut Tools,
}

impl Painter<'_> {
    pub fn draw(&mut self, annotation: &Annotation) -> Result<(), Problem> {
        match annotation {
            Annotation::BoundingBox(annotation) => self.bounding_box(annotation),
            Annotation::Label(annotation) => self.label(annotation),
            Annotation::Path(annotation) => self.path(annotation),
            Annotation::Rectangle(annotation) => self.rectangle(annotation),
            Annotation::Stroke(annotation) => self.stroke(annotation),
        }
    }

    /// Covers areas that may overlap each other, as far as they lie in the frame.
    fn areas<const N: usize>(&mut self, areas: [Area; N], color: Color) {
        if color.a > 0 {
            self.surface.ink(color);
            self.tools.union.draw(self.surface, areas);
        }
    }

    fn segments(&mut self, segments: impl Iterator<Item = (Place, Place)>, thickness: f64, color: Color) {
        if color.a > 0 {
            self.surface.ink(color);
            self.tools.stroke.draw(self.surface, segments, thickness);
        }
    }

    fn color(&self, color: Option<Color>) -> Color {
        color.unwrap_or(self.style.color)
    }

    fn thickness(&self, thickness: Option<f64>) -> Result<f64, Problem> {
        self.grid.thickness(thickness.unwrap_or(self.style.thickness))
    }
}

fn finite(what: &'static str, point: Point) -> Result<Point, Problem> {
    if point.is_finite() { Ok(point) } else { Err(Problem::NotFinite { what, point }) }
}
