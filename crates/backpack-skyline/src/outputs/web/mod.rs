//! A page that plays the stream live in a browser: fragmented MP4 over one long HTTP response into a `MediaSource`.
//!
//! Every access unit is a fragment of its own, so a picture is on its way as soon as it is encoded. A viewer that joins late is given the pictures
//! since the last key frame at once and jumps to the newest one. A viewer that cannot keep up misses pictures up to a key frame; the others do not
//! notice.

mod fragments;
mod hub;
mod page;
mod server;

pub use page::{BindError, Page, PageMonitor};
