use std::ops::Bound;

use crate::{Value, text};

/// The bounds of a range as a phrase: "from 0 to 1", "above 0".
pub(crate) fn phrase(start: Bound<&Value>, end: Bound<&Value>) -> String {
    let start = match start {
        Bound::Included(value) => Some(format!("from {}", text::of(value))),
        Bound::Excluded(value) => Some(format!("above {}", text::of(value))),
        Bound::Unbounded => None,
    };
    let end = match end {
        Bound::Included(value) => Some(format!("to {}", text::of(value))),
        Bound::Excluded(value) => Some(format!("below {}", text::of(value))),
        Bound::Unbounded => None,
    };
    match (start, end) {
        (Some(start), Some(end)) if end.starts_with("to") => format!(" {start} {end}"),
        (Some(start), Some(end)) => format!(" {start} and {end}"),
        (Some(start), None) if start.starts_with("from") => format!(" {start} on"),
        (None, Some(end)) if end.starts_with("to") => format!(" up {end}"),
        (start, end) => start.or(end).map_or(String::new(), |phrase| format!(" {phrase}")),
    }
}

/// Adds the bounds to the JSON Schema of a number; others have none that it knows.
pub(crate) fn add_bounds(schema: &mut Value, start: Bound<&Value>, end: Bound<&Value>) {
    let bounds = [(start, "minimum", "exclusiveMinimum"), (end, "maximum", "exclusiveMaximum")];
    for (bound, included, excluded) in bounds {
        match bound {
            Bound::Included(value) if value.is_number() => schema[included] = value.clone(),
            Bound::Excluded(value) if value.is_number() => schema[excluded] = value.clone(),
            _ => {}
        }
    }
}
