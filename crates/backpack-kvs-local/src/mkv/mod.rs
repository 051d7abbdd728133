//! What comes in, from bytes to fragments; and fragments as a file.

mod codec_private;
mod ingest;
mod reader;
mod refusal;
mod tracks;
mod writer;

pub use ingest::{Ingest, Step};
pub use refusal::Refusal;
pub(crate) use writer::{Form, write};
