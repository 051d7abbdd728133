use crate::color_name;

/// Why a text is not a colour, and what would be one.
///
/// ```
/// use backpack_annotate::Color;
///
/// let error = "ornage".parse::<Color>().unwrap_err();
/// assert_eq!(error.to_string(), r#""ornage" is not a colour: did you mean "orange"?"#);
///
/// let error = "#ff880".parse::<Color>().unwrap_err();
/// assert_eq!(error.to_string(), r##""#ff880" is not a colour: # needs 3, 4, 6 or 8 digits after it, not 5"##);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseColorError {
    /// A character after `#` is not a hexadecimal digit.
    #[error("{text:?} is not a colour: {digit:?} is not one of the digits 0 to 9 and a to f")]
    Digit {
        /// The text without white space around it, cut to 32 characters.
        text: String,
        /// The first character that is wrong.
        digit: char,
    },
    /// The number of hexadecimal digits after `#` is wrong.
    #[error("{text:?} is not a colour: # needs 3, 4, 6 or 8 digits after it, not {length}")]
    Length {
        /// The text without white space around it, cut to 32 characters.
        text: String,
        /// How many digits there are.
        length: usize,
    },
    /// A text that does not begin with `#` is not a name of CSS either.
    #[error("{text:?} is not a colour: {}", advice(.suggestion))]
    Name {
        /// The text without white space around it, cut to 32 characters.
        text: String,
        /// The colour that was probably meant, as a text that is one: a name that is spelt alike, or the same digits after a `#`.
        suggestion: Option<String>,
    },
}

impl ParseColorError {
    pub(crate) fn digit(text: &str, digit: char) -> Self {
        Self::Digit { text: cut(text), digit }
    }

    pub(crate) fn length(text: &str, length: usize) -> Self {
        Self::Length { text: cut(text), length }
    }

    pub(crate) fn name(text: &str) -> Self {
        // The text may be long, and no name is.
        let text = cut(text);
        let suggestion = with_hash(&text).or_else(|| color_name::nearest(&text).map(str::to_owned));
        Self::Name { text, suggestion }
    }
}

/// Long texts are cut: this is for a log line.
fn cut(text: &str) -> String {
    text.chars().take(32).collect()
}

/// The CSS notation of `rrggbb` and `0xrrggbb`, which other tools write.
fn with_hash(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    let hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    (hexadecimal && matches!(digits.len(), 3 | 4 | 6 | 8)).then(|| format!("#{digits}"))
}

fn advice(suggestion: &Option<String>) -> String {
    match suggestion {
        Some(color) => format!("did you mean {color:?}?"),
        None => "#rgb, #rgba, #rrggbb, #rrggbbaa or a colour name of CSS is needed".to_owned(),
    }
}
