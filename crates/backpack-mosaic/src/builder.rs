use std::time::Duration;

use backpack_annotate::Font;
use backpack_core::{Colorimetry, FrameError, Layout, PixelFormat};
use backpack_timepiece::Clock;

use crate::canvas::Canvas;
use crate::grid::Grid;
use crate::lettering::Lettering;
use crate::slot::Slot;
use crate::stage::Stage;
use crate::tile::Tile;
use crate::{Mosaic, MosaicError, Source, output};

/// What a [`Mosaic`] is to be like.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_core::PixelFormat;
/// use backpack_mosaic::Mosaic;
///
/// let mosaic = Mosaic::builder()
///     .size(1920, 1080)
///     .sources(["yard", "gate", "hall", "roof"])
///     .format(PixelFormat::Bgr8)
///     .late_after(Duration::from_secs(5))
///     .build()?;
/// assert_eq!((mosaic.columns(), mosaic.rows()), (2, 2));
/// # Ok::<(), backpack_mosaic::MosaicError>(())
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct MosaicBuilder {
    width: u32,
    height: u32,
    names: Vec<String>,
    columns: Option<u32>,
    late_after: Duration,
    format: PixelFormat,
    colorimetry: Option<Colorimetry>,
    fonts: Vec<Font>,
    clock: Clock,
}

impl MosaicBuilder {
    pub(crate) fn new() -> Self {
        Self {
            width: 1280,
            height: 720,
            names: Vec::new(),
            columns: None,
            late_after: Duration::from_secs(2),
            format: PixelFormat::I420,
            colorimetry: None,
            fonts: Vec::new(),
            clock: Clock::system(),
        }
    }

    /// The size in pixels, 1280×720 by default. Video encoders want even sides.
    pub fn size(self, width: u32, height: u32) -> Self {
        Self { width, height, ..self }
    }

    /// One more source; its name is its title. Cells are filled row by row in the order of the sources.
    pub fn source(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// More sources.
    pub fn sources<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.names.extend(names.into_iter().map(Into::into));
        self
    }

    /// How many cells stand side by side; by default so many that pictures of 16:9 are as large as they can be.
    pub fn columns(self, columns: u32) -> Self {
        Self { columns: Some(columns), ..self }
    }

    /// The age above which a source's newest frame is shown as late; 2 seconds by default.
    pub fn late_after(self, age: Duration) -> Self {
        Self { late_after: age, ..self }
    }

    /// The format of the composed frames: by default I420, which encoders take as it is and which costs least.
    pub fn format(self, format: PixelFormat) -> Self {
        Self { format, ..self }
    }

    /// The colorimetry of the composed frames: by default what players [assume](Colorimetry::assumed_for) for the height.
    ///
    /// It matters for I420 and NV12 only. Sources are converted if theirs is another one.
    pub fn colorimetry(self, colorimetry: Colorimetry) -> Self {
        Self { colorimetry: Some(colorimetry), ..self }
    }

    /// The fonts of titles and messages, each character in the first one that has it, in place of the built-in one.
    pub fn fonts(self, fonts: impl IntoIterator<Item = Font>) -> Self {
        Self { fonts: fonts.into_iter().collect(), ..self }
    }

    /// Where the time is read: by default from the system.
    pub fn clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Makes the mosaic; no source has a picture yet.
    ///
    /// # Errors
    /// - [`MosaicError::NoSources`] and [`MosaicError::DuplicateSource`] if the names will not do;
    /// - [`MosaicError::Size`] if a side is 0 or above 65 536 pixels, [`MosaicError::NoColumns`] if there are to be 0 columns;
    /// - [`MosaicError::CellSize`] if a cell would have less than 64×48 pixels;
    /// - [`MosaicError::Format`] if the mosaic cannot give frames of the format.
    pub fn build(self) -> Result<Mosaic, MosaicError> {
        let Self { width, height, names, format, clock, .. } = self;
        check_names(&names)?;
        if !output::is_known(format) {
            return Err(MosaicError::Format(format));
        }
        let layout = Layout::tight(width, height, format).map_err(size_error)?;
        let canvas = Layout::tight(width, height, PixelFormat::I420).map_err(size_error)?;
        let colorimetry = self.colorimetry.unwrap_or(Colorimetry::assumed_for(height));
        // More than fit into the largest frame.
        let count = u32::try_from(names.len()).unwrap_or(u32::MAX);
        let grid = Grid::new(width, height, count, self.columns)?;
        let tiles = (0..).zip(names).map(|(index, name)| {
            let cell = grid.cell(index);
            let slot = Slot::new(name, Stage::new(cell.split().1, colorimetry));
            Tile::new(Source::new(slot, clock.clone()), cell)
        });
        let tiles = tiles.collect();
        let canvas = Canvas::new(canvas, colorimetry);
        Ok(Mosaic::new(grid, tiles, canvas, layout, Lettering::new(self.fonts), self.late_after, clock))
    }
}

fn check_names(names: &[String]) -> Result<(), MosaicError> {
    if names.is_empty() {
        return Err(MosaicError::NoSources);
    }
    match names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
        Some((_, name)) => Err(MosaicError::DuplicateSource { name: name.clone() }),
        None => Ok(()),
    }
}

/// No other error is there without padding.
fn size_error(error: FrameError) -> MosaicError {
    let FrameError::Size { width, height, max } = error else {
        unreachable!("a layout without padding fails for its size alone")
    };
    MosaicError::Size { width, height, max }
}
