//! Counting of tracks on top of the geometry.

mod line_counter;
mod options;
mod tracks;
mod zone_counter;

pub use line_counter::{LineCounter, LineCrossing};
pub use zone_counter::{ZoneCounter, ZoneEvent};
