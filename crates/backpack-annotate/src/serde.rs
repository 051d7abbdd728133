//! Reading and writing colours with `serde`, in self-describing formats such as JSON, TOML and YAML.
//!
//! It is written out by hand for the same reasons as in backpack-core: errors that say what a colour looks like, and quick builds.

use std::fmt;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Color;

/// As `"#rrggbb"`, or `"#rrggbbaa"` unless the colour is opaque.
impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From any text that [`FromStr`](std::str::FromStr) reads, or from an array `[r, g, b]` or `[r, g, b, a]` of whole numbers from 0 to 255.
impl<'de> Deserialize<'de> for Color {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColorVisitor)
    }
}

struct ColorVisitor;

impl<'de> Visitor<'de> for ColorVisitor {
    type Value = Color;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a colour as \"#rrggbb\", \"#rrggbbaa\", a name of CSS, [r, g, b] or [r, g, b, a]")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Color, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Color, A::Error> {
        let mut color = [0, 0, 0, 255];
        let mut length = 0;
        while let Some(component) = color.get_mut(length) {
            let Some(value) = values.next_element()? else { break };
            *component = value;
            length += 1;
        }
        while values.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        let [r, g, b, a] = color;
        if matches!(length, 3 | 4) {
            Ok(Color { r, g, b, a })
        } else {
            Err(A::Error::invalid_length(length, &self))
        }
    }
}
