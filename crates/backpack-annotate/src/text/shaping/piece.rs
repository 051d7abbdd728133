use std::ops::Range;

use harfrust::Script;
use harfrust::unicode::script;

use crate::text::characters::is_ignorable;
use crate::text::fonts::Fonts;

/// A part of a text in one script that one font has.
#[derive(Debug)]
pub(super) struct Piece {
    /// The bytes of the text.
    pub range: Range<usize>,
    /// Nothing if no font has the characters.
    pub font: Option<u16>,
    /// Nothing if the characters are in all scripts, such as digits.
    pub script: Option<Script>,
}

impl Piece {
    /// The pieces of a text in the order of reading.
    pub fn of(fonts: &Fonts, text: &str) -> Vec<Self> {
        let mut pieces: Vec<Self> = Vec::new();
        for (start, character) in text.char_indices() {
            let range = start..start + character.len_utf8();
            let script = own_script(character);
            let font = font(fonts, character, script, pieces.last());
            match pieces.last_mut() {
                Some(piece) if piece.takes(font, script) => {
                    piece.range.end = range.end;
                    piece.script = piece.script.or(script);
                }
                _ => pieces.push(Self { range, font, script }),
            }
        }
        pieces
    }

    /// Whether a character in this font and script goes on with the piece.
    fn takes(&self, font: Option<u16>, script: Option<Script>) -> bool {
        self.font == font && (script.is_none() || self.script.is_none() || self.script == script)
    }
}

/// The font that a character is taken from: the first that has it, but what belongs to the character before it stays with that one.
fn font(fonts: &Fonts, character: char, script: Option<Script>, before: Option<&Piece>) -> Option<u16> {
    if is_ignorable(character) {
        return before.map_or(Some(0), |piece| piece.font);
    }
    let joins = character == ' ' || script.is_none() && !character.is_ascii();
    match before.and_then(|piece| piece.font) {
        Some(font) if joins && fonts.has(font, character) => Some(font),
        _ => fonts.find(character).map(|(font, _)| font),
    }
}

/// A character's script, unless it goes with any.
fn own_script(character: char) -> Option<Script> {
    match script(character.into()) {
        Script::COMMON | Script::INHERITED | Script::UNKNOWN => None,
        script => Some(script),
    }
}
