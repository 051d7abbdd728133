use std::f64::consts::{FRAC_PI_2, TAU};

use super::{Painter, finite};
use crate::drivers::problem::Problem;
use crate::raster::{Area, Place};
use crate::{Circle, Color, Dot, Ellipse};

/// A curve is drawn with so many corners at most; then they are too far apart to be seen only where the curve is larger than any frame.
const MAX_CORNERS: f64 = 256.0;

impl Painter<'_> {
    pub(super) fn circle(&mut self, annotation: &Circle) -> Result<(), Problem> {
        let center = self.grid.place(finite("center", annotation.center)?);
        let radius = self.grid.radius(annotation.radius)?;
        let (thickness, color) = (self.thickness(annotation.thickness)?, self.color(annotation.color));
        self.oval(center, (radius, radius), thickness, color, annotation.fill);
        Ok(())
    }

    pub(super) fn dot(&mut self, annotation: &Dot) -> Result<(), Problem> {
        let center = self.grid.place(finite("center", annotation.center)?);
        let radius = self.grid.radius(annotation.radius.unwrap_or(self.style.dot_radius))?.max(0.5);
        let color = self.color(annotation.color);
        self.oval(center, (radius, radius), 1.0, Color::TRANSPARENT, Some(color));
        Ok(())
    }

    pub(super) fn ellipse(&mut self, annotation: &Ellipse) -> Result<(), Problem> {
        let area = self.grid.area(&annotation.rect);
        let (thickness, color) = (self.thickness(annotation.thickness)?, self.color(annotation.color));
        let radius = |length: i32| f64::from(length) / 2.0;
        let center = (f64::from(area.left + area.right) / 2.0, f64::from(area.top + area.bottom) / 2.0);
        self.oval(center, (radius(area.width()), radius(area.height())), thickness, color, annotation.fill);
        Ok(())
    }

    fn oval(&mut self, center: Place, radii: (f64, f64), thickness: f64, color: Color, fill: Option<Color>) {
        let thickness = thickness.min(2.0 * radii.0.min(radii.1)).max(1.0);
        self.curve(thickness, color, fill, |painter, inset| {
            let radii = ((radii.0 - inset).max(0.0), (radii.1 - inset).max(0.0));
            painter.arc(center, radii, 0.0, TAU);
        });
    }

    /// Draws a rectangle with round corners, its line on the inside.
    pub(super) fn rounded(
        &mut self,
        area: Area,
        radius: f64,
        thickness: f64,
        color: Color,
        fill: Option<Color>,
    ) {
        let thickness = thickness.min(f64::from(area.width().min(area.height())));
        self.curve(thickness, color, fill, |painter, inset| painter.round_corners(&area, radius, inset));
    }

    /// Draws what lies within a curve, then the curve; `corners` collects its corners so many pixels further inside.
    fn curve(&mut self, thickness: f64, color: Color, fill: Option<Color>, corners: impl Fn(&mut Self, f64)) {
        if let Some(fill) = fill.filter(|fill| fill.a > 0) {
            self.tools.corners.clear();
            // Under an opaque line it ends in the middle of that, or it would shine through the line's smooth border.
            corners(self, if color.a == 255 { thickness / 2.0 } else { 0.0 });
            self.polygon(fill);
        }
        self.tools.corners.clear();
        corners(self, thickness / 2.0);
        self.outline(thickness, color);
    }

    fn round_corners(&mut self, area: &Area, radius: f64, inset: f64) {
        let (left, right) = (f64::from(area.left) + inset, f64::from(area.right) - inset);
        let (top, bottom) = (f64::from(area.top) + inset, f64::from(area.bottom) - inset);
        let most = ((right - left).min(bottom - top) / 2.0).max(0.0);
        let radius = (radius - inset).clamp(0.0, most);
        let (inner_left, inner_right) = (left + radius, (right - radius).max(left + radius));
        let (inner_top, inner_bottom) = (top + radius, (bottom - radius).max(top + radius));
        let centers = [
            (inner_right, inner_bottom),
            (inner_left, inner_bottom),
            (inner_left, inner_top),
            (inner_right, inner_top),
        ];
        for (quarter, center) in (0..4u8).zip(centers) {
            self.arc(center, (radius, radius), f64::from(quarter) * FRAC_PI_2, FRAC_PI_2);
        }
    }

    /// Adds corners on an arc, clockwise as seen on the screen; of a full turn not the last one, which is the first.
    fn arc(&mut self, (x, y): Place, radii: (f64, f64), start: f64, turn: f64) {
        // A chord is a twentieth of a pixel away from its arc if it spans this angle.
        let angle = (0.4 / radii.0.max(radii.1).max(0.4)).sqrt();
        let count = (turn / angle).ceil().clamp(2.0, MAX_CORNERS);
        let last = if turn < TAU { count as u32 } else { count as u32 - 1 };
        self.tools.corners.extend((0..=last).map(|corner| {
            let (sin, cos) = (start + turn * f64::from(corner) / count).sin_cos();
            (x + radii.0 * cos, y + radii.1 * sin)
        }));
    }
}
