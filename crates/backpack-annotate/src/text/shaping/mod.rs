//! Scripts whose letters join, reorder or run from right to left.

mod layout;
mod piece;
mod shaped;
mod shaped_lines;
mod shaper;

pub(super) use layout::Layout;
