use super::Layout;
use super::atlas::{Atlas, Glyph, WORD};
use super::block::Block;
use super::characters::lines;
use super::font::Font;
use super::fonts::Fonts;
use super::spot::Spot;
use crate::HorizontalAnchor;
use crate::raster::{Area, Surface};

/// A text is cut off behind this many letters: a 4K frame in the smallest size has no room for more.
const LONGEST_TEXT: usize = 1 << 18;

/// Letters farther than this from the beginning of their line, in pixels or parts of a pixel, are taken as this far: beyond every frame.
const FARTHEST: f32 = 1e6;

/// Sets lines of text and draws them; holds the letters and its scratch memory.
pub(crate) struct Typesetter {
    fonts: Fonts,
    layout: Layout,
    atlas: Atlas,
    /// The letters of all texts that were set, placed from the beginning of the text's first baseline.
    letters: Vec<Glyph>,
    /// For each line of the text that is being set, the end of its letters and its width in pixels.
    lines: Vec<(usize, i32)>,
    /// The coverage of a text.
    mask: Vec<u8>,
}

impl Typesetter {
    /// A typesetter that takes each character from the first of the fonts that has it.
    pub fn new(fonts: impl IntoIterator<Item = Font>) -> Self {
        Self {
            fonts: Fonts::new(fonts),
            layout: Layout::default(),
            atlas: Atlas::default(),
            letters: Vec::new(),
            lines: Vec::new(),
            mask: Vec::new(),
        }
    }

    /// Forgets the texts that were set.
    pub fn clear(&mut self) {
        self.letters.clear();
        self.atlas.trim();
    }

    /// Sets a text `size` pixels high, as far as there is room for it from the top left corner on.
    pub fn set(&mut self, text: &str, size: u32, align: HorizontalAnchor, room: &Area) -> Block {
        let first = self.letters.len();
        let pitch = self.fonts.pitch(size);
        self.lines.clear();
        let (mut width, mut baseline) = (0, 0);
        for line in lines(text) {
            let line_width = self.line(line, size, baseline, room.right, first + LONGEST_TEXT);
            self.lines.push((self.letters.len(), line_width));
            width = width.max(line_width);
            baseline += pitch;
            if baseline > room.bottom || self.letters.len() - first >= LONGEST_TEXT {
                break;
            }
        }
        self.align(first, width, align);
        let letters = first..self.letters.len();
        Block { width, height: baseline - pitch + size as i32, ascent: self.fonts.ascent(size), letters }
    }

    /// Sets a line that is cut off about `limit` pixels from its beginning, and returns its width.
    ///
    /// `most` is how many letters there may be then.
    fn line(&mut self, text: &str, size: u32, baseline: i32, limit: i32, most: usize) -> i32 {
        let Self { fonts, layout, atlas, letters, .. } = self;
        let scale = fonts.scale(size);
        let phases = Atlas::phases(size) as i32;
        let width = layout.line(fonts, text, limit as f32 / scale, |Spot { font, glyph, x, y }| {
            let place = pixels(x, scale * phases as f32);
            let glyph = atlas.glyph(fonts, font, glyph, size, place.rem_euclid(phases) as u32);
            if glyph.width > 0 && letters.len() < most {
                letters.push(glyph.moved(place.div_euclid(phases), baseline - pixels(y, scale)));
            }
        });
        (width * scale).ceil().clamp(0.0, limit as f32) as i32
    }

    /// Moves the lines of a text `width` pixels wide; their letters are those from `first` on.
    fn align(&mut self, first: usize, width: i32, align: HorizontalAnchor) {
        let mut start = first;
        for &(end, line_width) in &self.lines {
            let shift = match align {
                HorizontalAnchor::Left => 0,
                HorizontalAnchor::Center => (width - line_width) / 2,
                HorizontalAnchor::Right => width - line_width,
            };
            if shift > 0 {
                self.letters[start..end].iter_mut().for_each(|letter| letter.left += shift);
            }
            start = end;
        }
    }

    /// Draws a text with its beginning in column `x` and its first baseline above row `baseline`, as far as it lies in `clip`.
    ///
    /// The letters are put together first and blended once: neighbours share pixels, and four pixels a chroma sample.
    pub fn draw(&mut self, text: &Block, x: i32, baseline: i32, clip: &Area, surface: &mut dyn Surface) {
        let Self { atlas, letters, mask, .. } = self;
        let letters = letters[text.letters.clone()]
            .iter()
            .map(|letter| (extent(x, baseline, letter), letter))
            .filter(|(extent, _)| extent.overlaps(clip));
        let Some(whole) = letters.clone().map(|(extent, _)| extent).reduce(around) else { return };
        // In 4:2:0, what begins and ends at even places is drawn faster.
        let whole = whole.evened();
        // The last word of a letter may be wider than the letter.
        let pitch = whole.width() as usize + WORD;
        mask.clear();
        mask.resize(pitch * whole.height() as usize, 0);
        for (extent, letter) in letters {
            let corner = (extent.top - whole.top) as usize * pitch + (extent.left - whole.left) as usize;
            for (row, parts) in mask[corner..].chunks_mut(pitch).zip(atlas.rows(letter)) {
                for (sums, parts) in row.as_chunks_mut::<WORD>().0.iter_mut().zip(parts) {
                    *sums = std::array::from_fn(|index| sums[index].saturating_add(parts[index]));
                }
            }
        }
        let seen = whole.intersection(clip);
        let first = (seen.top - whole.top) as usize * pitch + (seen.left - whole.left) as usize;
        surface.block(seen, &mask[first..], pitch);
    }
}

impl Default for Typesetter {
    /// A typesetter with the built-in font, if there is one.
    fn default() -> Self {
        Self::new([
            #[cfg(feature = "builtin-font")]
            Font::builtin(),
        ])
    }
}

/// A measure in units of the font in pixels, or parts of a pixel.
fn pixels(units: f32, scale: f32) -> i32 {
    // Most letters stand on the baseline, and rounding takes time.
    if units == 0.0 { 0 } else { (units * scale).round().clamp(-FARTHEST, FARTHEST) as i32 }
}

/// Where the mask of a letter lies in the frame if its text begins at `x` and `baseline`.
fn extent(x: i32, baseline: i32, letter: &Glyph) -> Area {
    Area::new(x + letter.left, baseline + letter.top, letter.width as i32, letter.height as i32)
}

fn around(a: Area, b: Area) -> Area {
    Area {
        left: a.left.min(b.left),
        top: a.top.min(b.top),
        right: a.right.max(b.right),
        bottom: a.bottom.max(b.bottom),
    }
}
