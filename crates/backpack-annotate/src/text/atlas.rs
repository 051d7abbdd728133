use super::fonts::Fonts;
use super::int_hasher::IntMap;

/// The masks are dropped and made anew when they take more memory than this, in bytes: many sizes of many letters.
const CAPACITY: usize = 8 << 20;

/// They are also dropped when there are more than this: glyphs without a mask take memory too.
const GLYPH_CAPACITY: usize = 1 << 16;

/// Glyphs are not drawn while the masks take more memory than this, in bytes: no text that can be read needs as many.
const LIMIT: usize = 4 * CAPACITY;

/// Letters up to this size are drawn at quarters of a pixel, so that they stand evenly; above it nobody sees the difference.
const LARGEST_FINE_SIZE: u32 = 48;

/// How many times the text size a letter's mask may be wide and high: more is a broken font.
const LARGEST_LETTER: f32 = 8.0;

/// The glyph for characters that a font lacks.
pub(super) const MISSING: u16 = 0;

/// The masks of the letters drawn so far.
#[derive(Default)]
pub(super) struct Atlas {
    /// By font, glyph, size and phase.
    glyphs: IntMap<u64, Glyph>,
    masks: Vec<Word>,
}

/// A letter's mask in one size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Glyph {
    /// The first column, from the place of the letter or the beginning of its text.
    pub left: i32,
    /// The first row, from the baseline of the letter or of its text's first line.
    pub top: i32,
    pub width: usize,
    pub height: usize,
    /// Where the mask begins in the atlas, in words.
    start: usize,
}

/// The columns in a word.
pub(super) const WORD: usize = 16;

/// The coverage of some columns, which are handled together.
pub(super) type Word = [u8; WORD];

impl Glyph {
    /// The same glyph moved to the right and downwards, in pixels.
    pub fn moved(self, right: i32, down: i32) -> Self {
        Self { left: self.left + right, top: self.top + down, ..self }
    }

    /// How many words a row of the mask has; what is beyond the width is empty.
    pub fn words(&self) -> usize {
        self.width.div_ceil(WORD)
    }
}

impl Atlas {
    /// Drops the masks when they are too many; glyphs from before are then no longer valid.
    pub fn trim(&mut self) {
        if size_of_val(&self.masks[..]) > CAPACITY || self.glyphs.len() > GLYPH_CAPACITY {
            // The memory too: one unusual text may have made it large.
            *self = Self::default();
        }
    }

    /// How many places within a pixel a letter may begin at.
    pub fn phases(size: u32) -> u32 {
        if size <= LARGEST_FINE_SIZE { 4 } else { 1 }
    }

    /// The glyph of a font in a size, beginning `phase` parts of a pixel to the right.
    pub fn glyph(&mut self, fonts: &Fonts, font: u16, glyph: u16, size: u32, phase: u32) -> Glyph {
        let key = u64::from(font) << 48 | u64::from(glyph) << 32 | u64::from(size) << 8 | u64::from(phase);
        if let Some(glyph) = self.glyphs.get(&key) {
            return *glyph;
        }
        if size_of_val(&self.masks[..]) > LIMIT {
            return Glyph::default();
        }
        let made = match glyph {
            MISSING => self.make_box(size),
            _ => self.make(fonts, font, glyph, size, phase as f32 / Self::phases(size) as f32),
        };
        self.glyphs.insert(key, made);
        made
    }

    /// The rows of a glyph's mask.
    pub fn rows(&self, glyph: &Glyph) -> impl Iterator<Item = &[Word]> {
        self.masks[glyph.start..][..glyph.words() * glyph.height].chunks_exact(glyph.words().max(1))
    }

    fn make(&mut self, fonts: &Fonts, font: u16, glyph: u16, size: u32, shift: f32) -> Glyph {
        let Some(outlined) = fonts.outline(font, glyph, size, shift) else { return Glyph::default() };
        let bounds = outlined.px_bounds();
        let largest = LARGEST_LETTER * size as f32;
        if !(bounds.width() <= largest && bounds.height() <= largest) {
            return Glyph::default();
        }
        let (width, height) = (bounds.width() as usize, bounds.height() as usize);
        let (made, mask) = self.allocate(bounds.min.x as i32, bounds.min.y as i32, width, height);
        outlined.draw(|x, y, coverage| {
            let part = mask.get_mut(y as usize * WORD * made.words() + x as usize);
            part.into_iter().for_each(|part| *part = (coverage * 255.0).round() as u8);
        });
        made
    }

    /// The empty box that stands for a character which the fonts lack.
    fn make_box(&mut self, size: u32) -> Glyph {
        let size = size as f32;
        let (width, height) =
            ((size * 0.4).round().max(3.0) as usize, (size * 0.62).round().max(3.0) as usize);
        let line = (size / 16.0).round().max(1.0) as usize;
        let (made, mask) = self.allocate((size * 0.075).round() as i32, -(height as i32), width, height);
        for (y, row) in mask.chunks_mut(WORD * made.words()).enumerate() {
            let level = y < line || y >= height - line;
            for (x, part) in row[..width].iter_mut().enumerate() {
                *part = if level || x < line || x >= width - line { 255 } else { 0 };
            }
        }
        made
    }

    fn allocate(&mut self, left: i32, top: i32, width: usize, height: usize) -> (Glyph, &mut [u8]) {
        let glyph = Glyph { left, top, width, height, start: self.masks.len() };
        self.masks.resize(glyph.start + glyph.words() * height, Word::default());
        (glyph, self.masks[glyph.start..].as_flattened_mut())
    }
}
