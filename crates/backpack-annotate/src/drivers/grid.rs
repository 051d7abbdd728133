use backpack_core::{Point, Rect};

use super::problem::Problem;
use crate::raster::{Area, Place};

/// Coordinates farther away, in frames, are taken as this far: a double is still exact to a hundredth of a pixel there.
const FARTHEST: f64 = 1e6;

/// The height of text in pixels: below, nobody can read it; above, the letters take too much memory.
const TEXT: (f64, f64) = (8.0, 512.0);

/// From normalised coordinates to the pixels of a frame.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    width: f64,
    height: f64,
}

impl Grid {
    pub fn new(width: u32, height: u32) -> Self {
        Self { width: width.into(), height: height.into() }
    }

    /// A finite point's place.
    pub fn place(&self, point: Point) -> Place {
        (pixels(point.x, self.width), pixels(point.y, self.height))
    }

    /// A finite point's place for the middle of a line, such that level and upright lines have sharp borders.
    ///
    /// A line an odd number of pixels thick runs through the middle of pixels, an even one between them.
    pub fn line_place(&self, point: Point, thickness: f64) -> Place {
        let (x, y) = self.place(point);
        if thickness % 2.0 == 1.0 {
            (pixel_of(x, self.width) + 0.5, pixel_of(y, self.height) + 0.5)
        } else {
            (x.round(), y.round())
        }
    }

    /// The pixels of a rectangle, of which some may be outside the frame; at least one.
    pub fn area(&self, rect: &Rect) -> Area {
        let (left, right) = pixel_range(rect.min().x, rect.max().x, self.width);
        let (top, bottom) = pixel_range(rect.min().y, rect.max().y, self.height);
        Area { left, top, right, bottom }
    }

    /// The pixels that a rectangle touches at all; at least one.
    pub fn touched(&self, rect: &Rect) -> Area {
        let (left, right) = touched_range(rect.min().x, rect.max().x, self.width);
        let (top, bottom) = touched_range(rect.min().y, rect.max().y, self.height);
        Area { left, top, right, bottom }
    }

    /// A radius in pixels.
    pub fn radius(&self, radius: f64) -> Result<f64, Problem> {
        Ok(self.size("radius", radius)?.min(FARTHEST))
    }

    /// A thickness in whole pixels.
    pub fn thickness(&self, thickness: f64) -> Result<f64, Problem> {
        Ok((self.size("thickness", thickness)?).round().clamp(1.0, self.height))
    }

    /// A text size in whole pixels.
    pub fn text_size(&self, size: f64) -> Result<u32, Problem> {
        Ok(self.size("text size", size)?.round().clamp(TEXT.0, TEXT.1) as u32)
    }

    /// The space around text of this size in whole pixels; `padding` is in text sizes.
    pub fn padding(&self, padding: f64, text_size: u32) -> Result<i32, Problem> {
        let pixels = checked("padding", padding)? * f64::from(text_size);
        Ok(pixels.round().min(self.height) as i32)
    }

    /// A size in pixels.
    fn size(&self, what: &'static str, value: f64) -> Result<f64, Problem> {
        Ok(checked(what, value)? * self.height)
    }
}

fn checked(what: &'static str, value: f64) -> Result<f64, Problem> {
    if value.is_finite() && value >= 0.0 { Ok(value) } else { Err(Problem::Size { what, value }) }
}

fn pixels(coordinate: f64, size: f64) -> f64 {
    coordinate.clamp(-FARTHEST, FARTHEST) * size
}

/// The pixel in which a place lies; the frame's right and bottom border belong to its last pixel.
fn pixel_of(place: f64, size: f64) -> f64 {
    if place == size { size - 1.0 } else { place.floor() }
}

/// Far outside every frame, and small enough to calculate with.
const OUTSIDE: f64 = (1 << 20) as f64;

/// The whole pixels between two coordinates; where there is none, the one in which they lie.
fn pixel_range(min: f64, max: f64, size: f64) -> (i32, i32) {
    let (min, max) = (pixels(min, size), pixels(max, size));
    match (min.round(), max.round()) {
        (first, end) if first < end => in_reach(first, end),
        _ => in_reach(pixel_of(min, size), pixel_of(min, size) + 1.0),
    }
}

/// The pixels between two coordinates, those included that are only touched.
fn touched_range(min: f64, max: f64, size: f64) -> (i32, i32) {
    let first = pixel_of(pixels(min, size), size);
    in_reach(first, pixels(max, size).ceil().max(first + 1.0))
}

fn in_reach(first: f64, end: f64) -> (i32, i32) {
    (first.clamp(-OUTSIDE, OUTSIDE) as i32, end.clamp(-OUTSIDE, OUTSIDE + 1.0) as i32)
}
