use super::{Area, Look, Mosaic};
use crate::Color;

/// A frame to draw on in one colour at a time.
///
/// A shape is drawn between [`ink`](Surface::ink) and [`finish`](Surface::finish), row by row downwards, and touches no pixel twice.
/// Coverage is how much of a pixel the shape covers, from 0 to 255.
pub(crate) trait Surface {
    /// The frame as an area: everything drawn must lie in it.
    fn area(&self) -> Area;

    /// Sets the colour of what follows.
    fn ink(&mut self, color: Color);

    /// Sets the colour of what follows, which is drawn by [`mask`](Surface::mask) on nothing but pixels that have the opaque colour `paper`.
    ///
    /// The result is that of [`ink`](Surface::ink); it may come faster.
    fn ink_on(&mut self, color: Color, paper: Color) {
        let _ = paper;
        self.ink(color);
    }

    /// Covers an area fully.
    ///
    /// It begins and ends at an even row, so that in 4:2:0 the shape's other rows have no part in its chroma samples.
    fn rect(&mut self, area: Area);

    /// Covers the pixels from `left` to before `right` of row `y` evenly.
    fn span(&mut self, y: usize, left: usize, right: usize, coverage: u8);

    /// Covers the pixels from `left` on of row `y`, each by its part.
    fn mask(&mut self, y: usize, left: usize, coverage: &[u8]);

    /// Covers the pixels of an area in the frame, each by its part, as a shape of its own. A row of `coverage` begins every `pitch` parts.
    fn block(&mut self, area: Area, coverage: &[u8], pitch: usize) {
        by_rows(self, area, coverage, pitch);
    }

    /// Replaces an area in the frame by so many cells of one colour across and down.
    ///
    /// It begins and ends at even columns and rows, or at the frame's border, so that in 4:2:0 its samples of chroma are its own.
    fn mosaic(&mut self, mosaic: &mut Mosaic, area: Area, cells: (usize, usize), look: Look);

    /// Ends a shape of spans and masks.
    fn finish(&mut self);
}

/// A block as masks, row by row, without what is blank at the ends: few letters reach as high or as deep as the highest and the deepest.
pub(super) fn by_rows<S: Surface + ?Sized>(surface: &mut S, area: Area, coverage: &[u8], pitch: usize) {
    for (y, row) in area.rows().zip(coverage.chunks(pitch)) {
        let (before, row) = trimmed(&row[..area.columns().len()]);
        if !row.is_empty() {
            surface.mask(y, area.left as usize + before, row);
        }
    }
    surface.finish();
}

/// A row from its first word that is not blank to its last, and what was left out before it.
fn trimmed(row: &[u8]) -> (usize, &[u8]) {
    const WORD: usize = 16;
    let (words, rest) = row.as_chunks::<WORD>();
    let is_blank = |word: &&[u8; WORD]| u128::from_ne_bytes(**word) == 0;
    let before = WORD * words.iter().take_while(is_blank).count();
    if rest.iter().any(|&part| part > 0) {
        return (before, &row[before..]);
    }
    let end = WORD * (words.len() - words.iter().rev().take_while(is_blank).count());
    (before, row.get(before..end).unwrap_or_default())
}
