use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// How two values of the type `T` are written: one after the other, or by name.
pub(super) struct Form<T> {
    expected: &'static str,
    /// The names by which each may go; the first is ours, others are read too.
    names: [&'static [&'static str]; 2],
    fields: &'static [&'static str],
    values: PhantomData<T>,
}

impl<T> Form<T> {
    pub(super) const fn new(
        expected: &'static str,
        names: [&'static [&'static str]; 2],
        fields: &'static [&'static str],
    ) -> Self {
        Self { expected, names, fields, values: PhantomData }
    }
}

/// Reads two values in either way.
pub(super) fn pair<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    form: Form<T>,
) -> Result<[T; 2], D::Error> {
    deserializer.deserialize_any(form)
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Form<T> {
    type Value = [T; 2];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<[T; 2], A::Error> {
        let first = values.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
        let second = values.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
        let mut length = 2;
        while values.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        if length > 2 { Err(A::Error::invalid_length(length, &self)) } else { Ok([first, second]) }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<[T; 2], A::Error> {
        let mut values = [None, None];
        while let Some(name) = map.next_key::<String>()? {
            let Some(index) = self.names.iter().position(|names| names.contains(&&*name)) else {
                return Err(A::Error::unknown_field(&name, self.fields));
            };
            if values[index].replace(map.next_value()?).is_some() {
                return Err(A::Error::duplicate_field(self.fields[index]));
            }
        }
        let missing = |index: usize| A::Error::missing_field(self.fields[index]);
        let [first, second] = values;
        Ok([first.ok_or_else(|| missing(0))?, second.ok_or_else(|| missing(1))?])
    }
}
