use std::sync::{Arc, Mutex, Weak};

use backpack_core::{
    ColorRange, Colorimetry, Frame, FrameMut, FrameRef, Layout, Matrix, PixelFormat, PlaneMut,
};
use yuv::{BufferStoreMut, YuvConversionMode, YuvError, YuvPlanarImageMut, YuvRange, YuvStandardMatrix};

use crate::lock::lock;

/// How many buffers that nobody uses are kept.
const SPARE: usize = 8;

/// Takes frames of any format into what every encoder takes: I420 with even sides. The memory is used again once a frame is dropped.
#[derive(Debug, Clone, Default)]
pub(crate) struct I420Pool(Arc<Mutex<Vec<Vec<u8>>>>);

/// The memory of one frame, which goes back to its pool.
struct Pooled {
    pixels: Vec<u8>,
    pool: Weak<Mutex<Vec<Vec<u8>>>>,
}

impl AsRef<[u8]> for Pooled {
    fn as_ref(&self) -> &[u8] {
        &self.pixels
    }
}

impl Drop for Pooled {
    fn drop(&mut self) {
        let Some(pool) = self.pool.upgrade() else { return };
        let mut spare = lock(&pool);
        if spare.len() < SPARE {
            spare.push(std::mem::take(&mut self.pixels));
        }
    }
}

impl I420Pool {
    /// The same picture in I420; of odd sides the last row and column are left out.
    pub(crate) fn take_in(&self, frame: &FrameRef<'_>) -> Result<Frame, String> {
        let (width, height) = (frame.width() & !1, frame.height() & !1);
        let layout = Layout::tight(width, height, PixelFormat::I420).map_err(text)?;
        let mut pixels = self.memory(layout.size());
        let mut target = FrameMut::with_layout(&mut pixels, &layout).map_err(text)?;
        fill(&mut target, frame)?;
        let pooled = Pooled { pixels, pool: Arc::downgrade(&self.0) };
        let taken = Frame::shared(Arc::new(pooled), layout).map_err(text)?;
        Ok(taken.with_timestamp(frame.timestamp()).with_colorimetry(frame.colorimetry()))
    }

    /// Memory of this size, whatever is in it.
    fn memory(&self, size: usize) -> Vec<u8> {
        let mut spare = lock(&self.0);
        // After a change of size the old buffers are of no use.
        spare.retain(|pixels| pixels.len() == size);
        let pixels = spare.pop();
        drop(spare);
        pixels.unwrap_or_else(|| vec![0; size])
    }
}

fn fill(target: &mut FrameMut<'_>, frame: &FrameRef<'_>) -> Result<(), String> {
    let (width, height) = (target.width(), target.height());
    let [y, u, v] = target.planes_mut() else { return Err("I420 has three planes".into()) };
    let planes = [y, u, v];
    match frame.format() {
        PixelFormat::Rgb8 => fill_from_rgb(planes, width, height, frame, yuv::rgb_to_yuv420),
        PixelFormat::Bgr8 => fill_from_rgb(planes, width, height, frame, yuv::bgr_to_yuv420),
        PixelFormat::Rgba8 => fill_from_rgb(planes, width, height, frame, yuv::rgba_to_yuv420),
        PixelFormat::Bgra8 => fill_from_rgb(planes, width, height, frame, yuv::bgra_to_yuv420),
        PixelFormat::Gray8 => {
            fill_from_gray(planes, frame);
            Ok(())
        }
        PixelFormat::Nv12 => {
            fill_from_nv12(planes, frame);
            Ok(())
        }
        PixelFormat::I420 => {
            for (plane, target) in planes.into_iter().enumerate() {
                copy_rows(target, frame, plane);
            }
            Ok(())
        }
        other => Err(format!("frames of format {other} cannot be encoded")),
    }
}

type FromRgb = fn(
    &mut YuvPlanarImageMut<'_, u8>,
    &[u8],
    u32,
    YuvRange,
    YuvStandardMatrix,
    YuvConversionMode,
) -> Result<(), YuvError>;

