/// A glyph and its place in a line; measures are in units of the first font.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub font: u16,
    pub glyph: u16,
    /// From the beginning of the line.
    pub x: f32,
    /// Upwards from the baseline.
    pub y: f32,
}
