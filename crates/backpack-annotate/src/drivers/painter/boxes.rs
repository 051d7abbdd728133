use super::Painter;
use crate::drivers::problem::Problem;
use crate::drivers::tag::Tag;
use crate::raster::{Area, corners, outline};
use crate::{BoundingBox, BoxShape, Color, Rectangle};

impl Painter<'_> {
    pub(super) fn rectangle(&mut self, annotation: &Rectangle) -> Result<(), Problem> {
        let area = self.grid.area(&annotation.rect);
        let thickness = self.thickness(annotation.thickness)?;
        let radius = self.grid.radius(annotation.radius)?;
        let color = self.color(annotation.color);
        if radius > 0.0 {
            self.rounded(area, radius, thickness, color, annotation.fill);
            return Ok(());
        }
        if let Some(fill) = annotation.fill {
            self.areas([area], fill);
        }
        self.areas(outline(area, thickness as i32), color);
        Ok(())
    }

    pub(super) fn bounding_box(&mut self, annotation: &BoundingBox) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let radius = self.grid.radius(self.style.corner_radius)?;
        let size = self.text_size(annotation.text_size)?;
        let shape = annotation.shape.unwrap_or(self.style.box_shape);
        let color = self.color(annotation.color);
        let outer = self.grid.area(&annotation.rect);
        if !outer.overlaps(&self.surface.area()) {
            return Ok(());
        }
        match shape {
            BoxShape::Rounded => self.rounded(outer, radius, thickness, color, annotation.fill),
            BoxShape::Plain | BoxShape::Corners => {
                self.areas([outer], annotation.fill.unwrap_or(Color::TRANSPARENT));
            }
        }
        if color.a == 0 {
            return Ok(());
        }
        let thickness = thickness as i32;
        // The tags overlap a level line, so that the two are one piece, and stand clear of a round one.
        let overlap = if shape == BoxShape::Rounded { 0 } else { thickness };
        let tags = self.tags(annotation, size, &outer, overlap)?;
        let nothing = Area::new(0, 0, 0, 0);
        let [top, bottom] = tags.each_ref().map(|tag| tag.as_ref().map_or(nothing, |tag| tag.area));
        match shape {
            BoxShape::Plain => {
                let [a, b, c, d] = outline(outer, thickness);
                self.areas([a, b, c, d, top, bottom], color);
            }
            BoxShape::Rounded => self.areas([top, bottom], color),
            BoxShape::Corners => {
                let [a, b, c, d, e, f, g, h] = corners(outer, thickness);
                self.areas([a, b, c, d, e, f, g, h, top, bottom], color);
            }
        }
        for tag in tags.iter().flatten() {
            self.text(tag, color.contrast(), Some(color));
        }
        Ok(())
    }

    /// The tags above and below a box, where there is room for them; they overlap it by so many pixels.
    fn tags(
        &mut self,
        annotation: &BoundingBox,
        size: u32,
        outer: &Area,
        overlap: i32,
    ) -> Result<[Option<Tag>; 2], Problem> {
        let frame = self.surface.area();
        self.tools.text.clear();
        let top = match annotation.top_label.as_deref() {
            None | Some("") => None,
            Some(text) => Some(self.tag(text, size, true)?.above(outer, overlap, &frame)),
        };
        let bottom = match annotation.bottom_label.as_deref() {
            None | Some("") => None,
            Some(text) => {
                let other = top.as_ref().map(|tag| &tag.area);
                Some(self.tag(text, size, true)?.below(outer, overlap, &frame, other))
            }
        };
        Ok([top, bottom])
    }
}
