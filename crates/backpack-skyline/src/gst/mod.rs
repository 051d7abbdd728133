mod codec;
mod convert;
mod encoder;
mod feed;
mod flow;
mod kind;
mod properties;
mod scale;
mod session;
mod unit_feed;
mod within;

pub use encoder::Encoder;

pub(crate) use codec::{parser, unit_caps};
pub(crate) use feed::{Alive, Feed, element, text};
pub(crate) use flow::Limits;
use scale::Scaler;
#[cfg(feature = "rtsp")]
pub(crate) use unit_feed::unit_buffer;
pub(crate) use unit_feed::{UnitFeed, configure};
pub(crate) use within::{Work, within};
