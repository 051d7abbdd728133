use super::item::Item;
use crate::text::shortest;
use crate::{Codec, Input, Interface, Invalid, Native, Value};

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Item for $float {
            const INTERFACE: Interface = Interface::Float32;

            fn names() -> (String, String) {
                ("a number".to_owned(), "numbers".to_owned())
            }

            fn from_text(text: &str) -> Result<Self, Invalid> {
                let number: $float = text.trim().parse().map_err(Invalid::malformed)?;
                if number.is_finite() { Ok(number) } else { Err(Invalid::malformed("not a finite number")) }
            }

            fn from_value(value: &Value) -> Option<Result<Self, Invalid>> {
                // By way of its digits, as a conversion from the wider type would round twice.
                value.as_number().map(|number| Self::from_text(&number.to_string()))
            }

            fn to_value(&self) -> Value {
                shortest(self)
            }

            fn schema() -> Value {
                serde_json::json!({ "type": "number" })
            }
        }

        impl Codec<$float> for Native {
            const INTERFACE: Interface = Interface::Float32;

            fn expected() -> String {
                $float::names().0
            }

            fn decode(input: Input<'_>) -> Result<$float, Invalid> {
                match input {
                    Input::Text(text) => $float::from_text(text),
                    Input::Typed(value) => $float::from_value(value).unwrap_or_else(|| Err(input.wrong_type())),
                    other => Err(other.wrong_type()),
                }
            }

            fn encode(value: &$float) -> Value {
                value.to_value()
            }
        }
    )*};
}

floats!(f32 f64);
