//! A page that plays streams live in a browser: fragmented MP4 over one long HTTP response into a `MediaSource`.
//!
//! Every access unit is a fragment of its own, so a picture is on its way as soon as it is encoded. A viewer that joins late is given the pictures
//! since the last key frame at once and jumps to the newest one. A viewer that cannot keep up misses pictures up to a key frame; the others do not
//! notice.
//!
//! [`Page::bind`] serves a single stream. A [`Server`] serves several on one port:
//!
//! | path | what it is |
//! |---|---|
//! | `/` | the page with all streams; `/?mjpeg` without `MediaSource`, as for old browsers |
//! | `/<stream>.mp4` | the live stream as fragmented MP4 |
//! | `/<stream>.mjpeg`, `/<stream>.jpg` | decoded pictures, one after the other or the newest one; needs the feature `gstreamer` |
//! | `/<stream>.json`, `/health.json` | how a stream does, and all of them |
//! | `/hls/<name>/index.m3u8` | an `Hls` output, with the feature `hls` |
//!
//! Everybody who can reach the address can watch, unless the server asks for a [token](ServerBuilder::token) or a [user](ServerBuilder::user). There
//! is no TLS inside: bind to `127.0.0.1`, or let a reverse proxy with TLS stand in front, as secrets and pictures can be read on the way.
//! At most 256 connections are served at a time; who sends no request for 10 s, or takes nothing for 30 s, is thrown off.

mod access;
mod connections;
#[cfg(feature = "hls")]
mod files;
mod fragments;
mod health;
mod hub;
mod page;
#[cfg(feature = "gstreamer")]
mod pictures;
mod routes;
mod server;
mod site;
mod stills;

pub use page::{Page, PageMonitor};
pub use server::{BindError, Server, ServerBuilder};
pub use site::NameError;
