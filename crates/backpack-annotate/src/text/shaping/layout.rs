use super::shaped_lines::ShapedLines;
use super::shaper::Shaper;
use crate::text::fonts::Fonts;
use crate::text::spot::Spot;

/// A line is cut off behind this many bytes: no frame has room for more that one could read.
const LONGEST_LINE: usize = 1 << 14;

/// Lays out lines by the rules of their scripts.
#[derive(Default)]
pub(in crate::text) struct Layout {
    shaper: Shaper,
    lines: ShapedLines,
}

impl Layout {
    /// Hands over the glyphs of a line that is cut off about `limit` from its beginning, and returns how wide it is.
    ///
    /// Measures are in units of the first font.
    pub fn line(&mut self, fonts: &Fonts, text: &str, limit: f32, mut place: impl FnMut(Spot)) -> f32 {
        let Self { shaper, lines } = self;
        let text = text.get(..text.floor_char_boundary(LONGEST_LINE)).unwrap_or(text);
        let line = lines.line(text, || shaper.shape(fonts, text));
        // The beginning is on the right there.
        let shift = if line.from_right { (limit - line.width).min(0.0) } else { 0.0 };
        for spot in &line.spots {
            let x = spot.x + shift;
            if x.abs() <= limit {
                place(Spot { x, ..*spot });
            }
        }
        line.width
    }
}
