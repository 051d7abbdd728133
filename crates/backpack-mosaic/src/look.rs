//! What a mosaic looks like: dark and quiet, so that the pictures are what is seen.

use backpack_annotate::Color;

/// Between the cells.
pub(crate) const GROUND: Color = Color::rgb(8, 9, 11);
/// Beside a picture that does not fill its cell, and where there is none.
pub(crate) const PANEL: Color = Color::rgb(20, 22, 26);
/// A cell that no source is meant for.
pub(crate) const NO_CELL: Color = Color::rgb(13, 14, 17);
pub(crate) const BAR: Color = Color::rgb(36, 40, 47);
pub(crate) const TITLE: Color = Color::rgb(232, 234, 237);
pub(crate) const CAPTION_GROUND: Color = Color::rgb(8, 9, 11).with_alpha(200);

pub(crate) const WAITING: Color = Color::rgb(140, 147, 158);
pub(crate) const LIVE: Color = Color::rgb(76, 195, 106);
pub(crate) const LATE: Color = Color::rgb(255, 188, 64);
pub(crate) const LOST: Color = Color::rgb(255, 107, 97);

/// Parts of 256 that are left of the light and of the colour of a picture.
pub(crate) const LATE_PICTURE: (u16, u16) = (128, 144);
pub(crate) const LOST_PICTURE: (u16, u16) = (90, 40);
