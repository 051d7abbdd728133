//! What is drawn for each annotation, shape by shape.

mod boxes;
mod curves;
mod lines;
mod marks;
mod regions;
mod text;

use backpack_core::Point;

use super::grid::Grid;
use super::problem::Problem;
use crate::raster::{Area, Fill, Mosaic, Place, Stroke as StrokeRaster, Surface, Union};
use crate::text::Typesetter;
use crate::{Annotation, Color, Font, Style};

/// What a painter works with and keeps from frame to frame.
#[derive(Default)]
pub(super) struct Tools {
    text: Typesetter,
    stroke: StrokeRaster,
    fill: Fill,
    union: Union,
    mosaic: Mosaic,
    /// The corners of a curve.
    corners: Vec<Place>,
}

impl Tools {
    pub fn with_fonts(fonts: impl IntoIterator<Item = Font>) -> Self {
        Self { text: Typesetter::new(fonts), ..Self::default() }
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
            Annotation::Circle(annotation) => self.circle(annotation),
            Annotation::Dot(annotation) => self.dot(annotation),
            Annotation::Ellipse(annotation) => self.ellipse(annotation),
            Annotation::Label(annotation) => self.label(annotation),
            Annotation::Marker(annotation) => self.marker(annotation),
            Annotation::Path(annotation) => self.path(annotation),
            Annotation::Rectangle(annotation) => self.rectangle(annotation),
            Annotation::Redaction(annotation) => self.redaction(annotation),
            Annotation::Stroke(annotation) => self.stroke(annotation),
            Annotation::Trace(annotation) => self.trace(annotation),
            Annotation::ValueBar(annotation) => self.value_bar(annotation),
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
            self.tools.stroke.draw(self.surface, segments.map(|(start, end)| (start, end, 1.0)), thickness);
        }
    }

    /// Fills the polygon of the collected corners.
    fn polygon(&mut self, fill: Color) {
        let Tools { corners, fill: raster, .. } = &mut *self.tools;
        self.surface.ink(fill);
        raster.draw(self.surface, sides(corners));
    }

    /// Draws the sides of the polygon of the collected corners.
    fn outline(&mut self, thickness: f64, color: Color) {
        if color.a > 0 {
            let Tools { corners, stroke, .. } = &mut *self.tools;
            self.surface.ink(color);
            stroke.draw(self.surface, sides(corners).map(|(start, end)| (start, end, 1.0)), thickness);
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

/// The sides of a polygon.
fn sides(corners: &[Place]) -> impl Iterator<Item = (Place, Place)> + '_ {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}
