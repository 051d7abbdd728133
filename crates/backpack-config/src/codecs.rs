//! How values of each type are read and written.

mod bool;
#[cfg(feature = "color")]
mod color;
mod float;
#[cfg(feature = "geometry")]
mod geometry;
mod integer;
mod item;
mod json;
mod list;
mod path;
mod seconds;
mod secret;
mod string;
mod text;

#[cfg(feature = "color")]
pub use color::Colour;
#[cfg(feature = "geometry")]
pub use geometry::{Polygon, Rectangle};
pub use json::Json;
pub use list::{IntegerList, StringList};
pub use seconds::Seconds;
pub use text::Text;
