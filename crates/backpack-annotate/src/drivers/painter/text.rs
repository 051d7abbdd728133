use super::{Painter, finite};
use crate::drivers::problem::Problem;
use crate::drivers::tag::Tag;
use crate::raster::Area;
use crate::{Color, HorizontalAnchor, Label, VerticalAnchor};

impl Painter<'_> {
    pub(super) fn label(&mut self, annotation: &Label) -> Result<(), Problem> {
        let (x, y) = self.grid.place(finite("position", annotation.position)?);
        let size = self.text_size(annotation.size)?;
        let background = annotation.background.or(self.style.label_background);
        let padded = background.is_some();
        self.tools.text.clear();
        let tag = self.aligned_tag(&annotation.text, size, padded, annotation.horizontal_anchor)?;
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
        if let Some(background) = background {
            self.areas([tag.area], background);
        }
        let color = annotation.color.or(background.map(Color::contrast));
        self.text(&tag, self.color(color), background);
        Ok(())
    }

    /// Sets a text whose lines begin below each other; the tag is at the origin.
    pub(super) fn tag(&mut self, text: &str, size: u32, padded: bool) -> Result<Tag, Problem> {
        self.aligned_tag(text, size, padded, HorizontalAnchor::Left)
    }

    fn aligned_tag(
        &mut self,
        text: &str,
        size: u32,
        padded: bool,
        align: HorizontalAnchor,
    ) -> Result<Tag, Problem> {
        let padding = self.grid.padding(self.style.padding, size)?;
        let (across, down) = if padded { (padding, padding / 3) } else { (0, 0) };
        let frame = self.surface.area();
        let room = Area { right: (frame.right - across).max(0), ..frame };
        Ok(Tag::new(self.tools.text.set(text, size, align, &room), across, down))
    }

    /// Draws a tag's text; it does not leave the tag's background if there is one.
    pub(super) fn text(&mut self, tag: &Tag, color: Color, background: Option<Color>) {
        let frame = self.surface.area();
        let clip = background.map_or(frame, |_| tag.area.intersection(&frame));
        match background {
            _ if color.a == 0 => return,
            Some(background) if background.a == 255 => self.surface.ink_on(color, background),
            _ => self.surface.ink(color),
        }
        self.tools.text.draw(&tag.block, tag.area.left + tag.across, tag.baseline(), &clip, self.surface);
    }

    pub(super) fn text_size(&self, size: Option<f64>) -> Result<u32, Problem> {
        self.grid.text_size(size.unwrap_or(self.style.text_size))
    }
}
