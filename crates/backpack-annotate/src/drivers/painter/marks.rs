use super::{Painter, finite};
use crate::drivers::problem::Problem;
use crate::raster::Area;
use crate::{Marker, Trace, ValueBar};

impl Painter<'_> {
    pub(super) fn marker(&mut self, annotation: &Marker) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let center = self.grid.line_place(finite("position", annotation.position)?, thickness);
        let size = self.grid.radius(annotation.size.unwrap_or(self.style.marker_size))?;
        let half = (size / 2.0).round().max(1.0);
        let (corners, is_closed) = annotation.style.corners();
        let place = |(x, y): (i8, i8)| (center.0 + half * f64::from(x), center.1 + half * f64::from(y));
        let color = self.color(annotation.color);
        let pairs = corners.iter().zip(corners.iter().cycle().skip(1));
        // Crosses are made of bars, two corners each; what is closed goes from corner to corner.
        let step = if is_closed { 1 } else { 2 };
        let segments = pairs.step_by(step).map(|(&from, &to)| (place(from), place(to)));
        self.segments(segments, thickness, color);
        Ok(())
    }

    pub(super) fn trace(&mut self, annotation: &Trace) -> Result<(), Problem> {
        let thickness = self.thickness(annotation.thickness)?;
        let color = self.color(annotation.color);
        for &point in &annotation.points {
            finite("point", point)?;
        }
        if color.a == 0 {
            return Ok(());
        }
        let (grid, pairs) = (self.grid, annotation.points.windows(2));
        let count = pairs.len() as f32;
        let segments = pairs.enumerate().map(|(index, pair)| {
            let opacity = if annotation.fades { (index + 1) as f32 / count } else { 1.0 };
            (grid.place(pair[0]), grid.place(pair[1]), opacity)
        });
        self.surface.ink(color);
        self.tools.stroke.draw(self.surface, segments, thickness);
        Ok(())
    }

    pub(super) fn value_bar(&mut self, annotation: &ValueBar) -> Result<(), Problem> {
        let value = annotation.value;
        if !value.is_finite() {
            return Err(Problem::Size { what: "value", value });
        }
        let area = self.grid.area(&annotation.rect);
        let part = |length: i32| (f64::from(length) * value.clamp(0.0, 1.0)).round() as i32;
        let (filled, empty) = if annotation.is_upright {
            let level = area.bottom - part(area.height());
            (Area { top: level, ..area }, Area { bottom: level, ..area })
        } else {
            let level = area.left + part(area.width());
            (Area { right: level, ..area }, Area { left: level, ..area })
        };
        self.areas([empty], annotation.background.unwrap_or(ValueBar::EMPTY));
        self.areas([filled], self.color(annotation.color));
        Ok(())
    }
}
