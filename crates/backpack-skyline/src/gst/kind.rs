use gstreamer as gst;
use gstreamer::prelude::*;

use super::element;
use super::properties::{change, set, set_text, signed};
use crate::{Codec, Preset};

/// An encoder element that is known here, and how it is told what to do.
pub(crate) struct EncoderKind {
    pub(crate) codec: Codec,
    /// The element's name in GStreamer.
    pub(crate) element: &'static str,
    /// An element that must stand before it: one that moves frames into the device's memory, or that rearranges them for an encoder without
    /// I420 and passes them through otherwise.
    pub(crate) before: Option<&'static str>,
    /// In how many bits a second the element's `bitrate` is counted; `None` if it has no such property.
    bitrate_unit: Option<u32>,
    /// Sets the element's other properties.
    configure: fn(&gst::Element, &Settings) -> Result<(), String>,
}

/// What an encoder is told, in common units.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings {
    pub(crate) bitrate_kbps: u32,
    /// From one key frame to the next, in frames.
    pub(crate) key_frame_distance: u32,
    pub(crate) preset: Preset,
}

impl EncoderKind {
    /// A new element that is told everything.
    pub(crate) fn element(&self, settings: &Settings) -> Result<gst::Element, String> {
        let encoder = element(self.element)?;
        if let Some(unit) = self.bitrate_unit {
            set(&encoder, "bitrate", in_units(settings.bitrate_kbps, unit))?;
        }
        (self.configure)(&encoder, settings)?;
        Ok(encoder)
    }

    /// Changes the bit rate of an encoder that runs.
    pub(crate) fn set_bitrate(&self, encoder: &gst::Element, kbps: u32) -> Result<(), String> {
        let unit = self.bitrate_unit.ok_or("cannot change its bit rate while it runs")?;
        change(encoder, "bitrate", in_units(kbps, unit))
    }
}

fn in_units(kbps: u32, unit: u32) -> u32 {
    kbps.saturating_mul(1000 / unit)
}

/// Hardware before software, fast before slow. Rank alone misleads: some encoders with a high rank do not work, and some good ones have none.
pub(crate) const KINDS: [EncoderKind; 11] = [
    EncoderKind {
        codec: Codec::H264,
        element: "nvv4l2h264enc",
        before: Some("nvvidconv"),
        bitrate_unit: Some(1),
        configure: jetson,
    },
    EncoderKind {
        codec: Codec::H264,
        element: "nvh264enc",
        before: Some("videoconvert"),
        bitrate_unit: Some(1000),
        configure: nvidia,
    },
    EncoderKind {
        codec: Codec::H264,
        element: "vah264enc",
        before: Some("videoconvert"),
        bitrate_unit: Some(1000),
        configure: va,
    },
    EncoderKind {
        codec: Codec::H264,
        element: "v4l2h264enc",
        before: Some("videoconvert"),
        bitrate_unit: None,
        configure: |encoder, settings| v4l2(encoder, settings, "h264_i_frame_period"),
    },
    EncoderKind {
        codec: Codec::H264,
        element: "x264enc",
        before: None,
        bitrate_unit: Some(1000),
        configure: |encoder, settings| {
            // Key frames come at the distance that was asked for or on request, not at every cut.
            set_text(encoder, "option-string", "scenecut=0")?;
            set(encoder, "key-int-max", settings.key_frame_distance)?;
            match settings.preset {
                Preset::Live => {
                    set_text(encoder, "tune", "zerolatency")?;
                    set_text(encoder, "speed-preset", "superfast")?;
                    set(encoder, "bframes", 0)
                }
                Preset::Balanced => {
                    set_text(encoder, "speed-preset", "veryfast")?;
                    set(encoder, "rc-lookahead", 10)?;
                    set(encoder, "bframes", 0)
                }
                Preset::Quality => {
                    set_text(encoder, "speed-preset", "medium")?;
                    set(encoder, "bframes", 2)
                }
            }
        },
    },
    EncoderKind {
        codec: Codec::H264,
        element: "openh264enc",
        before: None,
        bitrate_unit: Some(1),
        configure: |encoder, settings| {
            set(encoder, "gop-size", settings.key_frame_distance)?;
            set_text(encoder, "rate-control", "bitrate")?;
            let complexity = match settings.preset {
                Preset::Live => "low",
                Preset::Balanced => "medium",
                Preset::Quality => "high",
            };
            set_text(encoder, "complexity", complexity)
        },
    },
    EncoderKind {
        codec: Codec::H265,
        element: "nvv4l2h265enc",
        before: Some("nvvidconv"),
        bitrate_unit: Some(1),
        configure: jetson,
    },
    EncoderKind {
        codec: Codec::H265,
        element: "nvh265enc",
        before: Some("videoconvert"),
        bitrate_unit: Some(1000),
        configure: nvidia,
    },
    EncoderKind {
        codec: Codec::H265,
        element: "vah265enc",
        before: Some("videoconvert"),
        bitrate_unit: Some(1000),
        configure: va,
    },
    EncoderKind {
        codec: Codec::H265,
        element: "v4l2h265enc",
        before: Some("videoconvert"),
        bitrate_unit: None,
        configure: |encoder, settings| v4l2(encoder, settings, "hevc_i_frame_period"),
    },
    EncoderKind {
        codec: Codec::H265,
        element: "x265enc",
        before: None,
        bitrate_unit: Some(1000),
        configure: |encoder, settings| {
            set(encoder, "key-int-max", settings.key_frame_distance)?;
            let (speed, options) = match settings.preset {
                Preset::Live => ("ultrafast", "scenecut=0:bframes=0"),
                Preset::Balanced => ("superfast", "scenecut=0:bframes=0:rc-lookahead=10"),
                Preset::Quality => ("medium", "scenecut=0:bframes=2"),
            };
            if let Preset::Live = settings.preset {
                set_text(encoder, "tune", "zerolatency")?;
            }
            set_text(encoder, "speed-preset", speed)?;
            set_text(encoder, "option-string", options)
        },
    },
];

