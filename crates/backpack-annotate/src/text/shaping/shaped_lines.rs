use std::collections::HashMap;

use super::shaped::Shaped;
use crate::text::spot::Spot;

/// Lines not used lately are forgotten when all together take more memory than this, in bytes; up to twice as much is kept.
const CAPACITY: usize = 1 << 20;

/// What a line takes besides its text and glyphs, in bytes.
const OVERHEAD: usize = 128;

/// The lines shaped lately, by their text: shaping takes many times as long as finding them.
///
/// A line has the same glyphs in every size.
#[derive(Default)]
pub(super) struct ShapedLines {
    used: HashMap<Box<str>, Shaped>,
    /// What the lines in `used` take, in bytes.
    weight: usize,
    /// Those from before `used` was full.
    before: HashMap<Box<str>, Shaped>,
}

impl ShapedLines {
    /// A text's line, from `shape` if it is not remembered.
    pub fn line(&mut self, text: &str, shape: impl FnOnce() -> Shaped) -> &Shaped {
        if !self.used.contains_key(text) {
            let (text, line) = self.before.remove_entry(text).unwrap_or_else(|| (text.into(), shape()));
            let weight = OVERHEAD + text.len() + line.spots.capacity() * size_of::<Spot>();
            if self.weight + weight > CAPACITY {
                std::mem::swap(&mut self.used, &mut self.before);
                self.used.clear();
                self.weight = 0;
            }
            self.weight += weight;
            return self.used.entry(text).or_insert(line);
        }
        &self.used[text]
    }
}
