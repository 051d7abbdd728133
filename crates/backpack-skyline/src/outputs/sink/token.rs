/// A piece of a pipeline description as `gst-launch` reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `name=value`, the value without the quotes around it.
    Property(&'a str, &'a str),
    /// Anything else: an element, caps, `!`.
    Word(&'a str),
}

/// The pieces of a description. Also of one with mistakes: what is not closed goes on to the end.
pub(super) fn tokens(description: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = description.trim_start();
    while !rest.is_empty() {
        let (token, after) = next(rest);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn next(text: &str) -> (Token<'_>, &str) {
    let (name, after) = split_where(text, |letter| !letter.is_alphanumeric() && !"_-%:".contains(letter));
    match after.trim_start().strip_prefix('=') {
        Some(after) if !name.is_empty() => {
            let (value, rest) = value(after.trim_start());
            (Token::Property(name, value), rest)
        }
        _ => {
            let (word, rest) = split_where(text, char::is_whitespace);
            (Token::Word(word), rest)
        }
    }
}

/// A value and what comes after it; a backslash takes the meaning from the letter behind it.
fn value(text: &str) -> (&str, &str) {
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''));
    let mut escaped = false;
    let is_end = |letter: char| {
        let is_end = !escaped && quote.map_or(letter.is_whitespace(), |quote| letter == quote);
        escaped = !escaped && letter == '\\';
        is_end
    };
    let inner = quote.map_or(text, |quote| &text[quote.len_utf8()..]);
    let (value, rest) = split_where(inner, is_end);
    (value, quote.and_then(|quote| rest.strip_prefix(quote)).unwrap_or(rest))
}

fn split_where(text: &str, is_end: impl FnMut(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Token::{Property, Word};
    use proptest::prelude::*;

    #[test]
    fn a_description_falls_into_words_and_properties() {
        let text = r#"video/x-h264,profile=high ! mux name = m ! s uri="a \" b" k='c d' p=e\ f x.y"#;
        let expected = [
            Word("video/x-h264,profile=high"),
            Word("!"),
            Word("mux"),
            Property("name", "m"),
            Word("!"),
            Word("s"),
            Property("uri", r#"a \" b"#),
            Property("k", "c d"),
            Property("p", r"e\ f"),
            Word("x.y"),
        ];
        assert_eq!(tokens(text), expected);
    }

    #[test]
    fn a_quote_that_is_not_closed_goes_to_the_end() {
        assert_eq!(tokens("s uri=\"a b"), [Word("s"), Property("uri", "a b")]);
        assert_eq!(tokens("s uri="), [Word("s"), Property("uri", "")]);
    }

    proptest! {
        #[test]
        fn any_text_has_tokens(text in "[a =\"'\\\\!é]{0,20}") {
            tokens(&text);
        }
    }
}
