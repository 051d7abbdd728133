//! Shapes in pixels. Each is written once, against [`Surface`], which hides how a frame lies in memory.

mod area;
mod blend;
mod chroma_sums;
mod fill;
mod ink;
mod intervals;
mod mosaic;
mod outline;
mod packed;
mod stroke;
mod surface;
mod sweep;
mod tones;
mod union;
mod yuv;

pub(crate) use area::Area;
pub(crate) use chroma_sums::ChromaSums;
pub(crate) use fill::Fill;
pub(crate) use mosaic::{Look, Mosaic};
pub(crate) use outline::{corners, outline};
pub(crate) use packed::Packed;
pub(crate) use stroke::Stroke;
pub(crate) use surface::Surface;
pub(crate) use union::Union;
pub(crate) use yuv::{Chroma, Yuv};

/// A place in pixels: the first pixel reaches from 0 to 1.
pub(crate) type Place = (f64, f64);
