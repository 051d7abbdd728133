use std::path::PathBuf;

use super::item::Item;
use crate::{Codec, Input, Interface, Invalid, Native, Value};

impl Item for PathBuf {
    const INTERFACE: Interface = Interface::String;

    fn names() -> (String, String) {
        ("a path".to_owned(), "paths".to_owned())
    }

    fn from_text(text: &str) -> Result<Self, Invalid> {
        Ok(text.into())
    }

    fn from_value(value: &Value) -> Option<Result<Self, Invalid>> {
        value.as_str().map(Self::from_text)
    }

    fn to_value(&self) -> Value {
        self.to_string_lossy().into()
    }

    fn schema() -> Value {
        serde_json::json!({ "type": "string" })
    }
}

impl Codec<PathBuf> for Native {
    fn expected() -> String {
        PathBuf::names().0
    }

    fn decode(input: Input<'_>) -> Result<PathBuf, Invalid> {
        input.text().map(PathBuf::from)
    }

    fn encode(value: &PathBuf) -> Value {
        value.to_value()
    }
}
