use backpack_core::{ColorRange, Colorimetry, Frame, Matrix, PixelFormat};
use gstreamer as gst;
use gstreamer_video as gst_video;

use super::Scaler;
use crate::VideoSpec;
use crate::i420::I420Pool;

/// Brings frames of any format, size and colorimetry into the form of one stream, as I420.
///
/// I420 frames that fit are handed on as they lie in memory; others are converted once.
pub(crate) struct Converter {
    info: gst_video::VideoInfo,
    size: (u32, u32),
    colorimetry: Colorimetry,
    pool: I420Pool,
    scaler: Scaler,
}

impl Converter {
    /// For a stream that begins with `first`, whose colorimetry is that of the stream.
    pub(crate) fn new(video: &VideoSpec, first: &Frame, pool: I420Pool) -> Result<Self, String> {
        let (width, height) = video.encoded_size();
        let signed = |value: u32| i32::try_from(value).unwrap_or(i32::MAX);
        let rate = video.frame_rate;
        let colorimetry = first.colorimetry();
        let info = gst_video::VideoInfo::builder(gst_video::VideoFormat::I420, width, height)
            .fps(gst::Fraction::new(signed(rate.numerator()), signed(rate.denominator())))
            .colorimetry(&video_colorimetry(colorimetry))
            .build()
            .map_err(|error| error.to_string())?;
        let scaler = Scaler::new(info.clone());
        Ok(Self { info, size: (video.width, video.height), colorimetry, pool, scaler })
    }

    /// The caps of what comes out.
    pub(crate) fn caps(&self) -> Result<gst::Caps, String> {
        self.info.to_caps().map_err(|error| error.to_string())
    }

    pub(crate) fn convert(&mut self, frame: Frame) -> Result<gst::Buffer, String> {
        if !self.fits(&frame) {
            return self.scaler.scale(frame);
        }
        match frame.format() {
            PixelFormat::I420 => wrap(frame, (self.info.width(), self.info.height())),
            _ => {
                let view = frame.view().with_colorimetry(self.colorimetry);
                let taken = self.pool.take_in(&view)?;
                wrap(taken, (self.info.width(), self.info.height()))
            }
        }
    }

    /// Whether the frame has the stream's size and, if it is in Y'CbCr already, its colorimetry.
    fn fits(&self, frame: &Frame) -> bool {
        let (width, height) = (frame.width(), frame.height());
        let encoded = (self.info.width(), self.info.height());
        // What was taken in before has lost its odd row and column already.
        ((width, height) == self.size || (width, height) == encoded)
            && (!frame.format().is_yuv() || frame.colorimetry() == self.colorimetry)
    }
}

/// The same memory as a buffer of a picture of this size. The meta says where the planes lie; without it a padded frame would be misread.
pub(super) fn wrap(frame: Frame, (width, height): (u32, u32)) -> Result<gst::Buffer, String> {
    let format = video_format(frame.format())?;
    let planes = frame.layout().planes();
    let offsets: Vec<usize> = planes.iter().map(|plane| plane.offset).collect();
    let strides: Vec<i32> =
        planes.iter().map(|plane| i32::try_from(plane.stride).unwrap_or(i32::MAX)).collect();
    let mut buffer = gst::Buffer::from_slice(frame);
    let flags = gst_video::VideoFrameFlags::empty();
    gst_video::VideoMeta::add_full(buffer.make_mut(), flags, format, width, height, &offsets, &strides)
        .map_err(|error| error.to_string())?;
    Ok(buffer)
}

pub(super) fn video_format(format: PixelFormat) -> Result<gst_video::VideoFormat, String> {
    use gst_video::VideoFormat;
    Ok(match format {
        PixelFormat::Rgb8 => VideoFormat::Rgb,
        PixelFormat::Bgr8 => VideoFormat::Bgr,
        PixelFormat::Rgba8 => VideoFormat::Rgba,
        PixelFormat::Bgra8 => VideoFormat::Bgra,
        PixelFormat::Gray8 => VideoFormat::Gray8,
        PixelFormat::I420 => VideoFormat::I420,
        PixelFormat::Nv12 => VideoFormat::Nv12,
        other => return Err(format!("frames of format {other} cannot be encoded")),
    })
}

pub(super) fn video_colorimetry(colorimetry: Colorimetry) -> gst_video::VideoColorimetry {
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
