use std::ops::Bound;

use crate::{Value, text};

/// The bounds of a range as a phrase: "from 0 to 1", "above 0".
pub(crate) fn phrase(start: Bound<&Value>, end: Bound<&Value>) -> String {
    let [low, high] = [start, end].map(|bound| bound.map(number));
    match (low, high) {
        (Bound::Included(low), Bound::Included(high)) => format!(" from {low} to {high}"),
        (Bound::Included(low), Bound::Excluded(high)) => format!(" from {low} to below {high}"),
        (Bound::Included(low), Bound::Unbounded) => format!(" from {low} on"),
        (Bound::Excluded(low), Bound::Included(high)) => format!(" above {low} and up to {high}"),
        (Bound::Excluded(low), Bound::Excluded(high)) => format!(" above {low} and below {high}"),
        (Bound::Excluded(low), Bound::Unbounded) => format!(" above {low}"),
        (Bound::Unbounded, Bound::Included(high)) => format!(" up to {high}"),
        (Bound::Unbounded, Bound::Excluded(high)) => format!(" below {high}"),
        (Bound::Unbounded, Bound::Unbounded) => String::new(),
    }
}

/// Without a fraction that is none.
fn number(value: &Value) -> String {
    let text = text::of(value);
    text.strip_suffix(".0").map_or_else(|| text.clone(), str::to_owned)
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
