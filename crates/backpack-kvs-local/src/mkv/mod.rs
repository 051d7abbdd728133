//! What comes in, from bytes to fragments; and fragments as a file.

mod codec_private;
mod ingest;
mod reader;
mod refusal;
mod tracks;

pub use ingest::{Ingest, Step};
pub use refusal::Refusal;
