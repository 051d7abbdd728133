#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod annotation;
mod annotations;
mod canvas;
mod color;
mod color_name;
mod driver;
mod drivers;
mod font_error;
mod oklch;
mod parse_color_error;
mod raster;
mod render_error;
#[cfg(feature = "serde")]
mod serde;
mod spelling;
mod style;
mod text;
#[cfg(feature = "timestamp")]
mod timestamp_error;

pub use annotation::Annotation;
pub use annotations::{
    BoundingBox, BoxShape, Circle, Dot, Ellipse, HorizontalAnchor, Label, Marker, MarkerStyle, Path,
    Rectangle, Redaction, RedactionMethod, Stroke, Trace, ValueBar, VerticalAnchor,
};
pub use canvas::Canvas;
pub use color::Color;
pub use driver::Driver;
pub use drivers::{FrameDriver, PanoramaDriver, PanoramaMedia, RecordingDriver};
pub use font_error::FontError;
pub use parse_color_error::ParseColorError;
pub use render_error::RenderError;
pub use style::Style;
pub use text::Font;
#[cfg(feature = "timestamp")]
pub use timestamp_error::TimestampError;
