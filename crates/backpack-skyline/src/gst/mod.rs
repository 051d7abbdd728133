mod convert;
mod encoder;
mod feed;
mod kind;
mod session;

pub use encoder::Encoder;

pub(crate) use feed::{Feed, element, text};
