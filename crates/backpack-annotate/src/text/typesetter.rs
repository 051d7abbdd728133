use std::ops::Range;

use ab_glyph::FontArc;

use super::atlas::{Atlas, Glyph, WORD};
use crate::FontError;
use crate::raster::{Area, Surface};

/// Sets lines of text and draws them; holds the letters and its scratch memory.
pub(crate) struct Typesetter {
    atlas: Atlas,
    /// The letters of all lines that were set, with the column where each mask begins.
    letters: Vec<(i32, Glyph)>,
    /// The coverage of a line of text.
    mask: Vec<u8>,
}

/// A line of text, from [`Typesetter::set`]; all measures in pixels.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// From the beginning of the first letter to the end of the last one.
    pub width: i32,
    /// From the ascender line to the descender line.
    pub height: i32,
    /// From the ascender line to the baseline.
    pub ascent: i32,
    letters: Range<usize>,
}

impl Typesetter {
    /// A typesetter with DejaVu Sans.
    pub fn new() -> Self {
        let font = FontArc::try_from_slice(dejavu::sans::regular()).expect("the built-in font is a font");
        let atlas = Atlas::new(font).expect("its letters have a height");
        Self { atlas, letters: Vec::new(), mask: Vec::new() }
    }

    /// A typesetter with the user's font.
    pub fn with_font(bytes: Vec<u8>) -> Result<Self, FontError> {
        let length = bytes.len();
        let error = |reason| FontError { length, reason };
        let font = FontArc::try_from_vec(bytes).map_err(|_| error("it cannot be parsed"))?;
        let atlas = Atlas::new(font).ok_or_else(|| error("its letters have no height"))?;
        Ok(Self { atlas, letters: Vec::new(), mask: Vec::new() })
    }

    /// Forgets the lines that were set.
    pub fn clear(&mut self) {
        self.letters.clear();
        self.atlas.trim();
    }

    /// Sets a line of text `size` pixels high, up to about `limit` pixels wide.
    pub fn set(&mut self, text: &str, size: u32, limit: i32) -> Line {
        let first = self.letters.len();
        let scale = self.atlas.scale(size);
        let phases = Atlas::phases(size) as i32;
        let (mut pen, mut previous) = (0.0f32, None);
        for character in text.chars().filter(|&character| !is_ignorable(character)) {
            if pen.abs() > limit as f32 {
                break;
            }
            let is_blank = character.is_control() || character.is_whitespace();
            let character = self.atlas.character(if is_blank { ' ' } else { character });
            if let Some(previous) = previous {
                pen += self.atlas.kerning(previous, character.glyph) * scale;
            }
            let place = (pen * phases as f32).round() as i32;
            let glyph = self.atlas.glyph(character.glyph, size, place.rem_euclid(phases) as u32);
            if glyph.width > 0 {
                self.letters.push((place.div_euclid(phases) + glyph.left, glyph));
            }
            pen += character.advance * scale;
            previous = Some(character.glyph);
        }
        Line {
            width: pen.ceil().max(0.0) as i32,
            height: size as i32,
            ascent: self.atlas.ascent(size).round() as i32,
            letters: first..self.letters.len(),
        }
    }

    /// Draws a line with its beginning in column `x` and its baseline above row `baseline`, as far as it lies in `clip`.
    ///
    /// The letters are put together first and blended once: neighbours share pixels, and four pixels a chroma sample.
    pub fn draw(&mut self, line: &Line, x: i32, baseline: i32, clip: &Area, surface: &mut dyn Surface) {
        let Self { atlas, letters, mask } = self;
        let letters = letters[line.letters.clone()]
            .iter()
            .map(|(left, glyph)| (extent(x + left, baseline, glyph), glyph))
            .filter(|(extent, _)| extent.overlaps(clip));
        let Some(whole) = letters.clone().map(|(extent, _)| extent).reduce(around) else { return };
        // The last word of a letter may be wider than the letter.
        let pitch = whole.width() as usize + WORD;
        mask.clear();
        mask.resize(pitch * whole.height() as usize, 0);
        for (extent, glyph) in letters {
            let corner = (extent.top - whole.top) as usize * pitch + (extent.left - whole.left) as usize;
            for (row, letter) in mask[corner..].chunks_mut(pitch).zip(atlas.rows(glyph)) {
                for (sums, parts) in row.as_chunks_mut::<WORD>().0.iter_mut().zip(letter) {
                    *sums = std::array::from_fn(|index| sums[index].saturating_add(parts[index]));
                }
            }
        }
        let seen = whole.intersection(clip);
        let columns = (seen.left - whole.left) as usize..(seen.right - whole.left) as usize;
        for (y, row) in seen.rows().zip(mask.chunks_exact(pitch).skip((seen.top - whole.top) as usize)) {
            surface.mask(y, seen.left as usize, &row[columns.clone()]);
        }
        surface.finish();
    }
}

/// Where the mask of a glyph lies.
fn extent(left: i32, baseline: i32, glyph: &Glyph) -> Area {
    Area::new(left, baseline + glyph.top, glyph.width as i32, glyph.height as i32)
}

fn around(a: Area, b: Area) -> Area {
    Area {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}

/// Whether Unicode asks for nothing to be shown when a font lacks the character: joiners, marks of direction, variation selectors.
fn is_ignorable(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}
