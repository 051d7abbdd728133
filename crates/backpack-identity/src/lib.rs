#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod cancel;
mod chain;
mod details;
mod detect_error;
mod field;
mod host;
mod http;
mod identity;
mod no_id_error;
mod provider;
mod provider_error;
pub mod providers;
#[cfg(feature = "serde")]
mod record;
mod search;
mod source;
mod timestamp;

pub use builder::Builder;
pub use cancel::Cancel;
pub use chain::Chain;
pub use details::Details;
pub use detect_error::DetectError;
pub use field::Field;
pub use host::Host;
pub use identity::Identity;
pub use no_id_error::NoIdError;
pub use provider::Provider;
pub use provider_error::ProviderError;
pub use search::Search;
pub use source::Source;
