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
        let radius = (radius - inset(thickness, color)).max(0.0);
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
        let inset = inset(thickness, color);
        let radius = |length: i32| (f64::from(length) / 2.0 - inset).max(0.0);
        let center = (f64::from(area.left + area.right) / 2.0, f64::from(area.top + area.bottom) / 2.0);
        self.oval(center, (radius(area.width()), radius(area.height())), thickness, color, annotation.fill);
        Ok(())
    }

    fn oval(&mut self, center: Place, radii: (f64, f64), thickness: f64, color: Color, fill: Option<Color>) {
        self.tools.corners.clear();
        self.arc(center, radii, 0.0, TAU);
        self.polygon(thickness, color, fill);
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
        let inset = inset(thickness, color);
        let (left, right) = (f64::from(area.left) + inset, f64::from(area.right) - inset);
        let (top, bottom) = (f64::from(area.top) + inset, f64::from(area.bottom) - inset);
        let most = ((right - left).min(bottom - top) / 2.0).max(0.0);
        let radius = (radius - inset).clamp(0.0, most);
        let (inner_left, inner_right) = (left + radius, (right - radius).max(left + radius));
        let (inner_top, inner_bottom) = (top + radius, (bottom - radius).max(top + radius));
        self.tools.corners.clear();
        let centers = [
            (inner_right, inner_bottom),
            (inner_left, inner_bottom),
            (inner_left, inner_top),
            (inner_right, inner_top),
        ];
        for (quarter, center) in (0..4u8).zip(centers) {
            self.arc(center, (radius, radius), f64::from(quarter) * FRAC_PI_2, FRAC_PI_2);
        }
        self.polygon(thickness, color, fill);
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

/// How far the middle of a line lies inside of the shape, if there is a line.
fn inset(thickness: f64, color: Color) -> f64 {
    if color.a > 0 { thickness / 2.0 } else { 0.0 }
}
