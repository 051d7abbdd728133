use gstreamer as gst;
use gstreamer::prelude::*;

/// An H.264 encoder element that is known here, and how it is told what to do.
pub(crate) struct EncoderKind {
    /// The element's name in GStreamer.
    pub(crate) element: &'static str,
    /// An element that must stand before it: one that moves frames into the device's memory, or that rearranges them for an encoder without
    /// I420 and passes them through otherwise.
    pub(crate) before: Option<&'static str>,
    /// Sets the element's properties.
    pub(crate) configure: fn(&gst::Element, &Settings) -> Result<(), String>,
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
            set(encoder, "bitrate", settings.bitrate_kbps.saturating_mul(1000))?;
            set(encoder, "iframeinterval", settings.key_frame_distance)?;
            set(encoder, "idrinterval", settings.key_frame_distance)?;
            set(encoder, "insert-sps-pps", 1)?;
            Ok(())
        },
    },
    EncoderKind {
        element: "nvh264enc",
        before: Some("videoconvert"),
        configure: |encoder, settings| {
            set(encoder, "bitrate", settings.bitrate_kbps)?;
            set(encoder, "gop-size", settings.key_frame_distance)?;
            set(encoder, "zerolatency", 1)?;
            set(encoder, "bframes", 0)?;
            Ok(())
        },
    },
    EncoderKind {
        element: "vah264enc",
        before: Some("videoconvert"),
        configure: |encoder, settings| {
            set(encoder, "bitrate", settings.bitrate_kbps)?;
            set(encoder, "key-int-max", settings.key_frame_distance)?;
            set(encoder, "b-frames", 0)?;
            Ok(())
        },
    },
    EncoderKind {
        element: "v4l2h264enc",
        before: Some("videoconvert"),
        configure: |encoder, settings| {
            let controls = gst::Structure::builder("controls")
                .field("video_bitrate", signed(settings.bitrate_kbps.saturating_mul(1000)))
                .field("h264_i_frame_period", signed(settings.key_frame_distance))
                .field("repeat_sequence_header", 1i32)
                .build();
            encoder.find_property("extra-controls").ok_or("has no property extra-controls")?;
            encoder.set_property("extra-controls", controls);
            Ok(())
        },
    },
    EncoderKind {
        element: "x264enc",
        before: None,
        configure: |encoder, settings| {
            set_text(encoder, "tune", "zerolatency")?;
            set_text(encoder, "speed-preset", "superfast")?;
            // Key frames come at the distance that was asked for or on request, not at every cut.
            set_text(encoder, "option-string", "scenecut=0")?;
            set(encoder, "bitrate", settings.bitrate_kbps)?;
            set(encoder, "key-int-max", settings.key_frame_distance)?;
            set(encoder, "bframes", 0)?;
            Ok(())
        },
    },
    EncoderKind {
        element: "openh264enc",
        before: None,
        configure: |encoder, settings| {
            set(encoder, "bitrate", settings.bitrate_kbps.saturating_mul(1000))?;
            set(encoder, "gop-size", settings.key_frame_distance)?;
            set_text(encoder, "rate-control", "bitrate")?;
            set_text(encoder, "complexity", "low")?;
            Ok(())
        },
    },
];

/// Sets a numeric property to the nearest value that this version of the element allows.
fn set(element: &gst::Element, name: &str, value: u32) -> Result<(), String> {
    let spec = element.find_property(name).ok_or_else(|| format!("has no property {name}"))?;
    if let Some(range) = spec.downcast_ref::<gst::glib::ParamSpecUInt>() {
        element.set_property(name, value.clamp(range.minimum(), range.maximum()));
    } else if let Some(range) = spec.downcast_ref::<gst::glib::ParamSpecInt>() {
        element.set_property(name, signed(value).clamp(range.minimum(), range.maximum()));
    } else if spec.value_type() == bool::static_type() {
        element.set_property(name, value != 0);
    } else {
        return Err(format!("has a property {name} of an unknown kind"));
    }
    Ok(())
}

/// Sets a property from its text form.
fn set_text(element: &gst::Element, name: &str, text: &str) -> Result<(), String> {
    let spec = element.find_property(name).ok_or_else(|| format!("has no property {name}"))?;
    let value = gst::glib::Value::deserialize(text, spec.value_type())
        .map_err(|_| format!("does not know {text} for its property {name}"))?;
    element.set_property_from_value(name, &value);
    Ok(())
}

fn signed(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}
