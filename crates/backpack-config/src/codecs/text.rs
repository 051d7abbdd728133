use std::fmt::Display;
use std::str::FromStr;

use crate::{Codec, Input, Invalid, Value};

/// Any type that is read from text by `FromStr` and written by `Display`.
#[derive(Debug, Clone, Copy)]
pub struct Text;

impl<T: FromStr + Display> Codec<T> for Text
where
    T::Err: Display,
{
    fn expected() -> String {
        let path = std::any::type_name::<T>();
        let (name, _) = path.split_once('<').unwrap_or((path, ""));
        format!("a {}", name.rsplit("::").next().unwrap_or(name))
    }

    fn decode(input: Input<'_>) -> Result<T, Invalid> {
        input.text()?.parse().map_err(Invalid::malformed)
    }

    fn encode(value: &T) -> Value {
        value.to_string().into()
    }
}
