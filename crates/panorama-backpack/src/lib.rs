#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = "## Features"]
#![doc = ""]
#![doc = document_features::document_features!()]
#![cfg_attr(docsrs, feature(doc_cfg))]

// In the order of a frame's way, from the camera to those who watch.

/// Frames in: from a camera, a file, the network, a test pattern.
#[cfg(feature = "camera")]
#[doc(inline)]
pub use backpack_camera as camera;

/// What all others speak: frames, points, lines, boxes and polygons, and counting with them.
#[doc(inline)]
pub use backpack_core as core;

/// The time of the frame loop: what it is spent on, and what is done now and then.
#[cfg(feature = "timepiece")]
#[doc(inline)]
pub use backpack_timepiece as timepiece;

/// Drawing on frames: boxes, labels and more, and what is not to be recognised.
#[cfg(feature = "annotate")]
#[doc(inline)]
pub use backpack_annotate as annotate;

/// The frames of several cameras in one picture.
#[cfg(feature = "mosaic")]
#[doc(inline)]
pub use backpack_mosaic as mosaic;

/// Frames out: encoded once, to any number of outputs, from a `put` that never waits.
#[cfg(feature = "skyline")]
#[doc(inline)]
pub use backpack_skyline as skyline;

/// The output to Amazon Kinesis Video Streams.
#[cfg(feature = "kvs")]
#[doc(inline)]
pub use backpack_kvs as kvs;

/// The reports of tachometers to Amazon CloudWatch.
#[cfg(feature = "cloudwatch")]
#[doc(inline)]
pub use backpack_cwtacho as cwtacho;

/// Which application this is, on which device.
#[cfg(feature = "identity")]
#[doc(inline)]
pub use backpack_identity as identity;

/// An application's parameters from one struct.
#[cfg(feature = "config")]
#[doc(inline)]
pub use backpack_config as config;
