use backpack_core::{ColorRange, Colorimetry, Frame, FrameRef, Matrix, PixelFormat};
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_video as gst_video;
use gstreamer_video::prelude::*;
use yuv::{BufferStoreMut, YuvConversionMode, YuvError, YuvPlanarImageMut, YuvRange, YuvStandardMatrix};

use crate::VideoSpec;

/// Brings frames of any format into what every H.264 encoder takes: I420 with even sides.
///
/// I420 frames are handed on as they lie in memory; all others are converted into a pooled buffer.
pub(crate) struct Converter {
    width: u32,
    height: u32,
    frame_rate: gst::Fraction,
    pool: Option<Pool>,
}

struct Pool {
    info: gst_video::VideoInfo,
    buffers: gst_video::VideoBufferPool,
}

impl Converter {
    pub(crate) fn new(video: &VideoSpec) -> Self {
        let (width, height) = video.encoded_size();
        let signed = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let rate = video.frame_rate;
        let frame_rate = gst::Fraction::new(signed(rate.numerator()), signed(rate.denominator()));
        Self { width, height, frame_rate, pool: None }
    }

    /// The caps of the encoder's input, for a stream that begins with `first`.
    pub(crate) fn caps(&self, first: &Frame) -> Result<gst::Caps, String> {
        self.info(first.colorimetry())?.to_caps().map_err(|error| error.to_string())
    }

    fn info(&self, colorimetry: Colorimetry) -> Result<gst_video::VideoInfo, String> {
        gst_video::VideoInfo::builder(gst_video::VideoFormat::I420, self.width, self.height)
            .fps(self.frame_rate)
            .colorimetry(&video_colorimetry(colorimetry))
            .build()
            .map_err(|error| error.to_string())
    }

    pub(crate) fn convert(&mut self, frame: Frame) -> Result<gst::Buffer, String> {
        match frame.format() {
            PixelFormat::I420 => self.wrap(frame),
            _ => self.convert_pixels(&frame.view()),
        }
    }

    /// The same memory as a buffer. The meta says where the planes lie; without it a padded frame would be misread.
    fn wrap(&self, frame: Frame) -> Result<gst::Buffer, String> {
        let planes = frame.layout().planes();
        let offsets: [usize; 3] = std::array::from_fn(|index| planes[index].offset);
        let strides: [i32; 3] =
            std::array::from_fn(|index| i32::try_from(planes[index].stride).unwrap_or(i32::MAX));
        let mut buffer = gst::Buffer::from_slice(frame);
        gst_video::VideoMeta::add_full(
            buffer.make_mut(),
            gst_video::VideoFrameFlags::empty(),
            gst_video::VideoFormat::I420,
            self.width,
            self.height,
            &offsets,
            &strides,
        )
        .map_err(|error| error.to_string())?;
        Ok(buffer)
    }

    fn convert_pixels(&mut self, frame: &FrameRef<'_>) -> Result<gst::Buffer, String> {
        if self.pool.is_none() {
            self.pool = Some(Pool::new(self.info(frame.colorimetry())?)?);
        }
        let Some(pool) = &self.pool else { return Err("there is no buffer pool".into()) };
        let mut buffer = pool.buffers.acquire_buffer(None).map_err(|error| error.to_string())?;
        let mut target = gst_video::VideoFrameRef::from_buffer_ref_writable(buffer.make_mut(), &pool.info)
            .map_err(|error| error.to_string())?;
        fill(&mut target, frame)?;
        drop(target);
        Ok(buffer)
    }
}

impl Pool {
    fn new(info: gst_video::VideoInfo) -> Result<Self, String> {
        let text = |error: gst::glib::BoolError| error.to_string();
        let caps = info.to_caps().map_err(text)?;
        let size = u32::try_from(info.size()).map_err(|error| error.to_string())?;
        let buffers = gst_video::VideoBufferPool::new();
        let mut config = buffers.config();
        config.set_params(Some(&caps), size, 0, 0);
        buffers.set_config(config).map_err(text)?;
        buffers.set_active(true).map_err(text)?;
        Ok(Self { info, buffers })
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // Buffers that the encoder still holds are freed when they come back; there is nothing to do about a refusal.
        let _ = self.buffers.set_active(false);
    }
}

type Target<'a> = gst_video::VideoFrameRef<&'a mut gst::BufferRef>;

