use crate::text::spot::Spot;

/// A line of glyphs; measures are in units of the first font.
#[derive(Debug, Default)]
pub(super) struct Shaped {
    /// The glyphs from left to right.
    pub spots: Vec<Spot>,
    pub width: f32,
    /// Whether the line as a whole is read from the right.
    pub from_right: bool,
}
