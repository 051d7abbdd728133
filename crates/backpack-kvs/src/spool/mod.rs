mod config;
mod entry;
mod export;
mod feed;
mod folder;
mod pace;
mod record;
mod store;

pub use config::Spool;
pub use export::export_fragment;
pub(crate) use feed::{Feed, Next};
pub(crate) use pace::Pace;
pub(crate) use record::Record;
pub(crate) use store::Store;
