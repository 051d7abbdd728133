use std::fmt::Display;
use std::ops::RangeBounds;

use crate::parameter::{Default, Parameter};
use crate::{Codec, Fault, Input, Interface, Invalid, Value, constraint, text};

type Decode<T> = Box<dyn Fn(Input<'_>) -> Result<T, Invalid>>;
type Encode<T> = Box<dyn Fn(&T) -> Value>;
type Check<T> = Box<dyn Fn(&T) -> Result<(), Invalid>>;

/// A parameter of the type `T`: what there is to know about it, and how its values are read.
///
/// The derive macro makes it from a field and its attributes.
pub struct Field<T> {
    pub(crate) parameter: Parameter,
    decode: Decode<T>,
    encode: Encode<T>,
    encode_structured: Encode<T>,
    default: Option<Box<dyn Fn() -> T>>,
    checks: Vec<Check<T>>,
}

impl<T: 'static> Field<T> {
    /// A parameter that has to be given, with a codec for its values.
    pub fn new<C: Codec<T> + 'static>(name: &'static str) -> Self {
        let parameter = Parameter {
            path: vec![name],
            description: "",
            interface: C::INTERFACE,
            expected: C::expected(),
            schema: C::schema(),
            default: None,
            is_required: true,
            is_secret: C::IS_SECRET,
            short: None,
            value_name: None,
            is_repeated: false,
        };
        Self {
            parameter,
            decode: Box::new(C::decode),
            encode: Box::new(C::encode),
            encode_structured: Box::new(C::encode_structured),
            default: None,
            checks: Vec::new(),
        }
    }

    /// What it is for.
    pub fn description(mut self, description: &'static str) -> Self {
        self.parameter.description = description;
        self
    }

    /// Another type in Panorama's manifests than the codec's. If it is a string, texts are read as if there were no types.
    pub fn interface(mut self, interface: Interface) -> Self {
        self.parameter.interface = interface;
        self
    }

    /// Masks its values wherever they are shown.
    pub fn secret(mut self) -> Self {
        self.parameter.is_secret = true;
        self
    }

    /// The value if none is given.
    pub fn default(mut self, default: impl Fn() -> T + 'static) -> Self {
        let value = default();
        let [flat, structured] = [(self.encode)(&value), (self.encode_structured)(&value)];
        self.parameter.default = Some(Default { flat, structured });
        self.parameter.is_required = false;
        self.default = Some(Box::new(default));
        self
    }

    /// Allows no values outside of `range`.
    pub fn range(mut self, range: impl RangeBounds<T> + 'static) -> Self
    where
        T: PartialOrd,
    {
        let [start, end] = [range.start_bound(), range.end_bound()].map(|bound| bound.map(&self.encode));
        self.parameter.expected += &constraint::phrase(start.as_ref(), end.as_ref());
        constraint::add_bounds(&mut self.parameter.schema, start.as_ref(), end.as_ref());
        self.checked(move |value| {
            range.contains(value).then_some(()).ok_or_else(|| Invalid::new(Fault::OutOfRange, "out of range"))
        })
    }

    /// Allows no values but these.
    pub fn one_of<const N: usize>(mut self, choices: [T; N]) -> Self
    where
        T: PartialEq,
    {
        let texts = choices.iter().map(|choice| text::of(&(self.encode)(choice))).collect::<Vec<_>>();
        self.parameter.expected = format!("one of {}", texts.join(", "));
        let encoded = choices.iter().map(|choice| (self.encode_structured)(choice));
        self.parameter.schema = serde_json::json!({ "enum": encoded.collect::<Vec<_>>() });
        self.checked(move |value| {
            let reason = "none of the choices";
            choices.contains(value).then_some(()).ok_or_else(|| Invalid::new(Fault::NotOneOf, reason))
        })
    }

    /// Lets a function look at values.
    pub fn check<E: Display>(self, check: impl Fn(&T) -> Result<(), E> + 'static) -> Self {
        self.checked(move |value| check(value).map_err(|error| Invalid::new(Fault::Rejected, error)))
    }

    fn checked(mut self, check: impl Fn(&T) -> Result<(), Invalid> + 'static) -> Self {
        self.checks.push(Box::new(check));
        self
    }

    /// The letter by which it goes on the command line beside its name.
    pub fn short(mut self, short: char) -> Self {
        self.parameter.short = Some(short);
        self
    }

    /// What the command line's help calls its value.
    pub fn value_name(mut self, name: &'static str) -> Self {
        self.parameter.value_name = Some(name);
        self
    }

    /// Takes the items of a list one at a time on the command line.
    pub fn repeated(mut self) -> Self {
        self.parameter.is_repeated = true;
        self
    }

    /// The same parameter, but it need not be given. An empty text is nothing too, unless it is a value itself.
    pub fn optional(self) -> Field<Option<T>> {
        let Self { mut parameter, decode, encode, encode_structured, default: _, checks } = self;
        parameter.is_required = false;
        parameter.schema = serde_json::json!({ "anyOf": [parameter.schema, { "type": "null" }] });
        let decode_something = move |input: Input<'_>| match input {
            Input::Typed(Value::Null) => Ok(None),
            input => match decode(input) {
                Err(_) if input.text().is_ok_and(str::is_empty) => Ok(None),
                result => result.map(Some),
            },
        };
        let of_something = |encode: Encode<T>| -> Encode<Option<T>> {
            Box::new(move |value| value.as_ref().map_or(Value::Null, &encode))
        };
        let check_something = |check: Check<T>| -> Check<Option<T>> {
            Box::new(move |value| value.as_ref().map_or(Ok(()), &check))
        };
        Field {
            parameter,
            decode: Box::new(decode_something),
            encode: of_something(encode),
            encode_structured: of_something(encode_structured),
            default: Some(Box::new(|| None)),
            checks: checks.into_iter().map(check_something).collect(),
        }
    }

    /// Reads a value and lets all checks look at it.
    pub(crate) fn read(&self, input: Input<'_>) -> Result<T, Invalid> {
        let input = match input {
            Input::Typed(Value::String(text)) if self.parameter.interface == Interface::String => {
                Input::Text(text)
            }
            other => other,
        };
        self.accept((self.decode)(input)?)
    }

    /// The default, if there is one, looked at by all checks.
    pub(crate) fn read_default(&self) -> Option<Result<T, Invalid>> {
        self.default.as_ref().map(|default| self.accept(default()))
    }

    fn accept(&self, value: T) -> Result<T, Invalid> {
        self.checks.iter().try_for_each(|check| check(&value))?;
        Ok(value)
    }

    /// The value as text.
    pub(crate) fn text(&self, value: &T) -> String {
        text::of(&(self.encode)(value))
    }
}
