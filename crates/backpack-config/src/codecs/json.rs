use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Codec, Input, Invalid, Native, Value};

/// Any type of `serde`, as JSON in a text or, in files, by lists and tables.
#[doc(alias = "JsonSerDe")]
#[derive(Debug, Clone, Copy)]
pub struct Json;

impl<T: Serialize + DeserializeOwned> Codec<T> for Json {
    fn expected() -> String {
        "JSON".to_owned()
    }

    fn decode(input: Input<'_>) -> Result<T, Invalid> {
        match input {
            Input::Text(text) => serde_json::from_str(text).map_err(Invalid::malformed),
            Input::Typed(Value::String(text)) => Self::decode(Input::Text(text)),
            Input::Typed(value) => T::deserialize(value).map_err(Invalid::malformed),
            other => Err(other.wrong_type()),
        }
    }

    /// What JSON cannot hold, such as a map whose keys are lists, is written as nothing.
    fn encode(value: &T) -> Value {
        serde_json::to_string(value).map_or(Value::Null, Value::from)
    }

    /// A text is in quotes inside of its quotes, as it would otherwise be read as JSON.
    fn encode_structured(value: &T) -> Value {
        match serde_json::to_value(value) {
            Ok(Value::String(_)) => Self::encode(value),
            Ok(value) => value,
            Err(_) => Value::Null,
        }
    }

    fn schema() -> Value {
        serde_json::json!({})
    }
}

/// A JSON value, as with [`with::Json`](crate::with::Json).
impl Codec<Value> for Native {
    fn expected() -> String {
        <Json as Codec<Value>>::expected()
    }

    fn decode(input: Input<'_>) -> Result<Value, Invalid> {
        Json::decode(input)
    }

    fn encode(value: &Value) -> Value {
        Json::encode(value)
    }

    fn encode_structured(value: &Value) -> Value {
        Json::encode_structured(value)
    }

    fn schema() -> Value {
        <Json as Codec<Value>>::schema()
    }
}
