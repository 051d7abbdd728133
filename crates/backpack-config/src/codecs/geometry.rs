use backpack_core::{Line, Point, PolyLine, Rect};
use serde::de::DeserializeOwned;

use super::json::Json;
use crate::{Codec, Input, Invalid, Native, Value};

/// A polygon as JSON, `[[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]`, or an open line as `{"points": [[0.1, 0.1], [0.9, 0.1]], "closed": false}`.
#[doc(alias = "PolyLineSerDe")]
#[derive(Debug, Clone, Copy)]
pub struct Polygon;

/// A rectangle as its corners in JSON, `[[0.1, 0.1], [0.9, 0.9]]`, or as four numbers `0.1, 0.1, 0.9, 0.9`.
#[derive(Debug, Clone, Copy)]
pub struct Rectangle;

/// Shapes are written as JSON; those of few numbers are read without brackets too.
macro_rules! shapes {
    ($($codec:ident $shape:ident $expected:literal $plain:expr;)*) => {$(
        impl Codec<$shape> for $codec {
            fn expected() -> String {
                $expected.to_owned()
            }

            fn decode(input: Input<'_>) -> Result<$shape, Invalid> {
                decode(input, $plain)
            }

            fn encode(value: &$shape) -> Value {
                Json::encode(value)
            }

            fn encode_structured(value: &$shape) -> Value {
                Json::encode_structured(value)
            }

            fn schema() -> Value {
                serde_json::json!({ "type": ["array", "object", "string"] })
            }
        }
    )*};
}

const POLYGON: fn(&[f64]) -> Option<Value> = |_| None;
const CORNERS: fn(&[f64]) -> Option<Value> = |numbers| match *numbers {
    [x1, y1, x2, y2] => Some(serde_json::json!([[x1, y1], [x2, y2]])),
    _ => None,
};
const POINT: fn(&[f64]) -> Option<Value> = |numbers| match *numbers {
    [x, y] => Some(serde_json::json!([x, y])),
    _ => None,
};

shapes! {
    Polygon PolyLine "a polygon as [[x, y], …]" POLYGON;
    Rectangle Rect "a rectangle as [[x, y], [x, y]] or x1, y1, x2, y2" CORNERS;
    Native PolyLine "a polygon as [[x, y], …]" POLYGON;
    Native Rect "a rectangle as [[x, y], [x, y]] or x1, y1, x2, y2" CORNERS;
    Native Line "a line as [[x, y], [x, y]] or x1, y1, x2, y2" CORNERS;
    Native Point "a point as [x, y] or x, y" POINT;
}

/// Reads a shape; `plain` makes its JSON of plain numbers, if they are as many as it has.
fn decode<T: DeserializeOwned>(input: Input<'_>, plain: fn(&[f64]) -> Option<Value>) -> Result<T, Invalid> {
    let numbers = match input.text() {
        Ok(text) => text.split(',').map(|number| number.trim().parse().ok()).collect::<Option<Vec<f64>>>(),
        Err(_) => None,
    };
    match numbers.as_deref().and_then(plain) {
        Some(value) => T::deserialize(value).map_err(Invalid::malformed),
        None => from_json(input),
    }
}

fn from_json<T: DeserializeOwned>(input: Input<'_>) -> Result<T, Invalid> {
    match input {
        Input::Text(text) => serde_json::from_str(text).map_err(Invalid::malformed),
        Input::Typed(Value::String(text)) => from_json(Input::Text(text)),
        Input::Typed(value @ (Value::Array(_) | Value::Object(_))) => {
            T::deserialize(value).map_err(Invalid::malformed)
        }
        other => Err(other.wrong_type()),
    }
}
