use super::intervals::Intervals;
use super::{Area, Surface};

/// Covers areas that may overlap as one shape; holds its scratch memory.
#[derive(Default)]
pub(crate) struct Union {
    /// The rows where an area begins or ends.
    borders: Vec<i32>,
    columns: Intervals,
    /// The columns of one band, from left to right and apart from each other.
    apart: Vec<(usize, usize)>,
}

impl Union {
    /// Covers the areas, as far as they lie in the frame.
    ///
    /// Between two borders all rows are the same, so they are rectangles. In 4:2:0 a rectangle must have its chroma samples to itself, which
    /// those of whole pairs of rows have; a single row shares them with the next band and goes through the sums.
    pub fn draw<const N: usize>(&mut self, surface: &mut dyn Surface, areas: [Area; N]) {
        let Self { borders, columns, apart } = self;
        let frame = surface.area();
        let areas = areas.map(|area| area.intersection(&frame));
        let visible = || areas.iter().filter(|area| !area.is_empty());
        borders.clear();
        borders.extend(visible().flat_map(|area| [area.top, area.bottom]));
        borders.sort_unstable();
        for band in borders.windows(2) {
            let (top, bottom) = (band[0], band[1]);
            visible()
                .filter(|area| area.top <= top && bottom <= area.bottom)
                .for_each(|area| columns.push(area.left as usize, area.right as usize));
            apart.clear();
            columns.drain(|left, right| apart.push((left, right)));
            // The whole pairs of rows; before and after them is a single one at most.
            let (first, last) = (top + top % 2, bottom - bottom % 2);
            for row in (top..first.min(bottom)).chain(last.max(first)..bottom) {
                apart.iter().for_each(|&(left, right)| surface.span(row as usize, left, right, 255));
            }
            if first < last {
                for &(left, right) in &*apart {
                    surface.rect(Area { left: left as i32, top: first, right: right as i32, bottom: last });
                }
            }
        }
        surface.finish();
    }
}
