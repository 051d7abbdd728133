use std::fmt::Display;

use super::item::Item;
use crate::{Codec, Fault, Input, Interface, Invalid, Native, Value};

/// The integers.
pub trait Integer: Item {}

/// A float without a fraction is a whole number too, as JSON has it, unless it is so large that others would look the same.
fn whole(value: &Value) -> Option<i128> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = value.as_number()?;
    let integer = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    integer.or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT)?;
        Some(float as i128)
    })
}

/// The error that a number does not fit into the type.
fn beyond(min: impl Display, max: impl Display) -> Invalid {
    Invalid::new(Fault::OutOfRange, format_args!("numbers here go from {min} to {max}"))
}

macro_rules! integers {
    ($($integer:ident)*) => {$(
        impl Integer for $integer {}

        impl Item for $integer {
            const INTERFACE: Interface = Interface::Int32;

            fn names() -> (String, String) {
                ("a whole number".to_owned(), "whole numbers".to_owned())
            }

            fn from_text(text: &str) -> Result<Self, Invalid> {
                // The wider type tells a number that is too large from a text that is none.
                let whole: i128 = text.trim().parse().map_err(Invalid::malformed)?;
                whole.try_into().map_err(|_| beyond($integer::MIN, $integer::MAX))
            }

            fn from_value(value: &Value) -> Option<Result<Self, Invalid>> {
                let number = value.as_number()?;
                Some(match whole(value) {
                    Some(whole) => whole.try_into().map_err(|_| beyond($integer::MIN, $integer::MAX)),
                    None => Err(Invalid::malformed(format_args!("{number} is no whole number"))),
                })
            }

            fn to_value(&self) -> Value {
                (*self).into()
            }

            fn schema() -> Value {
                serde_json::json!({ "type": "integer", "minimum": $integer::MIN, "maximum": $integer::MAX })
            }
        }

        impl Codec<$integer> for Native {
            const INTERFACE: Interface = Interface::Int32;

            fn expected() -> String {
                $integer::names().0
            }

            fn decode(input: Input<'_>) -> Result<$integer, Invalid> {
                match input {
                    Input::Text(text) => $integer::from_text(text),
                    Input::Typed(value) => $integer::from_value(value).unwrap_or_else(|| Err(input.wrong_type())),
                    other => Err(other.wrong_type()),
                }
            }

            fn encode(value: &$integer) -> Value {
                value.to_value()
            }

            fn schema() -> Value {
                <$integer as Item>::schema()
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
