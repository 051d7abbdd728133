use std::ops::Range;

use backpack_core::PlaneMut;

use super::Area;

/// Digits behind the point of a mean.
const FRACTION: u32 = 7;

/// The weight of a whole.
const WHOLE: u32 = 256;

/// Replaces parts of planes by the mean colours of cells; holds its scratch memory.
#[derive(Default)]
pub(crate) struct Mosaic {
    /// The mean of each cell and byte, row by row.
    means: Vec<u16>,
    /// One row of means between two rows of cells.
    between: Vec<u16>,
    /// For each column of pixels, where it lies between the centres of the cells.
    places: Vec<(usize, u32)>,
    /// One row of pixels.
    line: Vec<u8>,
}

/// How the cells of a mosaic are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// Each in its colour.
    Squares,
    /// Passing smoothly from centre to centre.
    Smooth,
}

impl Mosaic {
    /// Changes an area of a plane with `N` bytes a pixel; there are `cells` across and down, but no more than pixels.
    pub fn draw<const N: usize>(
        &mut self,
        plane: &mut PlaneMut<'_>,
        area: Area,
        cells: (usize, usize),
        look: Look,
    ) {
        if area.is_empty() {
            return;
        }
        let columns = Cells { count: cells.0.clamp(1, area.columns().len()), length: area.columns().len() };
        let rows = Cells { count: cells.1.clamp(1, area.rows().len()), length: area.rows().len() };
        let bytes = N * area.left as usize..N * area.right as usize;
        self.measure::<N>(plane, &area, &bytes, columns, rows);
        for y in 0..rows.length {
            match look {
                Look::Squares if y == 0 || rows.of(y) != rows.of(y - 1) => {
                    self.squares::<N>(columns, rows.of(y))
                }
                Look::Squares => {}
                Look::Smooth => self.smooth::<N>(columns, rows, y),
            }
            plane.row_mut(area.top as usize + y)[bytes.clone()].copy_from_slice(&self.line);
        }
    }

    fn measure<const N: usize>(
        &mut self,
        plane: &mut PlaneMut<'_>,
        area: &Area,
        bytes: &Range<usize>,
        columns: Cells,
        rows: Cells,
    ) {
        self.means.clear();
        for row in 0..rows.count {
            for column in 0..columns.count {
                let (across, down) = (columns.range(column), rows.range(row));
                let mut sums = [0u64; N];
                for y in down.clone() {
                    let pixels = &plane.row_mut(area.top as usize + y)[bytes.clone()]
                        [N * across.start..N * across.end];
                    add(&mut sums, pixels);
                }
                let pixels = (across.len() * down.len()) as u64;
                self.means.extend(sums.map(|sum| (((sum << FRACTION) + pixels / 2) / pixels) as u16));
            }
        }
        self.line.resize(bytes.len(), 0);
        self.places.clear();
        self.places.extend((0..columns.length).map(|x| columns.centers(x)));
    }

    /// The line of a row of cells.
    fn squares<const N: usize>(&mut self, columns: Cells, row: usize) {
        let means = &self.means[row * columns.count * N..];
        for column in 0..columns.count {
            let range = columns.range(column);
            let mean: [u8; N] = std::array::from_fn(|byte| byte_of(means[column * N + byte].into()));
            let pixels = self.line[N * range.start..N * range.end].chunks_exact_mut(N);
            pixels.for_each(|pixel| pixel.copy_from_slice(&mean));
        }
    }

    /// The line of row `y`, between the centres of the cells.
    fn smooth<const N: usize>(&mut self, columns: Cells, rows: Cells, y: usize) {
        let Self { means, between, places, line } = self;
        let length = columns.count * N;
        let (row, weight) = rows.centers(y);
        let upper = &means[row * length..][..length];
        let lower = &means[(row + 1).min(rows.count - 1) * length..][..length];
        between.clear();
        between.extend(upper.iter().zip(lower).map(|(&a, &b)| mixed(a, b, weight) as u16));
        for (pixel, &(column, weight)) in line.chunks_exact_mut(N).zip(&*places) {
            let next = (column + 1).min(columns.count - 1);
            for (byte, sample) in pixel.iter_mut().enumerate() {
                *sample = byte_of(mixed(between[column * N + byte], between[next * N + byte], weight));
            }
        }
    }
}

/// A length of pixels, divided into cells as evenly as can be.
#[derive(Clone, Copy)]
struct Cells {
    count: usize,
    length: usize,
}

impl Cells {
    fn range(self, cell: usize) -> Range<usize> {
        cell * self.length / self.count..(cell + 1) * self.length / self.count
    }

    /// The cell of a pixel.
    fn of(self, pixel: usize) -> usize {
        ((pixel + 1) * self.count - 1) / self.length
    }

    /// The last cell whose centre does not lie behind that of a pixel, and the next one's weight; at the ends there is only one.
    fn centers(self, pixel: usize) -> (usize, u32) {
        let twice = ((2 * pixel + 1) * self.count).saturating_sub(self.length);
        let (cell, rest) = (twice / (2 * self.length), twice % (2 * self.length));
        (cell, (rest * WHOLE as usize / (2 * self.length)) as u32)
    }
}

/// Adds the pixels, byte by byte; no row is so long that 32 bits do not hold its sum.
fn add<const N: usize>(sums: &mut [u64; N], pixels: &[u8]) {
    let mut row = [0u32; N];
    for pixel in pixels.chunks_exact(N) {
        for (sum, &sample) in row.iter_mut().zip(pixel) {
            *sum += u32::from(sample);
        }
    }
    for (sum, row) in sums.iter_mut().zip(row) {
        *sum += u64::from(row);
    }
}

fn mixed(a: u16, b: u16, weight: u32) -> u32 {
    (u32::from(a) * (WHOLE - weight) + u32::from(b) * weight) / WHOLE
}

fn byte_of(mean: u32) -> u8 {
    ((mean + (1 << (FRACTION - 1))) >> FRACTION) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_lies_in_the_range_of_its_cell() {
        for length in 1..40 {
            for count in 1..=length {
                let cells = Cells { count, length };
                assert_eq!((cells.range(0).start, cells.range(count - 1).end), (0, length));
                for pixel in 0..length {
                    assert!(cells.range(cells.of(pixel)).contains(&pixel), "{pixel} of {length} in {count}");
                    let (cell, weight) = cells.centers(pixel);
                    assert!(cell < count && weight < WHOLE, "{pixel} of {length} in {count}");
                }
            }
        }
    }
}
