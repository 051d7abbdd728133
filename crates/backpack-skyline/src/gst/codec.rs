use crate::Codec;

/// What units of this codec are called in caps.
pub(crate) fn media_type(codec: Codec) -> &'static str {
    match codec {
        Codec::H264 => "video/x-h264",
        Codec::H265 => "video/x-h265",
    }
}

/// The element that brings the units of this codec into the form that the next element wants.
pub(crate) fn parser(codec: Codec) -> &'static str {
    match codec {
        Codec::H264 => "h264parse",
        Codec::H265 => "h265parse",
    }
}
