//! A handmade producer: requests over raw sockets, signed by AWS's own crate.
#![allow(dead_code, unused_imports, reason = "not every test needs all of it")]

mod client;
mod media;
mod signer;

pub use client::*;
pub use media::*;
pub use signer::*;

use backpack_kvs_local::{Builder, LocalKvs};

/// With one stream, `cam`, and the usual keys.
pub fn builder() -> Builder {
    LocalKvs::builder().stream("cam").credentials(KEY, SECRET)
}
