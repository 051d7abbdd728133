use super::Painter;
use crate::drivers::problem::Problem;
use crate::drivers::tag::Tag;
use crate::raster::{Area, outline};
use crate::{BoundingBox, Rectangle};

impl Painter<'_> {
    pub(super) fn rectangle(&mut self, annotation: &Rectangle) -> Result<(), Problem> {
        let area = self.grid.area(&annotation.rect);
        let thickness = self.thickness(annotation.thickness)?;
        if let Some(fill) = annotation.fill {
            self.areas([area], fill);
        }
        self.areas(outline(area, thickness as i32), self.color(annotation.color));
        Ok(())
    }

    pub(super) fn bounding_box(&mut self, annotation: &BoundingBox) -> Result<(), Problem> {
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
}
