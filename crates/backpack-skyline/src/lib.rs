#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = document_features::document_features!()]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access_unit;
pub mod annex_b;
mod backoff;
mod builder;
mod candidate;
mod codec;
mod dropped;
mod encoder;
mod error;
mod event;
mod events;
mod fanout;
mod frame_input;
mod frame_queue;
mod frame_rate;
#[cfg(feature = "gstreamer")]
mod gst;
#[cfg(feature = "gstreamer")]
mod i420;
mod key_frame_request;
mod lane;
mod lane_queue;
mod lock;
mod output;
mod outputs;
mod preset;
mod put;
mod queue_limit;
mod removed_output;
mod session;
mod size_change;
mod skyline;
mod state;
mod stats;
#[cfg(feature = "metrics")]
mod stats_publisher;
mod stream_info;
mod traffic;
mod viewers;
mod warm_up;

pub use access_unit::AccessUnit;
pub use backoff::Backoff;
pub use builder::SkyLineBuilder;
pub use candidate::Candidate;
pub use codec::Codec;
pub use dropped::Dropped;
pub use encoder::{EncoderFactory, UnitSink, VideoEncoder, VideoSpec};
pub use error::{EncoderError, OutputError, PutError, StartError, StopError};
pub use event::Event;
pub use events::{Events, Subscription};
pub use fanout::Fanout;
pub use frame_input::FrameInput;
pub use frame_rate::FrameRate;
#[cfg(feature = "gstreamer")]
pub use gst::Encoder;
pub use key_frame_request::KeyFrameRequest;
pub use output::Output;
#[cfg(feature = "rtsp")]
pub use outputs::rtsp;
#[cfg(feature = "web")]
pub use outputs::web;
#[cfg(feature = "gstreamer")]
pub use outputs::{Container, Recording, Sink};
#[cfg(feature = "hls")]
pub use outputs::{Hls, HlsMonitor};
pub use outputs::{Memory, MemoryContents};
pub use preset::Preset;
pub use put::Put;
pub use queue_limit::QueueLimit;
pub use removed_output::RemovedOutput;
pub use size_change::SizeChange;
pub use skyline::SkyLine;
pub use state::State;
pub use stats::{OutputState, OutputStats, Stats};
#[cfg(feature = "metrics")]
pub use stats_publisher::StatsPublisher;
pub use stream_info::StreamInfo;
pub use viewers::{Viewer, Viewers};
