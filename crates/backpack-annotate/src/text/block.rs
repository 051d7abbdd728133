use std::ops::Range;

/// Lines of text, from [`Typesetter::set`](super::Typesetter::set); all measures in pixels.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// The width of the widest line, but not more than there was room for.
    pub width: i32,
    /// From the first line's ascender line to the last one's descender line.
    pub height: i32,
    /// From the first line's ascender line to its baseline.
    pub ascent: i32,
    pub(super) letters: Range<usize>,
}