fn fill(target: &mut Target<'_>, frame: &FrameRef<'_>) -> Result<(), String> {
    match frame.format() {
        PixelFormat::Rgb8 => fill_from_rgb(target, frame, yuv::rgb_to_yuv420),
        PixelFormat::Bgr8 => fill_from_rgb(target, frame, yuv::bgr_to_yuv420),
        PixelFormat::Rgba8 => fill_from_rgb(target, frame, yuv::rgba_to_yuv420),
        PixelFormat::Bgra8 => fill_from_rgb(target, frame, yuv::bgra_to_yuv420),
        PixelFormat::Gray8 => {
            fill_from_gray(target, frame);
            Ok(())
        }
        PixelFormat::Nv12 => {
            fill_from_nv12(target, frame);
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

fn fill_from_rgb(target: &mut Target<'_>, frame: &FrameRef<'_>, convert: FromRgb) -> Result<(), String> {
    let (width, height) = (target.width(), target.height());
    let [y_stride, u_stride, v_stride] = strides(target).map(|stride| stride as u32);
    let [y, u, v, _] = target.planes_data_mut();
    let mut image = YuvPlanarImageMut {
        y_plane: BufferStoreMut::Borrowed(y),
        y_stride,
        u_plane: BufferStoreMut::Borrowed(u),
        u_stride,
        v_plane: BufferStoreMut::Borrowed(v),
        v_stride,
        width,
        height,
    };
    let source = frame.plane(0);
    let stride = u32::try_from(source.stride()).map_err(|error| error.to_string())?;
    let Colorimetry { matrix, range } = frame.colorimetry();
    let range = match range {
        ColorRange::Limited => YuvRange::Limited,
        ColorRange::Full => YuvRange::Full,
    };
    let matrix = match matrix {
        Matrix::Bt709 => YuvStandardMatrix::Bt709,
        _ => YuvStandardMatrix::Bt601,
    };
    convert(&mut image, source.data(), stride, range, matrix, YuvConversionMode::Balanced)
        .map_err(|error| error.to_string())
}

/// Grey pictures use all values from 0 to 255, video by default only those from 16 to 235.
fn fill_from_gray(target: &mut Target<'_>, frame: &FrameRef<'_>) {
    let luma: [u8; 256] = match frame.colorimetry().range {
        ColorRange::Full => std::array::from_fn(|value| value as u8),
        ColorRange::Limited => std::array::from_fn(|value| (16 + (value * 219 + 127) / 255) as u8),
    };
    let [y_stride, ..] = strides(target);
    let width = target.width() as usize;
    let [y, u, v, _] = target.planes_data_mut();
    for (to, from) in y.chunks_mut(y_stride).zip(frame.plane(0).rows()) {
        for (to, from) in to.iter_mut().zip(&from[..width]) {
            *to = luma[usize::from(*from)];
        }
    }
    u.fill(128);
    v.fill(128);
}

fn fill_from_nv12(target: &mut Target<'_>, frame: &FrameRef<'_>) {
    let [y_stride, u_stride, v_stride] = strides(target);
    let width = target.width() as usize;
    let [y, u, v, _] = target.planes_data_mut();
    for (to, from) in y.chunks_mut(y_stride).zip(frame.plane(0).rows()) {
        to[..width].copy_from_slice(&from[..width]);
    }
    let targets = u.chunks_mut(u_stride).zip(v.chunks_mut(v_stride));
    for ((u, v), from) in targets.zip(frame.plane(1).rows()) {
        for ((u, v), pair) in u.iter_mut().zip(v).zip(from.chunks_exact(2)).take(width / 2) {
            (*u, *v) = (pair[0], pair[1]);
        }
    }
}

/// The bytes from row to row in the three planes of a buffer that GStreamer made, which are positive.
fn strides(target: &Target<'_>) -> [usize; 3] {
    let strides = target.plane_stride();
    std::array::from_fn(|plane| strides[plane].unsigned_abs() as usize)
}

fn video_colorimetry(colorimetry: Colorimetry) -> gst_video::VideoColorimetry {
    use gst_video::{VideoColorMatrix, VideoColorPrimaries, VideoColorRange, VideoTransferFunction};
    let range = match colorimetry.range {
        ColorRange::Limited => VideoColorRange::Range16_235,
        ColorRange::Full => VideoColorRange::Range0_255,
    };
    let (matrix, transfer, primaries) = match colorimetry.matrix {
        Matrix::Bt709 => (VideoColorMatrix::Bt709, VideoTransferFunction::Bt709, VideoColorPrimaries::Bt709),
        _ => (VideoColorMatrix::Bt601, VideoTransferFunction::Bt601, VideoColorPrimaries::Smpte170m),
    };
    gst_video::VideoColorimetry::new(range, matrix, transfer, primaries)
}
