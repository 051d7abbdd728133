mod convert;
mod encoder;
mod feed;
mod kind;
mod properties;
mod scale;
mod session;

pub use encoder::Encoder;

pub(crate) use feed::{Feed, element, text};
use scale::Scaler;
