use std::iter::once;

/// The lines of a text: they end at a line feed, with or without a carriage return before it.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let (before, last) = text.rsplit_once('\n').map_or((None, text), |(before, last)| (Some(before), last));
    let ended = before.into_iter().flat_map(|before| before.split('\n'));
    ended.map(|line| line.strip_suffix('\r').unwrap_or(line)).chain(once(last))
}

/// Whether a character is drawn as a space.
pub(super) fn is_blank(character: char) -> bool {
    character.is_control() || character.is_whitespace()
}

/// Whether Unicode asks for nothing to be shown when a font lacks the character: joiners, marks of direction, variation selectors.
pub(super) fn is_ignorable(character: char) -> bool {
    // All of them but the soft hyphen are beyond Latin, Greek, Cyrillic, Hebrew and so on.
    character == '\u{ad}' || (character >= '\u{34f}' && is_ignorable_beyond_latin(character))
}

fn is_ignorable_beyond_latin(character: char) -> bool {
    matches!(character, '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}')
        || matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}')
        || matches!(character, '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}
