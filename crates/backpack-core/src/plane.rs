use std::slice::{Chunks, ChunksMut};

/// One plane of a frame: rows of bytes, `stride` apart.
///
/// ```
/// use backpack_core::{FrameRef, PixelFormat};
///
/// // Two rows of 3 pixels, 4 bytes apart: what lies between them is no part of the picture.
/// let frame = FrameRef::from_planes(&[(&[10, 20, 30, 255, 40, 50, 60], 4)], 3, 2, PixelFormat::Gray8)?;
/// let plane = frame.plane(0);
/// assert_eq!(plane.rows().flatten().max(), Some(&60));
/// assert_eq!((plane.height(), plane.row_bytes(), plane.stride()), (2, 3, 4));
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Plane<'a> {
    data: &'a [u8],
    stride: usize,
    row_bytes: usize,
}

impl<'a> Plane<'a> {
    /// The memory runs from the first pixel of the first row to the last pixel of the last one.
    pub(crate) fn new(data: &'a [u8], stride: usize, row_bytes: usize) -> Self {
        Self { data, stride, row_bytes }
    }

    /// All bytes from the first pixel to the last, padding between the rows included.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Bytes from the beginning of one row to the beginning of the next.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// How many rows the plane has.
    pub fn height(&self) -> usize {
        self.data.len().div_ceil(self.stride)
    }

    /// How many bytes of each row carry pixels.
    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// The pixels of row `y`, without padding; empty below the last row.
    pub fn row(&self, y: usize) -> &'a [u8] {
        self.data
            .get(y.saturating_mul(self.stride)..)
            .and_then(|rest| rest.get(..self.row_bytes))
            .unwrap_or_default()
    }

    /// All rows from the top, without padding.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &'a [u8]> + use<'a> {
        let row_bytes = self.row_bytes;
        let rows: Chunks<'a, u8> = self.data.chunks(self.stride);
        rows.map(move |row| &row[..row_bytes])
    }
}

/// One plane of a frame that may be drawn on.
///
/// ```
/// use backpack_core::{FrameMut, PixelFormat};
///
/// // With neutral chroma a picture loses its colours and keeps its brightness.
/// let mut pixels = vec![90; 4 * 4 + 2 * 2 * 2];
/// let mut frame = FrameMut::new(&mut pixels, 4, 4, PixelFormat::I420)?;
/// for plane in &mut frame.planes_mut()[1..] {
///     plane.rows_mut().for_each(|row| row.fill(128));
/// }
/// assert_eq!(pixels[..16], [90; 16]);
/// assert_eq!(pixels[16..], [128; 8]);
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug)]
pub struct PlaneMut<'a> {
    data: &'a mut [u8],
    stride: usize,
    row_bytes: usize,
}

impl<'a> PlaneMut<'a> {
    /// The memory runs from the first pixel of the first row to the last pixel of the last one.
    pub(crate) fn new(data: &'a mut [u8], stride: usize, row_bytes: usize) -> Self {
        Self { data, stride, row_bytes }
    }

    /// The plane for reading.
    pub fn as_ref(&self) -> Plane<'_> {
        Plane::new(self.data, self.stride, self.row_bytes)
    }

    /// All bytes from the first pixel to the last, padding between the rows included.
    pub fn data_mut(&mut self) -> &mut [u8] {
        self.data
    }

    /// Bytes from the beginning of one row to the beginning of the next.
    pub fn stride(&self) -> usize {
        self.stride
    }

    /// How many rows the plane has.
    pub fn height(&self) -> usize {
        self.as_ref().height()
    }

    /// How many bytes of each row carry pixels.
    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// The pixels of row `y`, without padding; empty below the last row.
    pub fn row_mut(&mut self, y: usize) -> &mut [u8] {
        self.data
            .get_mut(y.saturating_mul(self.stride)..)
            .and_then(|rest| rest.get_mut(..self.row_bytes))
            .unwrap_or_default()
    }

    /// All rows from the top, without padding.
    pub fn rows_mut(&mut self) -> impl ExactSizeIterator<Item = &mut [u8]> {
        let row_bytes = self.row_bytes;
        let rows: ChunksMut<'_, u8> = self.data.chunks_mut(self.stride);
        rows.map(move |row| &mut row[..row_bytes])
    }
}
