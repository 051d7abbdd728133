#[cfg(feature = "web")]
mod fmp4;
mod memory;
#[cfg(feature = "gstreamer")]
mod recording;
#[cfg(feature = "rtsp")]
pub mod rtsp;
#[cfg(feature = "web")]
pub mod web;

pub use memory::{Memory, MemoryContents};
#[cfg(feature = "gstreamer")]
pub use recording::{Container, Recording};
