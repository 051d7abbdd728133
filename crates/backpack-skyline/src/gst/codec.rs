use gstreamer as gst;

use crate::Codec;

/// The beginning of the caps of access units of this codec, each a byte stream of its own.
pub(crate) fn unit_caps(codec: Codec) -> gst::caps::Builder<gst::caps::NoFeature> {
    let media_type = match codec {
        Codec::H264 => "video/x-h264",
        Codec::H265 => "video/x-h265",
    };
    gst::Caps::builder(media_type).field("stream-format", "byte-stream").field("alignment", "au")
}

/// The element that brings the units of this codec into the form that the next element wants.
pub(crate) fn parser(codec: Codec) -> &'static str {
    match codec {
        Codec::H264 => "h264parse",
        Codec::H265 => "h265parse",
    }
}
