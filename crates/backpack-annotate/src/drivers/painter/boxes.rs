use super::Painter;
use crate::drivers::problem::Problem;
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
        let shape = annotation.shape.unwrap_or(self.style.box_shape);
        // The tags overlap a level line, so that the two are one piece, and stand clear of a round one.
        let overlap = if shape == BoxShape::Rounded { 0 } else { thickness as i32 };
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
            Some(text) => Some(self.tag(text, size, true)?.above(&outer, overlap, &frame)),
        };
        let bottom = match annotation.bottom_label.as_deref() {
            None | Some("") => None,
            Some(text) => {
                let other = top.as_ref().map(|tag| &tag.area);
                Some(self.tag(text, size, true)?.below(&outer, overlap, &frame, other))
            }
        };
        let nothing = Area::new(0, 0, 0, 0);
        let tags = [&top, &bottom].map(|tag| tag.as_ref().map_or(nothing, |tag| tag.area));
        match shape {
            BoxShape::Plain => {
                self.areas([outer], annotation.fill.unwrap_or(Color::TRANSPARENT));
                let [a, b, c, d] = outline(outer, thickness as i32);
                self.areas([a, b, c, d, tags[0], tags[1]], color);
            }
            BoxShape::Rounded => {
                self.rounded(outer, radius, thickness, color, annotation.fill);
                self.areas(tags, color);
            }
            BoxShape::Corners => {
                self.areas([outer], annotation.fill.unwrap_or(Color::TRANSPARENT));
                let [a, b, c, d, e, f, g, h] = corners(outer, thickness as i32);
                self.areas([a, b, c, d, e, f, g, h, tags[0], tags[1]], color);
            }
        }
        for tag in [top, bottom].iter().flatten() {
            self.text(tag, color.contrast(), Some(color));
        }
        Ok(())
    }
}
