use backpack_core::Line;

use super::{Painter, finite};
use crate::drivers::problem::Problem;
use crate::{Path, Stroke};

impl Painter<'_> {
    pub(super) fn stroke(&mut self, annotation: &Stroke) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let start = finite("start", annotation.start)?;
        let end = finite("end", annotation.end)?;
        let place = |point| self.grid.line_place(point, thickness);
        let segment = (place(start), place(end));
        self.segments([segment].into_iter(), thickness, self.color(annotation.color));
        Ok(())
    }

    pub(super) fn path(&mut self, annotation: &Path) -> Result<(), Problem> {
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
}
