use super::item::Item;
use crate::{Codec, Input, Interface, Invalid, Native, Value};

impl Item for String {
    const INTERFACE: Interface = Interface::String;

    fn names() -> (String, String) {
        ("a text".to_owned(), "texts".to_owned())
    }

    fn from_text(text: &str) -> Result<Self, Invalid> {
        Ok(text.to_owned())
    }

    fn from_value(value: &Value) -> Option<Result<Self, Invalid>> {
        value.as_str().map(Self::from_text)
    }

    fn to_value(&self) -> Value {
        self.as_str().into()
    }

    fn schema() -> Value {
        serde_json::json!({ "type": "string" })
    }
}

impl Codec<String> for Native {
    fn expected() -> String {
        String::names().0
    }

    fn decode(input: Input<'_>) -> Result<String, Invalid> {
        input.text().map(str::to_owned)
    }

    fn encode(value: &String) -> Value {
        value.to_value()
    }
}
