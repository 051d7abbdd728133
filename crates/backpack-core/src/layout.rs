use std::ops::Range;

use crate::{FrameError, PixelFormat};

/// The largest width and height of a frame, in pixels: far above any camera, and small enough that sizes in bytes cannot overflow.
const MAX_SIDE: u32 = 1 << 16;

/// Where one plane of a frame lies in its memory.
///
/// ```
/// use backpack_core::{FrameRef, Layout, PixelFormat, PlaneLayout};
///
/// // A camera begins each row of 3 pixels at a multiple of 4 bytes.
/// let rows = PlaneLayout { offset: 0, stride: 4 };
/// let layout = Layout::padded(3, 2, PixelFormat::Gray8, &[rows])?;
/// let frame = FrameRef::with_layout(&[1, 2, 3, 0, 4, 5, 6, 0], &layout)?;
/// assert_eq!(frame.plane(0).row(1), [4, 5, 6]);
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlaneLayout {
    /// Index of the plane's first byte.
    pub offset: usize,
    /// Bytes from the beginning of one row to the beginning of the next.
    pub stride: usize,
}

/// The size and format of a frame, and where its planes lie in one piece of memory.
///
/// ```
/// use backpack_core::{FrameError, Layout, PixelFormat, PlaneLayout};
///
/// let tight = Layout::tight(1920, 1080, PixelFormat::Nv12)?;
/// assert_eq!(tight.size(), 1920 * 1080 * 3 / 2);
///
/// // A hardware decoder pads the picture to 1088 rows of 2048 bytes.
/// let planes = [0, 2048 * 1088].map(|offset| PlaneLayout { offset, stride: 2048 });
/// let padded = Layout::padded(1920, 1080, PixelFormat::Nv12, &planes)?;
/// assert_eq!((padded.planes()[1].offset, padded.is_tight()), (2048 * 1088, false));
/// let too_narrow = Layout::padded(2050, 1080, PixelFormat::Nv12, &planes);
/// assert!(matches!(too_narrow, Err(FrameError::Stride { plane: 0, stride: 2048, expected: 2050 })));
/// # Ok::<(), backpack_core::FrameError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    format: PixelFormat,
    width: u32,
    height: u32,
    planes: [PlaneLayout; 3],
}

impl Layout {
    /// The layout without padding: each plane follows the one before, each row the one above.
    ///
    /// # Errors
    /// [`FrameError::Size`] if a side is 0 or above 65 536 pixels.
    pub fn tight(width: u32, height: u32, format: PixelFormat) -> Result<Self, FrameError> {
        check_size(width, height)?;
        let mut planes = [PlaneLayout::default(); 3];
        let mut offset = 0;
        for (index, plane) in planes.iter_mut().enumerate().take(format.planes()) {
            let stride = format.row_bytes(index, width);
            *plane = PlaneLayout { offset, stride };
            offset += stride * format.rows(index, height);
        }
        Ok(Self { format, width, height, planes })
    }

    /// A layout with rows or planes that are padded, as decoders and cameras produce them.
    ///
    /// # Errors
    /// - [`FrameError::Size`] if a side is 0 or above 65 536 pixels;
    /// - [`FrameError::PlaneCount`] if there are more or fewer planes than the format has;
    /// - [`FrameError::Stride`] if a stride is smaller than a row of pixels;
    /// - [`FrameError::Overlap`] if a plane begins before the one before it ends.
    pub fn padded(
        width: u32,
        height: u32,
        format: PixelFormat,
        planes: &[PlaneLayout],
    ) -> Result<Self, FrameError> {
        check_size(width, height)?;
        if planes.len() != format.planes() {
            return Err(FrameError::PlaneCount { format, expected: format.planes(), got: planes.len() });
        }
        let mut layout = Self { format, width, height, planes: [PlaneLayout::default(); 3] };
        let mut end = 0;
        for (index, plane) in planes.iter().enumerate() {
            check_stride(format, index, width, plane.stride)?;
            if plane.offset < end {
                return Err(FrameError::Overlap { plane: index, offset: plane.offset, expected: end });
            }
            layout.planes[index] = *plane;
            end = layout.range(index).end;
        }
        Ok(layout)
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

    /// Where the planes lie; one to three of them, by the format.
    pub fn planes(&self) -> &[PlaneLayout] {
        &self.planes[..self.format.planes()]
    }

    /// How many bytes the memory must at least have.
    pub fn size(&self) -> usize {
        self.range(self.format.planes() - 1).end
    }

    /// Whether there is no padding between rows or planes.
    pub fn is_tight(&self) -> bool {
        Self::tight(self.width, self.height, self.format).is_ok_and(|tight| tight == *self)
    }

    /// The bytes from the plane's first pixel to its last; padding after the last row does not count.
    pub(crate) fn range(&self, plane: usize) -> Range<usize> {
        let PlaneLayout { offset, stride } = self.planes[plane];
        let length = needed_bytes(self.format, plane, self.width, self.height, stride);
        offset..offset.saturating_add(length)
    }
}

/// Refuses sizes that no frame has.
pub(crate) fn check_size(width: u32, height: u32) -> Result<(), FrameError> {
    if (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) {
        Ok(())
    } else {
        Err(FrameError::Size { width, height, max: MAX_SIDE })
    }
}

/// Refuses a stride below the bytes of a row.
pub(crate) fn check_stride(
    format: PixelFormat,
    plane: usize,
    width: u32,
    stride: usize,
) -> Result<(), FrameError> {
    let expected = format.row_bytes(plane, width);
    if stride >= expected { Ok(()) } else { Err(FrameError::Stride { plane, stride, expected }) }
}

/// The bytes from the first pixel of a plane to its last.
pub(crate) fn needed_bytes(
    format: PixelFormat,
    plane: usize,
    width: u32,
    height: u32,
    stride: usize,
) -> usize {
    stride.saturating_mul(format.rows(plane, height) - 1).saturating_add(format.row_bytes(plane, width))
}
