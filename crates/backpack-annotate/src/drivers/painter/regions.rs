use super::Painter;
use crate::drivers::problem::Problem;
use crate::raster::Look;
use crate::{Redaction, RedactionMethod};

/// How many cells there are along the longer side unless the annotation says it.
const CELLS: u32 = 6;

/// More show too much.
const MAX_CELLS: u32 = 64;

impl Painter<'_> {
    pub(super) fn redaction(&mut self, annotation: &Redaction) -> Result<(), Problem> {
        let whole = self.grid.touched(&annotation.rect);
        let frame = self.surface.area();
        let look = match annotation.method {
            RedactionMethod::Cover(color) => {
                self.areas([whole], color);
                return Ok(());
            }
            RedactionMethod::Blur => Look::Smooth,
            RedactionMethod::Pixelate => Look::Squares,
        };
        let visible = whole.intersection(&frame);
        if visible.is_empty() {
            return Ok(());
        }
        // In whole samples of chroma, so that it looks the same in every format.
        let area = visible.evened().intersection(&frame);
        // A cell is as large as it would be if all of the part were in the frame: a face at the border is not shown in smaller ones.
        let cells = f64::from(annotation.cells.unwrap_or(CELLS).clamp(1, MAX_CELLS));
        let side = f64::from(whole.width().max(whole.height())) / cells;
        let count = |length: i32| (f64::from(length) / side).round().max(1.0) as usize;
        let cells = (count(area.width()), count(area.height()));
        self.surface.mosaic(&mut self.tools.mosaic, area, cells, look);
        Ok(())
    }
}
