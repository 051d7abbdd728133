use crate::{Invalid, Value};

/// A value as a source has it.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Input<'a> {
    /// Where there is nothing but text: an environment variable, an argument.
    Text(&'a str),
    /// Several texts, each of them one item of a list: an argument that was given repeatedly.
    Items(&'a [String]),
    /// Where values have types: a file, a parameter port.
    Typed(&'a Value),
}

impl<'a> Input<'a> {
    /// The text, be it one for want of types or by its type.
    ///
    /// # Errors
    /// If it is something else, which the error names.
    pub fn text(self) -> Result<&'a str, Invalid> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Typed(Value::String(text)) => Ok(text),
            other => Err(other.wrong_type()),
        }
    }

    /// The error that a value of this type is of the wrong type.
    pub fn wrong_type(self) -> Invalid {
        Invalid::wrong_type(match self {
            Self::Text(_) | Self::Typed(Value::String(_)) => "a text",
            Self::Items(_) | Self::Typed(Value::Array(_)) => "a list",
            Self::Typed(Value::Null) => "nothing",
            Self::Typed(Value::Bool(_)) => "a truth value",
            Self::Typed(Value::Number(_)) => "a number",
            Self::Typed(Value::Object(_)) => "a table",
        })
    }
}
