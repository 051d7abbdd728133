//! Core's formats and GStreamer's.

use backpack_core::PixelFormat;
use gstreamer_video as gst_video;

/// GStreamer's name of a format.
pub(crate) fn to_gst(format: PixelFormat) -> gst_video::VideoFormat {
    match format {
        PixelFormat::Rgb8 => gst_video::VideoFormat::Rgb,
        PixelFormat::Bgr8 => gst_video::VideoFormat::Bgr,
        PixelFormat::Rgba8 => gst_video::VideoFormat::Rgba,
        PixelFormat::Bgra8 => gst_video::VideoFormat::Bgra,
        PixelFormat::Gray8 => gst_video::VideoFormat::Gray8,
        PixelFormat::I420 => gst_video::VideoFormat::I420,
        PixelFormat::Nv12 => gst_video::VideoFormat::Nv12,
        _ => gst_video::VideoFormat::Unknown,
    }
}

/// The format that GStreamer calls so, if it is one of ours.
pub(crate) fn from_gst(format: gst_video::VideoFormat) -> Option<PixelFormat> {
    PixelFormat::ALL.iter().copied().find(|&ours| to_gst(ours) == format)
}
