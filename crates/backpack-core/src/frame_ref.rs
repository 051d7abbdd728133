use crate::layout::{check_size, check_stride, needed_bytes};
use crate::{Colorimetry, Frame, FrameError, Layout, PixelFormat, Plane, Timestamp};

/// A frame whose pixels are borrowed, for reading.
///
/// ```
/// use backpack_core::{FrameRef, PixelFormat};
///
/// // A decoder has the planes in two places, and pads rows of 10 bytes to 16.
/// let (luma, chroma) = ([81; 16 * 2], [128; 16]);
/// let frame = FrameRef::from_planes(&[(&luma, 16), (&chroma, 16)], 10, 2, PixelFormat::Nv12)?;
/// assert_eq!(frame.plane(0).row(1), [81; 10]);
///
/// let copy = frame.to_frame();
/// assert!(copy.layout().is_tight());
/// assert_eq!(copy.bytes().len(), 10 * 2 + 10);
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FrameRef<'a> {
    format: PixelFormat,
    width: u32,
    height: u32,
    planes: [Plane<'a>; 3],
    timestamp: Option<Timestamp>,
    colorimetry: Colorimetry,
}

impl<'a> FrameRef<'a> {
    /// Borrows `pixels` as a frame without padding.
    ///
    /// # Errors
    /// [`FrameError::Size`] if a side is 0 or too large, [`FrameError::Length`] unless `pixels` has exactly the length of such a frame.
    pub fn new(pixels: &'a [u8], width: u32, height: u32, format: PixelFormat) -> Result<Self, FrameError> {
        let layout = Layout::tight(width, height, format)?;
        check_length(&layout, pixels.len(), pixels.len() == layout.size())?;
        Ok(Self::of(&layout, pixels))
    }

    /// Borrows `pixels` as a frame with the given layout; there may be more bytes after the last pixel.
    ///
    /// # Errors
    /// [`FrameError::Length`] if `pixels` is too short.
    pub fn with_layout(pixels: &'a [u8], layout: &Layout) -> Result<Self, FrameError> {
        check_length(layout, pixels.len(), pixels.len() >= layout.size())?;
        Ok(Self::of(layout, pixels))
    }

    /// Borrows a frame whose planes lie in separate pieces of memory, each with its stride in bytes.
    ///
    /// # Errors
    /// [`FrameError::Size`], [`FrameError::PlaneCount`], [`FrameError::Stride`] or [`FrameError::Length`] if something does not fit.
    pub fn from_planes(
        planes: &[(&'a [u8], usize)],
        width: u32,
        height: u32,
        format: PixelFormat,
    ) -> Result<Self, FrameError> {
        check_size(width, height)?;
        if planes.len() != format.planes() {
            return Err(FrameError::PlaneCount { format, expected: format.planes(), got: planes.len() });
        }
        let colorimetry = Colorimetry::assumed_for(height);
        let planes_so_far = [Plane::new(&[], 1, 0); 3];
        let mut frame = Self { format, width, height, planes: planes_so_far, timestamp: None, colorimetry };
        for (index, &(data, stride)) in planes.iter().enumerate() {
            check_stride(format, index, width, stride)?;
            let expected = needed_bytes(format, index, width, height, stride);
            let data = data.get(..expected).ok_or(FrameError::Length {
                format,
                width,
                height,
                plane: Some(index),
                expected,
                got: data.len(),
            })?;
            frame.planes[index] = Plane::new(data, stride, format.row_bytes(index, width));
        }
        Ok(frame)
    }

    /// A view of memory that is known to fit.
    pub(crate) fn of(layout: &Layout, pixels: &'a [u8]) -> Self {
        let mut planes = [Plane::new(&[], 1, 0); 3];
        for (index, plane) in planes.iter_mut().enumerate().take(layout.format().planes()) {
            let stride = layout.planes()[index].stride;
            *plane = Plane::new(
                &pixels[layout.range(index)],
                stride,
                layout.format().row_bytes(index, layout.width()),
            );
        }
        let (width, height) = (layout.width(), layout.height());
        let colorimetry = Colorimetry::assumed_for(height);
        Self { format: layout.format(), width, height, planes, timestamp: None, colorimetry }
    }

    /// The same frame with this timestamp.
    #[must_use]
    pub fn with_timestamp(mut self, timestamp: impl Into<Option<Timestamp>>) -> Self {
        self.timestamp = timestamp.into();
        self
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

    /// When the frame was taken, on its stream's clock.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// How a Y'CbCr frame's numbers are to be read as colours; without meaning for the other formats.
    pub fn colorimetry(&self) -> Colorimetry {
        self.colorimetry
    }

    /// All planes: one to three, by the format.
    pub fn planes(&self) -> &[Plane<'a>] {
        &self.planes[..self.format.planes()]
    }

    /// One plane; an empty one if the format does not have it.
    pub fn plane(&self, index: usize) -> Plane<'a> {
        self.planes.get(index).copied().unwrap_or(Plane::new(&[], 1, 0))
    }

    /// The luminance plane, for formats that have one: I420, NV12 and Gray8.
    pub fn luma(&self) -> Option<Plane<'a>> {
        matches!(self.format, PixelFormat::I420 | PixelFormat::Nv12 | PixelFormat::Gray8)
            .then(|| self.planes[0])
    }

    /// An owned copy without padding.
    pub fn to_frame(&self) -> Frame {
        Frame::copy_of(self)
    }
}

/// The error for memory of the wrong length, unless it fits.
pub(crate) fn check_length(layout: &Layout, got: usize, fits: bool) -> Result<(), FrameError> {
    if fits {
        return Ok(());
    }
    let (format, width, height) = (layout.format(), layout.width(), layout.height());
    Err(FrameError::Length { format, width, height, plane: None, expected: layout.size(), got })
}
