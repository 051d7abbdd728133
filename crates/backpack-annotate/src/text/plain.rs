use std::hash::Hash;

use super::atlas::MISSING;
use super::characters::{is_blank, is_ignorable};
use super::fonts::Fonts;
use super::int_hasher::IntMap;
use super::spot::Spot;

/// Characters and pairs of glyphs that are remembered; beyond that they are looked up anew.
const CAPACITY: usize = 1 << 14;

/// Lays out lines character by character, from left to right, with kerning.
#[derive(Default)]
pub(super) struct Layout {
    characters: IntMap<char, Character>,
    /// By font and the two glyphs.
    kerning: IntMap<u64, f32>,
}

/// A character's glyph.
#[derive(Debug, Clone, Copy)]
struct Character {
    font: u16,
    glyph: u16,
    advance: f32,
}

impl Layout {
    /// Hands over the glyphs of a line that is cut off about `limit` from its beginning, and returns how wide it is.
    ///
    /// Measures are in units of the first font.
    pub fn line(&mut self, fonts: &Fonts, text: &str, limit: f32, mut place: impl FnMut(Spot)) -> f32 {
        let (mut pen, mut previous) = (0.0f32, None);
        for character in text.chars().filter(|&character| !is_ignorable(character)) {
            if pen.abs() > limit {
                break;
            }
            let is_blank = is_blank(character);
            let character = self.character(fonts, if is_blank { ' ' } else { character });
            pen += previous.map_or(0.0, |previous| self.kerning(fonts, previous, character));
            if !is_blank {
                place(Spot { font: character.font, glyph: character.glyph, x: pen, y: 0.0 });
            }
            pen += character.advance;
            previous = Some(character);
        }
        pen
    }

    fn character(&mut self, fonts: &Fonts, character: char) -> Character {
        remembered(&mut self.characters, character, || match fonts.find(character) {
            Some((font, glyph)) => Character { font, glyph, advance: fonts.advance(font, glyph) },
            None if character == ' ' => Character { font: 0, glyph: MISSING, advance: fonts.missing_space() },
            None => Character { font: 0, glyph: MISSING, advance: fonts.missing_advance() },
        })
    }

    /// By how much the distance between two characters differs from the first one's advance.
    fn kerning(&mut self, fonts: &Fonts, first: Character, second: Character) -> f32 {
        if first.font != second.font {
            return 0.0;
        }
        let key = u64::from(first.font) << 32 | u64::from(first.glyph) << 16 | u64::from(second.glyph);
        remembered(&mut self.kerning, key, || fonts.kerning(first.font, first.glyph, second.glyph))
    }
}

/// What a map has for a key, or else what `make` returns, which it then remembers.
fn remembered<K: Eq + Hash, V: Copy>(map: &mut IntMap<K, V>, key: K, make: impl FnOnce() -> V) -> V {
    if let Some(&value) = map.get(&key) {
        return value;
    }
    if map.len() >= CAPACITY {
        map.clear();
    }
    *map.entry(key).or_insert_with(make)
}
