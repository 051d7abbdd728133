//! Values as text.

use crate::Value;

/// The value where there is nothing but text; nothing is empty.
pub(crate) fn of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The longest value that is shown, in characters: errors are for log lines.
const LONGEST: usize = 80;

/// A text for an error.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A value that is no text for an error.
pub(crate) fn shown_value(value: &Value) -> String {
    let mut text = value.to_string();
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// A number with as many digits as tell it from others of its type, which a wider type would have more of.
pub(crate) fn shortest(value: impl ToString) -> Value {
    value.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}

/// JSON with four spaces for each level, as the Python toolkit writes it.
#[cfg(any(feature = "clap", feature = "template"))]
pub(crate) fn pretty(value: &impl serde::Serialize) -> Result<String, serde_json::Error> {
    let mut json = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut json, formatter))?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}
