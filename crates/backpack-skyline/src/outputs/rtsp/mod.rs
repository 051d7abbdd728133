//! An RTSP server: any number of streams, each on a path of its own, for players and recorders.
//!
//! Every viewer is fed by itself. It begins at a key frame: at the last one if that is recent, otherwise at a new one that the encoder is asked for,
//! so that the first picture is clean, comes at once and is not followed by a backlog. A viewer that cannot keep up misses pictures up to a key
//! frame, and is disconnected if it takes nothing at all for ten seconds; the others do not notice.
//!
//! Viewers choose between UDP and TCP. Multicast is not offered.

mod auth;
mod builder;
mod connections;
mod engine;
mod error;
mod factory;
mod feed;
mod hub;
mod mount;
mod mounts;
mod server;
mod timeline;

pub use builder::ServerBuilder;
pub use error::{BindError, MountError};
pub use mount::{Mount, MountMonitor};
pub use server::Server;
