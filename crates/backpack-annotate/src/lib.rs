#![doc = include_str!("../README.md")]

mod annotation;
mod annotations;
mod color;
mod driver;
mod drivers;
mod font_error;
mod oklch;
mod parse_color_error;
mod raster;
mod render_error;
mod style;
mod text;

pub use annotation::Annotation;
pub use annotations::{BoundingBox, HorizontalAnchor, Label, Path, Rectangle, Stroke, VerticalAnchor};
pub use color::Color;
pub use driver::Driver;
pub use drivers::FrameDriver;
pub use font_error::FontError;
pub use parse_color_error::ParseColorError;
pub use render_error::RenderError;
pub use style::Style;
