#![doc = include_str!("../README.md")]

mod assembly;
mod builder;
mod camera;
mod error;
mod event;
mod format;
mod gate;
mod inbox;
mod info;
mod mask;
mod messages;
mod pace;
mod package;
mod pipeline;
mod reconnect;
mod source;
mod stats;
mod stop_handle;
mod stream;
mod timeline;

pub use builder::CameraBuilder;
pub use camera::Camera;
pub use error::CameraError;
pub use event::Event;
pub use info::Info;
pub use pace::Pace;
pub use reconnect::Reconnect;
pub use source::Source;
pub use stats::Stats;
pub use stop_handle::StopHandle;
