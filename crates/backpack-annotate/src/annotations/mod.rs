mod anchor;
mod bounding_box;
mod label;
mod path;
mod rectangle;
mod stroke;

pub use anchor::{HorizontalAnchor, VerticalAnchor};
pub use bounding_box::BoundingBox;
pub use label::Label;
pub use path::Path;
pub use rectangle::Rectangle;
pub use stroke::Stroke;
