use std::fmt;
use std::time::{Duration, Instant};

use backpack_core::{Frame, FrameMut, FrameRef, Layout, PixelFormat, Timestamp};
use backpack_timepiece::Clock;

use crate::area::Area;
use crate::canvas::Canvas;
use crate::grid::Grid;
use crate::lettering::Lettering;
use crate::pool::Pool;
use crate::tile::{Tile, fill};
use crate::{MosaicBuilder, MosaicError, Source, look, output};

/// Several sources in one picture.
///
/// Frames are brought to the size of their cells as they come, by the [`Source`] of each camera's thread; composing the picture then costs
/// little more than a copy of it.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_core::{Frame, PixelFormat};
/// use backpack_mosaic::Mosaic;
/// use backpack_timepiece::Clock;
///
/// let (clock, time) = Clock::manual();
/// let mut mosaic = Mosaic::builder().size(1280, 720).source("yard").source("gate").clock(clock).build()?;
/// mosaic.update(0, &Frame::black(640, 480, PixelFormat::Bgr8)?)?;
/// mosaic.source("gate")?.lost("wrong password");
/// time.advance(Duration::from_millis(3200));
/// let frame = mosaic.compose(); // 'late 3.2 s' and 'lost: wrong password'
/// assert_eq!((frame.width(), frame.height(), frame.format()), (1280, 720, PixelFormat::I420));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Mosaic {
    grid: Grid,
    tiles: Vec<Tile>,
    canvas: Canvas,
    /// What never changes.
    backdrop: Vec<u8>,
    /// The picture in I420, if that is not the format of the composed frames.
    sketch: Vec<u8>,
    layout: Layout,
    pool: Pool,
    lettering: Lettering,
    late_after: Duration,
    clock: Clock,
    began: Instant,
}

impl Mosaic {
    /// Begins with a mosaic of 1280×720 pixels that has no sources yet.
    pub fn builder() -> MosaicBuilder {
        MosaicBuilder::new()
    }

    pub(crate) fn new(
        grid: Grid,
        tiles: Vec<Tile>,
        canvas: Canvas,
        layout: Layout,
        mut lettering: Lettering,
        late_after: Duration,
        clock: Clock,
    ) -> Self {
        let backdrop = backdrop(&grid, &tiles, &canvas, &mut lettering);
        let sketch = if layout.format() == PixelFormat::I420 { Vec::new() } else { backdrop.clone() };
        let began = clock.now();
        let pool = Pool::new(layout.size());
        Self { grid, tiles, canvas, backdrop, sketch, layout, pool, lettering, late_after, clock, began }
    }

    /// How many cells stand side by side.
    pub fn columns(&self) -> u32 {
        self.grid.columns
    }

    /// How many cells stand above each other.
    pub fn rows(&self) -> u32 {
        self.grid.rows
    }

    /// All sources in the order of their cells.
    pub fn sources(&self) -> impl ExactSizeIterator<Item = &Source> {
        self.tiles.iter().map(Tile::source)
    }

    /// The source with this name, for the thread of its camera.
    ///
    /// # Errors
    /// [`MosaicError::UnknownSource`] if there is none.
    pub fn source(&self, name: &str) -> Result<Source, MosaicError> {
        let known = self.sources().find(|source| source.name() == name);
        known.cloned().ok_or_else(|| self.unknown(format!("{name:?}")))
    }

    /// Takes the newest frame of the source at this index, from 0: as [`Source::update`].
    ///
    /// # Errors
    /// [`MosaicError::UnknownSource`] if there is no such source, or what [`Source::update`] says.
    pub fn update<'a>(&self, index: usize, frame: impl Into<FrameRef<'a>>) -> Result<(), MosaicError> {
        match self.tiles.get(index) {
            Some(tile) => tile.source().update(frame),
            None => Err(self.unknown(index.to_string())),
        }
    }

    /// The picture as it is now.
    ///
    /// Its timestamp is the time since the mosaic was built. Its memory is used again for a later picture once it is dropped, as long as
    /// not more than eight are about; therefore it counts as [shared](Frame::is_shared) and is copied if it is drawn on.
    pub fn compose(&mut self) -> Frame {
        let now = self.clock.now();
        let Self { tiles, canvas, backdrop, sketch, layout, pool, lettering, late_after, .. } = self;
        let mut draw = |memory: &mut [u8]| {
            memory.copy_from_slice(backdrop);
            for tile in &mut *tiles {
                tile.draw(now, *late_after, canvas, memory, lettering);
            }
        };
        let memory = pool.filled(|memory| {
            if sketch.is_empty() {
                return draw(memory);
            }
            draw(sketch);
            let mut target =
                FrameMut::with_layout(memory, layout).expect("the memory was made for this layout");
            output::convert(&canvas.view(sketch), &mut target).expect("both have the same size");
        });
        Frame::shared(memory, *layout)
            .expect("the memory was made for this layout")
            .with_colorimetry(canvas.colorimetry())
            .with_timestamp(Timestamp::from(now.saturating_duration_since(self.began)))
    }

    fn unknown(&self, asked: String) -> MosaicError {
        let known: Vec<String> = self.sources().map(|source| format!("{:?}", source.name())).collect();
        MosaicError::UnknownSource { asked, known: known.join(", ") }
    }
}

impl fmt::Debug for Mosaic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sources: Vec<&Source> = self.sources().collect();
        f.debug_struct("Mosaic")
            .field("layout", &self.layout)
            .field("sources", &sources)
            .finish_non_exhaustive()
    }
}

/// The picture without pictures.
fn backdrop(grid: &Grid, tiles: &[Tile], canvas: &Canvas, lettering: &mut Lettering) -> Vec<u8> {
    let mut memory = vec![0; canvas.bytes()];
    let (width, height) = canvas.size();
    fill(canvas, &mut memory, Area { left: 0, top: 0, width, height }, look::GROUND, lettering);
    for cell in grid.cells().skip(tiles.len()) {
        fill(canvas, &mut memory, cell.0, look::NO_CELL, lettering);
    }
    for tile in tiles {
        tile.draw_title(canvas, &mut memory, lettering);
    }
    memory
}
