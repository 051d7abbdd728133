use std::ops::Range;

use super::intervals::Intervals;
use super::sweep::{Rows, sweep};
use super::{Place, Surface};

/// Pixels whose coverage is calculated together.
const GROUP: usize = 8;

/// Draws lines with round ends and joints; holds its scratch memory.
///
/// A pixel is covered by its distance to the nearest of the segments, so joints are round, and where segments overlap nothing is blended
/// twice.
#[derive(Default)]
pub(crate) struct Stroke {
    segments: Vec<Segment>,
    active: Vec<usize>,
    /// The coverage of one row; zero between shapes.
    row: Vec<u8>,
    touched: Intervals,
}

/// A part of a line, in the frame or close to it.
struct Segment {
    start: (f32, f32),
    /// A vector of length 1; any for a segment without length.
    direction: (f32, f32),
    length: f32,
    /// How much of its colour it has, from 0 to 1.
    opacity: f32,
    /// The columns that the ends reach, left and right.
    reach: (f32, f32),
    /// How many columns the line moves to the right in a row, and how many it is wide to either side; infinite where it is level.
    strip: (f32, f32),
    rows: Range<usize>,
}

impl Rows for Segment {
    fn rows(&self) -> Range<usize> {
        self.rows.clone()
    }
}

impl Stroke {
    /// Draws the segments as one shape, each with its opacity from 0 to 1.
    pub fn draw(
        &mut self,
        surface: &mut dyn Surface,
        segments: impl Iterator<Item = (Place, Place, f32)>,
        thickness: f64,
    ) {
        let area = surface.area();
        let (width, height) = (area.right as usize, area.bottom as usize);
        // A pixel is covered in part when its centre lies half a pixel inside or outside the border.
        let radius = thickness / 2.0 + 0.5;
        self.segments.clear();
        for (start, end, opacity) in segments {
            if let Some((start, end)) = clipped(start, end, (width as f64, height as f64), radius + 1.0) {
                self.segments.extend(Segment::new(start, end, opacity, radius, height));
            }
        }
        if self.row.len() < width + GROUP {
            self.row.resize(width + GROUP, 0);
        }
        let Self { segments, active, row, touched } = self;
        sweep(segments, active, |y, segments, active| {
            for &index in active {
                let columns = segments[index].columns(y, width);
                if !columns.is_empty() {
                    touched.push(columns.start, columns.end);
                    // Whole groups: the last one may reach a little further, where the segment covers nothing, or out of the frame.
                    let end = columns.start + columns.len().next_multiple_of(GROUP);
                    segments[index].cover(y, columns.start, radius as f32, &mut row[columns.start..end]);
                }
            }
            touched.drain(|start, end| {
                surface.mask(y, start, &row[start..end]);
                row[start..end].fill(0);
            });
        });
        surface.finish();
    }
}

impl Segment {
    /// `None` if the segment reaches no row of the frame.
    fn new(start: Place, end: Place, opacity: f32, radius: f64, height: usize) -> Option<Self> {
        let (dx, dy) = (end.0 - start.0, end.1 - start.1);
        let length = dx.hypot(dy);
        let direction = if length > 0.0 { (dx / length, dy / length) } else { (1.0, 0.0) };
        let first = (start.1.min(end.1) - radius).floor().max(0.0) as usize;
        let last = (start.1.max(end.1) + radius).ceil().max(0.0) as usize;
        let rows = first..last.min(height);
        (!rows.is_empty()).then_some(Self {
            start: (start.0 as f32, start.1 as f32),
            direction: (direction.0 as f32, direction.1 as f32),
            length: length as f32,
            opacity,
            reach: ((start.0.min(end.0) - radius) as f32, (start.0.max(end.0) + radius) as f32),
            strip: if direction.1.abs() > 1e-3 {
                ((direction.0 / direction.1) as f32, (radius / direction.1.abs()) as f32)
            } else {
                (0.0, f32::INFINITY)
            },
            rows,
        })
    }

    /// The pixels of row `y` whose centres may be close enough.
    fn columns(&self, y: usize, width: usize) -> Range<usize> {
        let below = y as f32 + 0.5 - self.start.1;
        let middle = self.start.0 + below * self.strip.0;
        let left = self.reach.0.max(middle - self.strip.1);
        let right = self.reach.1.min(middle + self.strip.1);
        // A cast from a float stays in the type's range: what lies left of the frame becomes 0.
        (left + 0.5) as usize..((right + 0.5) as usize).min(width)
    }

    /// Raises the coverage of the pixels of row `y` from column `left` on to that of this segment.
    fn cover(&self, y: usize, left: usize, radius: f32, row: &mut [u8]) {
        let (ux, uy) = self.direction;
        let dy = y as f32 + 0.5 - self.start.1;
        let first = left as f32 + 0.5 - self.start.0;
        for (group, parts) in row.as_chunks_mut::<GROUP>().0.iter_mut().enumerate() {
            let first = first + (group * GROUP) as f32;
            for (column, part) in parts.iter_mut().enumerate() {
                let dx = first + column as f32;
                let along = (dx * ux + dy * uy).max(0.0).min(self.length);
                let (x, y) = (dx - along * ux, dy - along * uy);
                let distance = (x * x + y * y).sqrt();
                *part = (*part).max(to_byte((radius - distance).clamp(0.0, 1.0) * self.opacity));
            }
        }
    }
}

/// 0 to 1 as 0 to 255, rounded.
///
/// A float of 2²³ or a little more has its integer part in its lowest bits; unlike a cast this needs no test for the type's range.
pub(super) fn to_byte(coverage: f32) -> u8 {
    const INTEGER: f32 = 8_388_608.0;
    (coverage * 255.0 + INTEGER).to_bits() as u8
}

/// The part of a segment in the frame with `margin` around it.
fn clipped(start: Place, end: Place, size: (f64, f64), margin: f64) -> Option<(Place, Place)> {
    let (dx, dy) = (end.0 - start.0, end.1 - start.1);
    let (mut enter, mut leave) = (0.0f64, 1.0f64);
    for (from, step, size) in [(start.0, dx, size.0), (start.1, dy, size.1)] {
        let (low, high) = (-margin - from, size + margin - from);
        if step == 0.0 {
            if low > 0.0 || high < 0.0 {
                return None;
            }
        } else {
            enter = enter.max((low / step).min(high / step));
            leave = leave.min((low / step).max(high / step));
        }
    }
    let at = |part: f64| (start.0 + part * dx, start.1 + part * dy);
    let begin = if enter > 0.0 { at(enter) } else { start };
    let stop = if leave < 1.0 { at(leave) } else { end };
    (enter <= leave).then_some((begin, stop))
}
