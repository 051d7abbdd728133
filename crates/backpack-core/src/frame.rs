use std::fmt;
use std::sync::Arc;

use crate::frame_ref::check_length;
use crate::{Colorimetry, FrameError, FrameMut, FrameRef, Layout, PixelFormat, Timestamp};

/// Pixels that somebody else may still read, such as a decoder that predicts the next frame from this one.
///
/// ```
/// use std::sync::Arc;
///
/// use backpack_core::{Frame, Layout, PixelFormat, SharedPixels};
///
/// let decoded = Arc::new(vec![50; 6]);
/// let pixels: SharedPixels = decoded.clone();
/// let mut frame = Frame::shared(pixels, Layout::tight(2, 1, PixelFormat::Rgb8)?)?;
/// frame.view_mut().plane_mut(0).row_mut(0).fill(200);
/// assert_eq!(frame.bytes(), [200; 6]);
/// assert_eq!(*decoded, [50; 6]); // what the decoder has is as it was
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
pub type SharedPixels = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A frame that owns its pixels or shares them.
///
/// Shared pixels are copied once, when the frame is first [borrowed for drawing](Frame::view_mut); owned ones never are. A clone of a frame
/// copies owned pixels.
///
/// ```
/// use backpack_core::{Frame, PixelFormat, Timestamp};
///
/// let taken = Timestamp::from_millis(40);
/// let mut frame = Frame::new(vec![0; 4 * 2 * 3], 4, 2, PixelFormat::Rgb8)?.with_timestamp(taken);
/// frame.view_mut().plane_mut(0).row_mut(1)[..3].copy_from_slice(&[255, 0, 0]);
/// assert_eq!(frame.bytes()[12..18], [255, 0, 0, 0, 0, 0]);
/// assert_eq!(frame.timestamp(), Some(taken));
/// assert!(frame.into_pixels().is_ok_and(|pixels| pixels.len() == 24));
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Clone)]
pub struct Frame {
    layout: Layout,
    pixels: Pixels,
    timestamp: Option<Timestamp>,
    colorimetry: Colorimetry,
}

#[derive(Clone)]
enum Pixels {
    Owned(Vec<u8>),
    Shared(SharedPixels),
}

impl Frame {
    /// Takes `pixels` as a frame without padding.
    ///
    /// # Errors
    /// [`FrameError::Size`] if a side is 0 or too large, [`FrameError::Length`] unless `pixels` has exactly the length of such a frame.
    pub fn new(pixels: Vec<u8>, width: u32, height: u32, format: PixelFormat) -> Result<Self, FrameError> {
        let layout = Layout::tight(width, height, format)?;
        check_length(&layout, pixels.len(), pixels.len() == layout.size())?;
        Ok(Self::of(layout, Pixels::Owned(pixels)))
    }

    /// Takes `pixels` as a frame with the given layout; there may be more bytes after the last pixel.
    ///
    /// # Errors
    /// [`FrameError::Length`] if `pixels` is too short.
    pub fn with_layout(pixels: Vec<u8>, layout: Layout) -> Result<Self, FrameError> {
        check_length(&layout, pixels.len(), pixels.len() >= layout.size())?;
        Ok(Self::of(layout, Pixels::Owned(pixels)))
    }

    /// Takes pixels that stay in somebody else's memory, without a copy.
    ///
    /// The memory must keep its address and length while the frame lives, as a mapped buffer does.
    ///
    /// # Errors
    /// [`FrameError::Length`] if the memory is too short.
    pub fn shared(pixels: SharedPixels, layout: Layout) -> Result<Self, FrameError> {
        let got = (*pixels).as_ref().len();
        check_length(&layout, got, got >= layout.size())?;
        Ok(Self::of(layout, Pixels::Shared(pixels)))
    }

