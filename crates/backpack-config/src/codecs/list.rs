use super::integer::Integer;
use super::item::Item;
use crate::{Codec, Input, Invalid, Native, Value, text};

/// A list of integers as one text, separated by commas: `1, 2, 3`. The empty text is the empty list, and a list of JSON is read too.
#[doc(alias = "IntegerListSerDe")]
#[derive(Debug, Clone, Copy)]
pub struct IntegerList;

/// A list of texts as one text, separated by commas: `apple, pear`. The empty text is the empty list.
///
/// A list of JSON is read too, and written where commas would not do: if an item is empty, has a comma in it or white space around it.
#[doc(alias = "StringListSerDe")]
#[derive(Debug, Clone, Copy)]
pub struct StringList;

/// Lists are alike whatever is in them.
macro_rules! lists {
    ($($codec:ident $bound:path;)*) => {$(
        impl<T: $bound> Codec<Vec<T>> for $codec {
            fn expected() -> String {
                format!("{} separated by commas", T::names().1)
            }

            fn decode(input: Input<'_>) -> Result<Vec<T>, Invalid> {
                match input {
                    Input::Text(text) => from_text(text),
                    Input::Typed(Value::String(text)) => from_text(text),
                    Input::Items(items) => items.iter().map(|item| T::from_text(item)).collect(),
                    Input::Typed(Value::Array(items)) => from_array(items),
                    other => Err(other.wrong_type()),
                }
            }

            fn encode(value: &Vec<T>) -> Value {
                to_text(value).into()
            }

            fn encode_structured(value: &Vec<T>) -> Value {
                value.iter().map(T::to_value).collect()
            }

            fn schema() -> Value {
                serde_json::json!({ "anyOf": [{ "type": "array", "items": T::schema() }, { "type": "string" }] })
            }
        }
    )*};
}

lists! {
    Native Item;
    IntegerList Integer;
}

impl Codec<Vec<String>> for StringList {
    fn expected() -> String {
        <Native as Codec<Vec<String>>>::expected()
    }

    fn decode(input: Input<'_>) -> Result<Vec<String>, Invalid> {
        <Native as Codec<Vec<String>>>::decode(input)
    }

    fn encode(value: &Vec<String>) -> Value {
        <Native as Codec<Vec<String>>>::encode(value)
    }

    fn encode_structured(value: &Vec<String>) -> Value {
        <Native as Codec<Vec<String>>>::encode_structured(value)
    }

    fn schema() -> Value {
        <Native as Codec<Vec<String>>>::schema()
    }
}

fn from_text<T: Item>(text: &str) -> Result<Vec<T>, Invalid> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(Vec::new());
    }
    if trimmed.starts_with('[') {
        let items: Vec<Value> = serde_json::from_str(trimmed).map_err(Invalid::malformed)?;
        return from_array(&items);
    }
    let items = trimmed.split(',').map(str::trim).enumerate();
    items.map(|(index, item)| T::from_text(item).map_err(|error| at(index, error))).collect()
}

fn from_array<T: Item>(items: &[Value]) -> Result<Vec<T>, Invalid> {
    let item = |value: &Value| T::from_value(value).unwrap_or_else(|| Err(Input::Typed(value).wrong_type()));
    items.iter().enumerate().map(|(index, value)| item(value).map_err(|error| at(index, error))).collect()
}

/// The error with the place in the list, which people count from 1.
fn at(index: usize, error: Invalid) -> Invalid {
    Invalid::new(error.fault(), format_args!("item {}: {error}", index + 1))
}

fn to_text<T: Item>(items: &[T]) -> String {
    let texts = items.iter().map(|item| text::of(&item.to_value())).collect::<Vec<_>>();
    let has_bracket = texts.first().is_some_and(|first| first.starts_with('['));
    if has_bracket || texts.iter().any(|text| !is_plain(text)) {
        return items.iter().map(T::to_value).collect::<Value>().to_string();
    }
    texts.join(", ")
}

/// Whether a text comes back from between commas as it was.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && !text.contains(',') && text.trim() == text
}