/// Jetson's encoders, by NVIDIA's documents.
fn jetson(encoder: &gst::Element, settings: &Settings) -> Result<(), String> {
    set(encoder, "iframeinterval", settings.key_frame_distance)?;
    set(encoder, "idrinterval", settings.key_frame_distance)?;
    set(encoder, "insert-sps-pps", 1)?;
    let level = match settings.preset {
        Preset::Live => 1,
        Preset::Balanced => 2,
        Preset::Quality => 4,
    };
    // Not every release of JetPack has it as a number.
    let _ = set(encoder, "preset-level", level);
    Ok(())
}

/// The encoders of NVIDIA's graphics cards, by GStreamer's documents.
fn nvidia(encoder: &gst::Element, settings: &Settings) -> Result<(), String> {
    set(encoder, "gop-size", settings.key_frame_distance)?;
    set(encoder, "zerolatency", u32::from(settings.preset == Preset::Live))?;
    set(encoder, "bframes", if settings.preset == Preset::Quality { 2 } else { 0 })
}

/// VA-API's encoders, by GStreamer's documents: usage 1 is the best quality, 7 the fastest.
fn va(encoder: &gst::Element, settings: &Settings) -> Result<(), String> {
    set(encoder, "key-int-max", settings.key_frame_distance)?;
    let (usage, reordered) = match settings.preset {
        Preset::Live => (6, 0),
        Preset::Balanced => (4, 0),
        Preset::Quality => (2, 2),
    };
    set(encoder, "target-usage", usage)?;
    set(encoder, "b-frames", reordered)
}

/// V4L2's encoders, which take everything as controls of the device.
fn v4l2(encoder: &gst::Element, settings: &Settings, period: &str) -> Result<(), String> {
    let controls = gst::Structure::builder("controls")
        .field("video_bitrate", signed(settings.bitrate_kbps.saturating_mul(1000)))
        .field(period, signed(settings.key_frame_distance))
        .field("repeat_sequence_header", 1i32)
        .build();
    encoder.find_property("extra-controls").ok_or("has no property extra-controls")?;
    encoder.set_property("extra-controls", controls);
    Ok(())
}
