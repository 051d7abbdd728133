use gstreamer as gst;
use gstreamer::prelude::*;

/// An H.264 encoder element that is known here, and how it is told what to do.
pub(crate) struct EncoderKind {
    /// The element's name in GStreamer.
    pub(crate) element: &'static str,
    /// An element that must stand before it, such as one that moves frames into the device's memory.
    pub(crate) before: Option<&'static str>,
    /// Sets the element's properties.
    pub(crate) configure: fn(&gst::Element, &Settings),
}

/// What an encoder is told, in common units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) bitrate_kbps: u32,
    /// From one key frame to the next, in frames.
    pub(crate) key_frame_distance: u32,
}

/// Hardware before software, fast before slow. Rank alone misleads: some encoders with a high rank do not work, and some good ones have none.
pub(crate) const KINDS: [EncoderKind; 6] = [
    EncoderKind {
        element: "nvv4l2h264enc",
        before: Some("nvvidconv"),
        configure: |encoder, settings| {
            encoder.set_property("bitrate", settings.bitrate_kbps.saturating_mul(1000));
            encoder.set_property("iframeinterval", settings.key_frame_distance);
            encoder.set_property("idrinterval", settings.key_frame_distance);
            encoder.set_property("insert-sps-pps", true);
        },
    },
    EncoderKind {
        element: "nvh264enc",
        before: None,
        configure: |encoder, settings| {
            encoder.set_property("bitrate", settings.bitrate_kbps);
            encoder.set_property("gop-size", signed(settings.key_frame_distance));
            encoder.set_property("zerolatency", true);
            encoder.set_property("bframes", 0u32);
        },
    },
    EncoderKind {
        element: "vah264enc",
        before: None,
        configure: |encoder, settings| {
            encoder.set_property("bitrate", settings.bitrate_kbps);
            encoder.set_property("key-int-max", settings.key_frame_distance.min(1024));
            encoder.set_property("b-frames", 0u32);
        },
    },
    EncoderKind {
        element: "v4l2h264enc",
        before: None,
        configure: |encoder, settings| {
            let controls = gst::Structure::builder("controls")
                .field("video_bitrate", signed(settings.bitrate_kbps.saturating_mul(1000)))
                .field("h264_i_frame_period", signed(settings.key_frame_distance))
                .field("repeat_sequence_header", 1i32)
                .build();
            encoder.set_property("extra-controls", controls);
        },
    },
    EncoderKind {
        element: "x264enc",
        before: None,
        configure: |encoder, settings| {
            encoder.set_property_from_str("tune", "zerolatency");
            encoder.set_property_from_str("speed-preset", "superfast");
            encoder.set_property("bitrate", settings.bitrate_kbps);
            encoder.set_property("key-int-max", settings.key_frame_distance);
            encoder.set_property("bframes", 0u32);
        },
    },
    EncoderKind {
        element: "openh264enc",
        before: None,
        configure: |encoder, settings| {
            encoder.set_property("bitrate", settings.bitrate_kbps.saturating_mul(1000));
            encoder.set_property("gop-size", settings.key_frame_distance);
            encoder.set_property_from_str("rate-control", "bitrate");
            encoder.set_property_from_str("complexity", "low");
        },
    },
];

/// For elements whose properties are signed.
fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
