#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = document_features::document_features!()]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_unit;
pub mod annex_b;
mod backoff;
mod builder;
mod codec;
mod encoder;
mod error;
mod fanout;
mod frame_queue;
mod frame_rate;
#[cfg(feature = "gstreamer")]
mod gst;
mod key_frame_request;
mod lane;
mod lane_queue;
mod lock;
mod output;
mod outputs;
mod put;
mod queue_limit;
mod session;
mod skyline;
mod state;
mod stats;
mod stream_info;
mod viewers;
mod warm_up;

pub use access_unit::AccessUnit;
pub use backoff::Backoff;
pub use builder::SkyLineBuilder;
pub use codec::Codec;
pub use encoder::{EncoderFactory, UnitSink, VideoEncoder, VideoSpec};
pub use error::{EncoderError, OutputError, PutError, StartError, StopError};
pub use fanout::Fanout;
pub use frame_rate::FrameRate;
#[cfg(feature = "gstreamer")]
pub use gst::Encoder;
pub use key_frame_request::KeyFrameRequest;
pub use output::Output;
#[cfg(feature = "web")]
pub use outputs::web;
#[cfg(feature = "gstreamer")]
pub use outputs::{Container, Recording};
pub use outputs::{Memory, MemoryContents};
pub use put::Put;
pub use queue_limit::QueueLimit;
pub use skyline::SkyLine;
pub use state::State;
pub use stats::{OutputState, OutputStats, Stats};
pub use stream_info::StreamInfo;
pub use viewers::{Viewer, Viewers};
