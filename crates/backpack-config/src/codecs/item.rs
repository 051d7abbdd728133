use crate::{Interface, Invalid, Value};

/// What can be a parameter and an item of a list.
pub trait Item: Sized {
    const INTERFACE: Interface;

    /// What one is called, with its article, and what several are.
    fn names() -> (String, String);

    fn from_text(text: &str) -> Result<Self, Invalid>;

    /// Reads a typed value; nothing if it is of the wrong type.
    fn from_value(value: &Value) -> Option<Result<Self, Invalid>>;

    fn to_value(&self) -> Value;

    fn schema() -> Value;
}
