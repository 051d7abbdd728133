use backpack_core::PixelFormat;

/// Why there is no mosaic, or why it cannot take a frame.
///
/// ```
/// use backpack_mosaic::{Mosaic, MosaicError};
///
/// let error = Mosaic::builder().size(320, 180).sources(["yard", "gate", "hall", "roof"]).columns(5).build().unwrap_err();
/// assert!(matches!(error, MosaicError::CellSize { columns: 5, .. }));
/// assert_eq!(error.to_string(), "a mosaic of 320×180 pixels in 5 columns and 1 row: its cells have 60×176, each needs 64×48");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MosaicError {
    /// No source was named.
    #[error("a mosaic without sources: name at least one")]
    NoSources,
    /// Two sources have the same name.
    #[error("two sources of a mosaic are called {name:?}: each needs a name of its own")]
    DuplicateSource {
        /// Their name.
        name: String,
    },
    /// No source has this name or index.
    #[error("the mosaic has no source {asked}; it has {known}")]
    UnknownSource {
        /// The name or index as given.
        asked: String,
        /// The sources that there are.
        known: String,
    },
    /// A side of the mosaic is zero or too large.
    #[error("a mosaic of {width}×{height} pixels: each side must be from 1 to {max}")]
    Size {
        /// The width as given.
        width: u32,
        /// The height as given.
        height: u32,
        /// The largest side, in pixels.
        max: u32,
    },
    /// There cannot be a grid without columns.
    #[error("a mosaic of 0 columns: there must be at least 1")]
    NoColumns,
    /// The cells are too small to show anything.
    #[error(
        "a mosaic of {width}×{height} pixels in {columns} column{} and {rows} row{}: its cells have \
         {cell_width}×{cell_height}, each needs {min_width}×{min_height}",
        plural(*columns), plural(*rows)
    )]
    CellSize {
        /// The width of the mosaic.
        width: u32,
        /// The height of the mosaic.
        height: u32,
        /// How many cells stand side by side.
        columns: u32,
        /// How many cells stand above each other.
        rows: u32,
        /// The width of a cell, in pixels.
        cell_width: u32,
        /// The height of a cell.
        cell_height: u32,
        /// The smallest width of a cell.
        min_width: u32,
        /// The smallest height of a cell.
        min_height: u32,
    },
    /// The mosaic does not know the pixel format, of a frame or of what it is to give.
    #[error("a mosaic of frames of format {0}, which it does not know")]
    Format(PixelFormat),
    /// A frame could not be brought to the size of its cell.
    #[error("a {format} frame of {width}×{height} pixels from source {name:?}: {reason}")]
    Scale {
        /// The source of the frame.
        name: String,
        /// The format of the frame.
        format: PixelFormat,
        /// The width of the frame.
        width: u32,
        /// The height of the frame.
        height: u32,
        /// Why not.
        reason: String,
    },
}

fn plural(count: u32) -> &'static str {
    if count == 1 { "" } else { "s" }
}
