#[cfg(any(feature = "hls", feature = "web"))]
mod fmp4;
#[cfg(any(feature = "rtsp", feature = "web"))]
mod group;
#[cfg(feature = "hls")]
mod hls;
mod memory;
#[cfg(feature = "gstreamer")]
mod recording;
#[cfg(feature = "rtsp")]
pub mod rtsp;
#[cfg(feature = "gstreamer")]
mod sink;
#[cfg(feature = "web")]
pub mod web;

#[cfg(feature = "hls")]
pub use hls::{Hls, HlsMonitor};
pub use memory::{Memory, MemoryContents};
#[cfg(feature = "gstreamer")]
pub use recording::{Container, Recording};
#[cfg(feature = "gstreamer")]
pub use sink::Sink;
