#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod codec;
mod codecs;
mod constraint;
mod description;
mod fault;
mod field;
mod format;
mod generate;
mod given;
mod group;
mod input;
mod interface;
mod invalid;
mod layers;
mod loaded;
mod nearest;
mod origin;
mod parameter;
mod parameters;
mod ports;
mod problem;
mod read_error;
mod reading;
mod secret;
mod setting;
#[cfg(feature = "clap")]
mod snippets;
mod sources;
mod text;
mod walker;

/// Codecs for `#[param(with = …)]`: how values are written where there is only text.
pub mod with {
    #[cfg(feature = "color")]
    pub use crate::codecs::Colour;
    pub use crate::codecs::{IntegerList, Json, Seconds, StringList, Text};
    #[cfg(feature = "geometry")]
    pub use crate::codecs::{Polygon, Rectangle};
}

pub use backpack_config_derive::Parameters;
pub use codec::{Codec, Native};
pub use description::Description;
pub use fault::Fault;
pub use field::Field;
pub use format::Format;
#[cfg(feature = "template")]
pub use generate::TemplateError;
pub use group::Group;
pub use input::Input;
pub use interface::Interface;
pub use invalid::Invalid;
pub use loaded::Loaded;
pub use origin::Origin;
pub use parameter::Parameter;
pub use parameters::Parameters;
pub use ports::Ports;
pub use problem::Problem;
pub use read_error::ReadError;
pub use secret::Secret;
/// The value of a parameter as JSON has it.
pub use serde_json::Value;
pub use setting::Setting;
#[cfg(feature = "clap")]
pub use snippets::{SnippetError, Snippets};
pub use sources::Sources;
pub use walker::Walker;
