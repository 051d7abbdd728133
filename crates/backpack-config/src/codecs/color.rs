use backpack_annotate::Color;

use crate::{Codec, Input, Invalid, Native, Value};

/// A colour as `#rrggbb` or `#rrggbbaa`, or by its name in CSS.
#[derive(Debug, Clone, Copy)]
pub struct Colour;

impl Codec<Color> for Colour {
    fn expected() -> String {
        "a colour as #rrggbb, #rrggbbaa or a name of CSS".to_owned()
    }

    fn decode(input: Input<'_>) -> Result<Color, Invalid> {
        input.text()?.parse().map_err(Invalid::malformed)
    }

    fn encode(value: &Color) -> Value {
        value.to_string().into()
    }
}

/// As with [`with::Colour`](crate::with::Colour).
impl Codec<Color> for Native {
    fn expected() -> String {
        Colour::expected()
    }

    fn decode(input: Input<'_>) -> Result<Color, Invalid> {
        Colour::decode(input)
    }

    fn encode(value: &Color) -> Value {
        Colour::encode(value)
    }
}