fn fill_from_rgb(
    [y, u, v]: [&mut PlaneMut<'_>; 3],
    width: u32,
    height: u32,
    frame: &FrameRef<'_>,
    convert: FromRgb,
) -> Result<(), String> {
    let [y_stride, u_stride, v_stride] = [&y, &u, &v].map(|plane| plane.stride() as u32);
    let mut image = YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y.data_mut()),
        y_stride,
        u_plane: BufferStoreMut::Borrowed(u.data_mut()),
        u_stride,
        v_plane: BufferStoreMut::Borrowed(v.data_mut()),
        v_stride,
        width,
        height,
    };
    let source = frame.plane(0);
    let stride = u32::try_from(source.stride()).map_err(text)?;
    let Colorimetry { matrix, range } = frame.colorimetry();
    let range = match range {
        ColorRange::Limited => YuvRange::Limited,
        ColorRange::Full => YuvRange::Full,
    };
    let matrix = match matrix {
        Matrix::Bt709 => YuvStandardMatrix::Bt709,
        _ => YuvStandardMatrix::Bt601,
    };
    convert(&mut image, source.data(), stride, range, matrix, YuvConversionMode::Balanced).map_err(text)
}

/// Grey pictures use all values from 0 to 255, video by default only those from 16 to 235.
fn fill_from_gray([y, u, v]: [&mut PlaneMut<'_>; 3], frame: &FrameRef<'_>) {
    let luma: [u8; 256] = match frame.colorimetry().range {
        ColorRange::Full => std::array::from_fn(|value| value as u8),
        ColorRange::Limited => std::array::from_fn(|value| (16 + (value * 219 + 127) / 255) as u8),
    };
    for (to, from) in y.rows_mut().zip(frame.plane(0).rows()) {
        for (to, from) in to.iter_mut().zip(from) {
            *to = luma[usize::from(*from)];
        }
    }
    u.data_mut().fill(128);
    v.data_mut().fill(128);
}

fn fill_from_nv12([y, u, v]: [&mut PlaneMut<'_>; 3], frame: &FrameRef<'_>) {
    copy_rows(y, frame, 0);
    for ((u, v), from) in u.rows_mut().zip(v.rows_mut()).zip(frame.plane(1).rows()) {
        for ((u, v), pair) in u.iter_mut().zip(v).zip(from.chunks_exact(2)) {
            (*u, *v) = (pair[0], pair[1]);
        }
    }
}

/// Copies as much of a plane as the target has room for.
fn copy_rows(target: &mut PlaneMut<'_>, frame: &FrameRef<'_>, plane: usize) {
    for (to, from) in target.rows_mut().zip(frame.plane(plane).rows()) {
        let length = to.len();
        to.copy_from_slice(&from[..length]);
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use backpack_core::Timestamp;

    #[test]
    fn memory_is_used_again_once_its_frame_is_dropped() {
        let pool = I420Pool::default();
        let frame =
            Frame::black(64, 32, PixelFormat::Bgr8).unwrap().with_timestamp(Timestamp::from_millis(7));
        let first = pool.take_in(&frame.view()).unwrap();
        let place = first.bytes().as_ptr();
        let second = pool.take_in(&frame.view()).unwrap();
        assert_ne!(second.bytes().as_ptr(), place, "the first is still in use");
        assert_eq!(first.timestamp(), frame.timestamp());
        drop(first);
        assert_eq!(pool.take_in(&frame.view()).unwrap().bytes().as_ptr(), place);
    }

    #[test]
    fn memory_of_another_size_is_given_up() {
        let pool = I420Pool::default();
        let take = |width| {
            let frame = Frame::black(width, 32, PixelFormat::Gray8).unwrap();
            pool.take_in(&frame.view()).unwrap().bytes().len()
        };
        assert_eq!((take(64), take(33)), (64 * 32 * 3 / 2, 32 * 32 * 3 / 2));
        assert_eq!(lock(&pool.0).len(), 1);
    }
}
