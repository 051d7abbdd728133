use crate::frame_ref::check_length;
use crate::{Colorimetry, FrameError, Layout, PixelFormat, PlaneMut};

/// A frame whose pixels are borrowed, for drawing.
///
/// ```
/// use backpack_core::{FrameMut, PixelFormat};
///
/// let mut buffer = vec![0; 4 * 3];
/// let mut frame = FrameMut::new(&mut buffer, 4, 3, PixelFormat::Gray8)?;
/// for row in frame.plane_mut(0).rows_mut().skip(1) {
///     row[2..].fill(255);
/// }
/// assert_eq!(buffer, [0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 255, 255]);
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug)]
pub struct FrameMut<'a> {
    format: PixelFormat,
    width: u32,
    height: u32,
    /// The last ones are empty, at least the fourth.
    planes: [PlaneMut<'a>; 4],
    colorimetry: Colorimetry,
}

impl<'a> FrameMut<'a> {
    /// Borrows `pixels` as a frame without padding.
    ///
    /// # Errors
    /// [`FrameError::Size`] if a side is 0 or too large, [`FrameError::Length`] unless `pixels` has exactly the length of such a frame.
    pub fn new(
        pixels: &'a mut [u8],
        width: u32,
        height: u32,
        format: PixelFormat,
    ) -> Result<Self, FrameError> {
        let layout = Layout::tight(width, height, format)?;
        check_length(&layout, pixels.len(), pixels.len() == layout.size())?;
        Ok(Self::of(&layout, pixels))
    }

    /// Borrows `pixels` as a frame with the given layout; there may be more bytes after the last pixel.
    ///
    /// # Errors
    /// [`FrameError::Length`] if `pixels` is too short.
    pub fn with_layout(pixels: &'a mut [u8], layout: &Layout) -> Result<Self, FrameError> {
        check_length(layout, pixels.len(), pixels.len() >= layout.size())?;
        Ok(Self::of(layout, pixels))
    }

    /// A view of memory that is known to fit.
    pub(crate) fn of(layout: &Layout, pixels: &'a mut [u8]) -> Self {
        let (format, width, height) = (layout.format(), layout.width(), layout.height());
        let mut rest = pixels;
        let mut consumed = 0;
        let planes = std::array::from_fn(|index| {
            if index >= format.planes() {
                return PlaneMut::new(&mut [], 1, 0);
            }
            let range = layout.range(index);
            let (_, tail) = std::mem::take(&mut rest).split_at_mut(range.start - consumed);
            let (data, tail) = tail.split_at_mut(range.len());
            rest = tail;
            consumed = range.end;
            PlaneMut::new(data, layout.planes()[index].stride, format.row_bytes(index, width))
        });
        Self { format, width, height, planes, colorimetry: Colorimetry::assumed_for(height) }
    }

    /// The same frame with this colorimetry in place of the [assumed one](Colorimetry::assumed_for).
    #[must_use]
    pub fn with_colorimetry(mut self, colorimetry: Colorimetry) -> Self {
        self.colorimetry = colorimetry;
        self
    }

    /// The format of the pixels.
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// The height in pixels.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How a Y'CbCr frame's numbers are to be read as colours; without meaning for the other formats.
    pub fn colorimetry(&self) -> Colorimetry {
        self.colorimetry
    }

    /// All planes: one to three, by the format.
    pub fn planes_mut(&mut self) -> &mut [PlaneMut<'a>] {
        &mut self.planes[..self.format.planes()]
    }

    /// One plane; an empty one if the format does not have it.
    pub fn plane_mut(&mut self, index: usize) -> &mut PlaneMut<'a> {
        &mut self.planes[index.min(3)]
    }
}
