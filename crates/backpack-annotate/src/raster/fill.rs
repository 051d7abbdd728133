use std::ops::Range;

use super::intervals::Intervals;
use super::stroke::to_byte;
use super::sweep::{Rows, sweep};
use super::{Place, Surface};

/// Fills polygons by the even-odd rule; holds its scratch memory.
///
/// A pixel is covered by its mean winding number, folded to even and odd: the exact area where one edge passes, close to it where edges
/// cross.
#[derive(Default)]
pub(crate) struct Fill {
    edges: Vec<Edge>,
    active: Vec<usize>,
    /// For each pixel of one row, by how much its signed coverage differs from that of its left neighbour; zero between shapes.
    steps: Vec<f32>,
    /// The coverage of one stretch.
    coverage: Vec<u8>,
    touched: Intervals,
}

/// A part of an edge in the frame, downwards.
struct Edge {
    top: f32,
    bottom: f32,
    /// The column at the top.
    x: f32,
    /// Columns a row.
    slope: f32,
    /// 1 for an edge that leads down, -1 for one that leads up.
    winding: f32,
}

impl Rows for Edge {
    fn rows(&self) -> Range<usize> {
        self.top as usize..self.bottom.ceil() as usize
    }
}

impl Fill {
    /// Fills the polygon with these edges.
    pub fn draw(&mut self, surface: &mut dyn Surface, edges: impl Iterator<Item = (Place, Place)>) {
        let area = surface.area();
        let width = area.right as usize;
        self.edges.clear();
        for (start, end) in edges {
            push_clipped(&mut self.edges, start, end, (width as f64, f64::from(area.bottom)));
        }
        if self.coverage.len() < width {
            self.coverage.resize(width, 0);
            // An edge along the right border ends in the column behind it.
            self.steps.resize(width + 1, 0.0);
        }
        let Self { edges, active, steps, coverage, touched } = self;
        let steps = &mut steps[..=width];
        sweep(edges, active, |y, edges, active| {
            for &index in active {
                let (start, end) = edges[index].cross(y as f32, width as f32, steps);
                touched.push(start, end);
            }
            let (mut winding, mut done) = (0.0, 0);
            touched.drain(|start, end| {
                let part = to_byte(even_odd(winding));
                if part > 0 && done < start {
                    surface.span(y, done, start, part);
                }
                for (part, step) in
                    coverage[start.min(width)..end.min(width)].iter_mut().zip(&mut steps[start..])
                {
                    winding += std::mem::take(step);
                    *part = to_byte(even_odd(winding));
                }
                steps[width] = 0.0;
                surface.mask(y, start.min(width), &coverage[start.min(width)..end.min(width)]);
                done = end;
            });
            let part = to_byte(even_odd(winding));
            if part > 0 && done < width {
                surface.span(y, done, width, part);
            }
        });
        surface.finish();
    }
}

impl Edge {
    /// Adds the edge's part in row `y` to the row's steps; tells which columns it touched.
    fn cross(&self, y: f32, width: f32, steps: &mut [f32]) -> (usize, usize) {
        let (top, bottom) = (self.top.max(y), self.bottom.min(y + 1.0));
        let column = |y: f32| (self.x + (y - self.top) * self.slope).max(0.0).min(width);
        let (a, b) = (column(top), column(bottom));
        let (left, right) = (a.min(b), a.max(b));
        let height = (bottom - top) * self.winding;
        // The mean over the edge's points of how far they lie left of `x`: between two columns it grows by what the column between them
        // has on the edge's right-hand side.
        let beyond = |x: f32| {
            if x <= left {
                0.0
            } else if x >= right {
                x - (left + right) / 2.0
            } else {
                (x - left) * (x - left) / (2.0 * (right - left))
            }
        };
        let (first, last) = (left as usize, right as usize);
        let (mut covered, mut reached) = (0.0, 0.0);
        for (column, step) in (first..).zip(&mut steps[first..=last]) {
            let next = beyond(column as f32 + 1.0);
            *step += height * (next - reached - covered);
            covered = next - reached;
            reached = next;
        }
        if let Some(step) = steps.get_mut(last + 1) {
            *step += height * (1.0 - covered);
        }
        (first, (last + 2).min(steps.len()))
    }
}

/// How much of a pixel is inside, given its mean winding number.
fn even_odd(winding: f32) -> f32 {
    let turns = winding.abs();
    let turns = turns - 2.0 * (turns * 0.5) as i32 as f32;
    turns.min(2.0 - turns)
}

/// Adds the parts of an edge that matter to the frame.
///
/// What lies right of the frame has no pixel on its right-hand side and is left out; what lies left of it is moved onto the border.
fn push_clipped(edges: &mut Vec<Edge>, start: Place, end: Place, (width, height): (f64, f64)) {
    let (winding, upper, lower) = if start.1 <= end.1 { (1.0, start, end) } else { (-1.0, end, start) };
    let (top, bottom) = (upper.1.max(0.0), lower.1.min(height));
    if top >= bottom {
        return;
    }
    let slope = (lower.0 - upper.0) / (lower.1 - upper.1);
    let column = |y: f64| upper.0 + (y - upper.1) * slope;
    // The rows where the edge passes the left and the right border cut it into up to three parts.
    let crossing =
        |x: f64| if slope == 0.0 { top } else { (upper.1 + (x - upper.0) / slope).clamp(top, bottom) };
    let (one, two) = (crossing(0.0), crossing(width));
    let cuts = [top, one.min(two), one.max(two), bottom];
    for part in cuts.windows(2) {
        let (top, bottom) = (part[0], part[1]);
        let middle = column((top + bottom) / 2.0);
        let (x, slope) = if middle < 0.0 { (0.0, 0.0) } else { (column(top), slope) };
        let (top, bottom) = (top as f32, bottom as f32);
        if top < bottom && middle < width {
            edges.push(Edge { top, bottom, x: x as f32, slope: slope as f32, winding });
        }
    }
}
