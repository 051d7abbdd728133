use backpack_core::{Line, Point};

use super::grid::Grid;
use super::problem::Problem;
use super::tag::Tag;
use crate::raster::{Area, Fill, Place, Stroke as StrokeRaster, Surface, Union, outline};
use crate::text::Typesetter;
use crate::{
    Annotation, BoundingBox, Color, FontError, HorizontalAnchor, Label, Path, Rectangle, Stroke, Style,
    VerticalAnchor,
};

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

    fn rectangle(&mut self, annotation: &Rectangle) -> Result<(), Problem> {
        let area = self.grid.area(&annotation.rect);
        let thickness = self.thickness(annotation.thickness)?;
        if let Some(fill) = annotation.fill {
            self.areas([area], fill);
        }
        self.areas(outline(area, thickness as i32), self.color(annotation.color));
        Ok(())
    }

    fn stroke(&mut self, annotation: &Stroke) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let start = finite("start", annotation.start)?;
        let end = finite("end", annotation.end)?;
        let place = |point| self.grid.line_place(point, thickness);
        let segment = (place(start), place(end));
        self.segments([segment].into_iter(), thickness, self.color(annotation.color));
        Ok(())
    }

    fn path(&mut self, annotation: &Path) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let color = self.color(annotation.color);
        let grid = self.grid;
        let polyline = &annotation.polyline;
        let place = |point| match color.a {
            0 => grid.place(point),
            _ => grid.line_place(point, thickness),
        };
        let segments = || polyline.segments().map(|line: Line| (place(line.start()), place(line.end())));
        if let Some(fill) = annotation.fill.filter(|fill| fill.a > 0 && polyline.is_closed()) {
            self.surface.ink(fill);
            self.tools.fill.draw(self.surface, segments());
        }
        self.segments(segments(), thickness, color);
        Ok(())
    }

    fn label(&mut self, annotation: &Label) -> Result<(), Problem> {
        let (x, y) = self.grid.place(finite("position", annotation.position)?);
        let size = self.text_size(annotation.size)?;
        let padded = annotation.background.is_some();
        self.tools.text.clear();
        let tag = self.tag(&annotation.text, size, padded)?;
        // Farther out it stands at the border all the same.
        let (x, y) = (x.round().clamp(-1e6, 1e6) as i32, y.round().clamp(-1e6, 1e6) as i32);
        let left = match annotation.horizontal_anchor {
            HorizontalAnchor::Left => x,
            HorizontalAnchor::Center => x - tag.area.width() / 2,
            HorizontalAnchor::Right => x - tag.area.width(),
        };
        let top = match annotation.vertical_anchor {
            VerticalAnchor::Top => y,
            VerticalAnchor::Center => y - tag.area.height() / 2,
            VerticalAnchor::Baseline => y - tag.baseline(),
            VerticalAnchor::Bottom => y - tag.area.height(),
        };
        let tag = tag.at(left, top, &self.surface.area());
        if let Some(background) = annotation.background {
            self.areas([tag.area], background);
        }
        let color = annotation.color.or(annotation.background.map(Color::contrast));
        self.text(&tag, self.color(color), annotation.background);
        Ok(())
    }

    fn bounding_box(&mut self, annotation: &BoundingBox) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)? as i32;
        let size = self.text_size(annotation.text_size)?;
        let color = self.color(annotation.color);
        let frame = self.surface.area();
        let outer = self.grid.area(&annotation.rect);
        if color.a == 0 || !outer.overlaps(&frame) {
            return Ok(());
        }
        self.tools.text.clear();
        let top = match annotation.top_label.as_deref() {
            None | Some("") => None,
            Some(text) => Some(self.tag(text, size, true)?.above(&outer, thickness, &frame)),
        };
        let bottom = match annotation.bottom_label.as_deref() {
            None | Some("") => None,
            Some(text) => {
                let other = top.as_ref().map(|tag| &tag.area);
                Some(self.tag(text, size, true)?.below(&outer, thickness, &frame, other))
            }
        };
        let [a, b, c, d] = outline(outer, thickness);
        let nothing = Area::new(0, 0, 0, 0);
        let tag_area = |tag: &Option<Tag>| tag.as_ref().map_or(nothing, |tag| tag.area);
        self.areas([a, b, c, d, tag_area(&top), tag_area(&bottom)], color);
        for tag in [top, bottom].iter().flatten() {
            self.text(tag, color.contrast(), Some(color));
        }
        Ok(())
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

    /// Sets a text; the tag is at the origin.
    fn tag(&mut self, text: &str, size: u32, padded: bool) -> Result<Tag, Problem> {
        let padding = self.grid.padding(self.style.padding, size)?;
        let line = self.tools.text.set(text, size, self.surface.area().right);
        Ok(if padded { Tag::new(line, padding, padding / 3) } else { Tag::new(line, 0, 0) })
    }

    /// Draws a tag's text; it does not leave the tag's background if there is one.
    fn text(&mut self, tag: &Tag, color: Color, background: Option<Color>) {
        let frame = self.surface.area();
        let clip = background.map_or(frame, |_| tag.area.intersection(&frame));
        match background {
            _ if color.a == 0 => return,
            Some(background) if background.a == 255 => self.surface.ink_on(color, background),
            _ => self.surface.ink(color),
        }
        self.tools.text.draw(&tag.line, tag.area.left + tag.across, tag.baseline(), &clip, self.surface);
    }

    fn color(&self, color: Option<Color>) -> Color {
        color.unwrap_or(self.style.color)
    }

    fn thickness(&self, thickness: Option<f64>) -> Result<f64, Problem> {
        self.grid.thickness(thickness.unwrap_or(self.style.thickness))
    }

    fn text_size(&self, size: Option<f64>) -> Result<u32, Problem> {
        self.grid.text_size(size.unwrap_or(self.style.text_size))
    }
}

fn finite(what: &'static str, point: Point) -> Result<Point, Problem> {
    if point.is_finite() { Ok(point) } else { Err(Problem::NotFinite { what, point }) }
}