    /// A black frame, opaque where there is alpha; in Y'CbCr it is black of the limited range (16, 128, 128).
    ///
    /// # Errors
    /// [`FrameError::Size`] if a side is 0 or too large.
    pub fn black(width: u32, height: u32, format: PixelFormat) -> Result<Self, FrameError> {
        let layout = Layout::tight(width, height, format)?;
        let mut pixels = vec![if format.is_yuv() { 128 } else { 0 }; layout.size()];
        match format {
            PixelFormat::I420 | PixelFormat::Nv12 => pixels[layout.range(0)].fill(16),
            PixelFormat::Rgba8 | PixelFormat::Bgra8 => {
                pixels.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
            }
            _ => {}
        }
        Ok(Self::of(layout, Pixels::Owned(pixels)))
    }

    /// A frame of memory that is known to fit.
    fn of(layout: Layout, pixels: Pixels) -> Self {
        Self { layout, pixels, timestamp: None, colorimetry: Colorimetry::assumed_for(layout.height()) }
    }

    /// An owned copy of a borrowed frame, without padding.
    pub(crate) fn copy_of(frame: &FrameRef<'_>) -> Self {
        let layout = Layout::tight(frame.width(), frame.height(), frame.format())
            .expect("a borrowed frame has a size that was checked");
        let mut pixels = Vec::with_capacity(layout.size());
        for plane in frame.planes() {
            plane.rows().for_each(|row| pixels.extend_from_slice(row));
        }
        Self::of(layout, Pixels::Owned(pixels))
            .with_timestamp(frame.timestamp())
            .with_colorimetry(frame.colorimetry())
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

    /// The size, format and place of the planes.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The format of the pixels.
    pub fn format(&self) -> PixelFormat {
        self.layout.format()
    }

    /// The width in pixels.
    pub fn width(&self) -> u32 {
        self.layout.width()
    }

    /// The height in pixels.
    pub fn height(&self) -> u32 {
        self.layout.height()
    }

    /// When the frame was taken, on its stream's clock.
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp
    }

    /// How a Y'CbCr frame's numbers are to be read as colours; without meaning for the other formats.
    pub fn colorimetry(&self) -> Colorimetry {
        self.colorimetry
    }

    /// Whether somebody else may read the pixels, so that drawing copies them first.
    pub fn is_shared(&self) -> bool {
        matches!(self.pixels, Pixels::Shared(_))
    }

    /// All bytes of the frame's memory, padding included.
    pub fn bytes(&self) -> &[u8] {
        match &self.pixels {
            Pixels::Owned(pixels) => pixels,
            Pixels::Shared(pixels) => (**pixels).as_ref(),
        }
    }

    /// Gives back the memory of a frame that owns it, to be used again.
    ///
    /// # Errors
    /// The frame itself if its pixels are shared.
    pub fn into_pixels(self) -> Result<Vec<u8>, Frame> {
        match self.pixels {
            Pixels::Owned(pixels) => Ok(pixels),
            Pixels::Shared(_) => Err(self),
        }
    }

    /// Borrows the frame for reading.
    pub fn view(&self) -> FrameRef<'_> {
        FrameRef::of(&self.layout, self.bytes())
            .with_timestamp(self.timestamp)
            .with_colorimetry(self.colorimetry)
    }

    /// Borrows the frame for drawing; shared pixels are copied first.
    pub fn view_mut(&mut self) -> FrameMut<'_> {
        if let Pixels::Shared(_) = self.pixels {
            *self = Self::copy_of(&self.view());
        }
        match &mut self.pixels {
            Pixels::Owned(pixels) => FrameMut::of(&self.layout, pixels).with_colorimetry(self.colorimetry),
            Pixels::Shared(_) => unreachable!("a copy owns its pixels"),
        }
    }
}

/// The frame's memory, so that it can be handed on without a copy.
impl AsRef<[u8]> for Frame {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl<'a> From<&'a Frame> for FrameRef<'a> {
    fn from(frame: &'a Frame) -> Self {
        frame.view()
    }
}

/// Copies the pixels.
impl From<FrameRef<'_>> for Frame {
    fn from(frame: FrameRef<'_>) -> Self {
        frame.to_frame()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("layout", &self.layout)
            .field("shared", &self.is_shared())
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}
