use crate::MosaicError;
use crate::area::{Area, even};

/// Below, no title can be read and no picture recognised.
const MIN_CELL: (u32, u32) = (64, 48);

/// Where the cells of a mosaic lie: all of one size, in rows from the top left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grid {
    pub columns: u32,
    pub rows: u32,
    width: u32,
    height: u32,
    gap: u32,
}

impl Grid {
    /// The grid with so many columns, or with those that show 16:9 pictures largest.
    pub fn new(width: u32, height: u32, sources: u32, columns: Option<u32>) -> Result<Self, MosaicError> {
        let grid = match columns {
            Some(0) => return Err(MosaicError::NoColumns),
            Some(columns) => Self::of(width, height, sources, columns),
            None => Self::automatic(width, height, sources),
        };
        let (cell_width, cell_height) = grid.cell_size();
        let (min_width, min_height) = MIN_CELL;
        let Self { columns, rows, .. } = grid;
        if cell_width >= min_width && cell_height >= min_height {
            return Ok(grid);
        }
        Err(MosaicError::CellSize {
            width,
            height,
            columns,
            rows,
            cell_width,
            cell_height,
            min_width,
            min_height,
        })
    }

    /// Of two grids that show pictures in the same size, the wider one: screens are wide.
    fn automatic(width: u32, height: u32, sources: u32) -> Self {
        // Hundreds of columns have cells that are too small for any frame.
        let most = sources.min(width / MIN_CELL.0).max(1);
        (1..=most)
            .map(|columns| Self::of(width, height, sources, columns))
            .max_by_key(|grid| grid.cell(0).split().1.fitted(16, 9))
            .unwrap_or_else(|| Self::of(width, height, sources, 1))
    }

    fn of(width: u32, height: u32, sources: u32, columns: u32) -> Self {
        // A hair at any size: 2 pixels at 360 lines, 6 at 1080.
        let gap = (width.min(height) / 360).max(1) * 2;
        Self { columns, rows: sources.div_ceil(columns), width, height, gap }
    }

    fn cell_size(&self) -> (u32, u32) {
        let side = |whole: u32, count: u32| {
            let gaps = u64::from(self.gap) * (u64::from(count) + 1);
            even((u64::from(whole).saturating_sub(gaps) / u64::from(count)) as u32)
        };
        (side(self.width, self.columns), side(self.height, self.rows))
    }

    /// The place of a cell; what cannot be shared out evenly is left as a margin on all sides.
    pub fn cell(&self, index: u32) -> Cell {
        let (width, height) = self.cell_size();
        let place = |whole: u32, count: u32, side: u32, index: u32| {
            let used = count * side + (count - 1) * self.gap;
            even(whole.saturating_sub(used) / 2) + index * (side + self.gap)
        };
        let left = place(self.width, self.columns, width, index % self.columns);
        let top = place(self.height, self.rows, height, index / self.columns);
        Cell(Area { left, top, width, height })
    }

    /// All cells, also those that have no source.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        (0..self.columns * self.rows).map(|index| self.cell(index))
    }
}

/// The place of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell(pub Area);

impl Cell {
    /// The bar for the title, and the room for the picture below.
    pub fn split(self) -> (Area, Area) {
        // By the shape of most pictures: what a tall cell has more is not for the title.
        let bar = even(self.0.height.min(self.0.width * 3 / 4) / 14).clamp(16, 48);
        self.0.split_at(bar)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns(width: u32, height: u32, sources: u32) -> (u32, u32) {
        let grid = Grid::new(width, height, sources, None).unwrap();
        (grid.columns, grid.rows)
    }

    #[test]
    fn a_grid_is_as_square_as_wide_pictures_ask_for() {
        let grids = [1, 2, 3, 4, 5, 6, 7, 9, 10, 16].map(|sources| columns(1920, 1080, sources));
        let expected = [(1, 1), (2, 1), (2, 2), (2, 2), (3, 2), (3, 2), (3, 3), (3, 3), (4, 3), (4, 4)];
        assert_eq!(grids, expected);
        assert_eq!(columns(1080, 1920, 3), (1, 3));
    }

    proptest! {
        #[test]
        fn cells_lie_in_the_picture_and_never_overlap(
            width in 1u32..4000, height in 1u32..4000, sources in 1u32..80, columns in proptest::option::of(1u32..20),
        ) {
            let Ok(grid) = Grid::new(width, height, sources, columns) else { return Ok(()) };
            let cells: Vec<Area> = grid.cells().map(|cell| cell.0).collect();
            prop_assert!(cells.len() >= sources as usize);
            for (index, a) in cells.iter().enumerate() {
                prop_assert!(a.left + a.width <= width && a.top + a.height <= height, "{a:?}");
                prop_assert!([a.left, a.top, a.width, a.height].iter().all(|side| side % 2 == 0), "{a:?}");
                for b in &cells[..index] {
                    let apart = a.left >= b.left + b.width + grid.gap || b.left >= a.left + a.width + grid.gap
                        || a.top >= b.top + b.height + grid.gap || b.top >= a.top + a.height + grid.gap;
                    prop_assert!(apart, "{a:?} {b:?}");
                }
            }
        }

        #[test]
        fn pictures_keep_their_shape_within_a_pixel(
            width in 1u32..4000, height in 1u32..4000, room_width in 32u32..2000, room_height in 16u32..2000,
        ) {
            let room = Area { left: 4, top: 8, width: room_width * 2, height: room_height * 2 };
            let (fitted_width, fitted_height) = room.fitted(width, height);
            let scale = (f64::from(room.width) / f64::from(width)).min(f64::from(room.height) / f64::from(height));
            for (fitted, side) in [(fitted_width, width), (fitted_height, height)] {
                let exact = f64::from(side) * scale;
                // A line thinner than 2 pixels has no chroma of its own.
                prop_assert!((f64::from(fitted) - exact).abs() <= 1.0 + 1e-9 || (exact < 2.0 && fitted == 2));
            }
            let place = room.centered(fitted_width, fitted_height);
            prop_assert!(place.left >= room.left && place.left + place.width <= room.left + room.width);
            prop_assert!(place.top >= room.top && place.top + place.height <= room.top + room.height);
        }
    }
}
