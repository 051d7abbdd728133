#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod area;
mod builder;
mod canvas;
mod caption;
mod grid;
mod halve;
mod lettering;
mod look;
mod mosaic;
mod mosaic_error;
mod output;
mod plane_scaler;
mod pool;
mod recolor;
mod slot;
mod source;
mod stage;
mod status;
mod tile;

pub use builder::MosaicBuilder;
pub use mosaic::Mosaic;
pub use mosaic_error::MosaicError;
pub use source::Source;
