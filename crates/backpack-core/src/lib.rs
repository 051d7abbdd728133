#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod colorimetry;
mod counters;
mod edge;
mod frame;
mod frame_error;
mod frame_mut;
mod frame_ref;
mod geometry_error;
mod layout;
mod line;
mod pixel_format;
mod plane;
mod point;
mod polyline;
mod predicates;
mod prepared_polygon;
mod rect;
#[cfg(feature = "serde")]
mod serde;
mod side;
mod timestamp;
mod vec2;

pub use colorimetry::{ColorRange, Colorimetry, Matrix};
pub use counters::{LineCounter, LineCrossing, ZoneCounter, ZoneEvent};
pub use frame::{Frame, SharedPixels};
pub use frame_error::FrameError;
pub use frame_mut::FrameMut;
pub use frame_ref::FrameRef;
pub use geometry_error::GeometryError;
pub use layout::{Layout, PlaneLayout};
pub use line::Line;
pub use pixel_format::PixelFormat;
pub use plane::{Plane, PlaneMut};
pub use point::Point;
pub use polyline::PolyLine;
pub use prepared_polygon::PreparedPolygon;
pub use rect::Rect;
pub use side::Side;
pub use timestamp::Timestamp;
pub use vec2::Vec2;
