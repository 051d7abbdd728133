use serde_json::{Map, json};

use crate::Value;

/// The table at `path` below `tables`, after adding it and those around it where they are not there yet.
pub(crate) fn table_at<'a>(tables: &'a mut Map<String, Value>, path: &[&str]) -> &'a mut Map<String, Value> {
    let Some((first, rest)) = path.split_first() else { return tables };
    let table = tables.entry(*first).or_insert_with(|| json!({}));
    if !table.is_object() {
        *table = json!({});
    }
    match table {
        Value::Object(inner) => table_at(inner, rest),
        _ => unreachable!("it was made an object above"),
    }
}
