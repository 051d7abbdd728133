//! Which Debian package, also of Ubuntu and Raspberry Pi OS, has what is missing.

/// The package of an element that this crate or a user's description names.
pub(crate) fn of_element(element: &str) -> Option<&'static str> {
    Some(match element {
        "filesrc" | "capsfilter" | "identity" | "queue" | "tee" | "fakesink" => "libgstreamer1.0-0",
        "videotestsrc" | "videoconvert" | "videoscale" | "videorate" | "uridecodebin" | "decodebin"
        | "appsink" | "tcpclientsrc" => "gstreamer1.0-plugins-base",
        "v4l2src" | "rtspsrc" | "souphttpsrc" | "udpsrc" | "jpegdec" | "jpegenc" | "vp8dec" | "vp9dec"
        | "qtdemux" | "matroskademux" | "avidemux" | "multipartdemux" | "rtph264depay" | "rtph265depay"
        | "rtpjpegdepay" => "gstreamer1.0-plugins-good",
        "h264parse" | "h265parse" | "tsdemux" | "openh264dec" | "openh264enc" | "srtsrc" | "rtmpsrc"
        | "rtmp2src" | "hlsdemux" | "dashdemux" | "vah264dec" | "vah265dec" | "v4l2slh264dec" => {
            "gstreamer1.0-plugins-bad"
        }
        "x264enc" | "asfdemux" | "mpeg2dec" => "gstreamer1.0-plugins-ugly",
        "libcamerasrc" => "gstreamer1.0-libcamera",
        "pipewiresrc" => "gstreamer1.0-pipewire",
        _ if element.starts_with("av") => "gstreamer1.0-libav",
        _ => return None,
    })
}

/// The package of a source for addresses that begin with `scheme://`.
pub(crate) fn of_scheme(scheme: &str) -> Option<&'static str> {
    match scheme {
        "rtsp" | "rtsps" | "rtspt" | "rtspu" => of_element("rtspsrc"),
        "http" | "https" => of_element("souphttpsrc"),
        "udp" => of_element("udpsrc"),
        "srt" => of_element("srtsrc"),
        "rtmp" | "rtmps" => of_element("rtmp2src"),
        _ => None,
    }
}

/// The package of a decoder, parser or demuxer for the given media type, by what can be had of it on every machine.
pub(crate) fn of_media_type(media_type: &str) -> Option<&'static str> {
    match media_type {
        "image/jpeg"
        | "video/x-vp8"
        | "video/x-vp9"
        | "video/quicktime"
        | "video/x-matroska"
        | "video/webm"
        | "video/x-msvideo"
        | "multipart/x-mixed-replace" => of_element("jpegdec"),
        "video/mpegts" | "application/x-hls" | "application/dash+xml" => of_element("tsdemux"),
        "video/x-ms-asf" => of_element("asfdemux"),
        _ if media_type.starts_with("video/") => of_element("avdec_h264"),
        _ => None,
    }
}
