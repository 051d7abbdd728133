//! Everything around the model of an edge-vision application: read the camera, time the frame loop, draw on frames, and send them where people
//! can watch.
//!
//! This crate only re-exports the Backpack crates under one name, each behind a feature of its own. All of them speak the types of [`core`].
#![doc = ""]
#![doc = document_features::document_features!()]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "annotate")]
pub use backpack_annotate as annotate;
#[cfg(feature = "camera")]
pub use backpack_camera as camera;
#[cfg(feature = "config")]
pub use backpack_config as config;
pub use backpack_core as core;
#[cfg(feature = "cloudwatch")]
pub use backpack_cwtacho as cwtacho;
#[cfg(feature = "identity")]
pub use backpack_identity as identity;
#[cfg(feature = "kvs")]
pub use backpack_kvs as kvs;
#[cfg(feature = "mosaic")]
pub use backpack_mosaic as mosaic;
#[cfg(feature = "skyline")]
pub use backpack_skyline as skyline;
#[cfg(feature = "timepiece")]
pub use backpack_timepiece as timepiece;

/// The programs in the project's README compile.
#[cfg(all(doctest, feature = "full"))]
#[doc = include_str!("../README.md")]
struct Readme;
