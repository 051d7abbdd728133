mod folder;
mod output;
mod playlist;
mod segmenter;
mod writer;

pub use output::{Hls, HlsMonitor};

#[cfg(feature = "web")]
pub(crate) use folder::media_type;
