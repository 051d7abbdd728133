//! Whatever a value is, it comes back from every way in which it can be written.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use backpack_config::{Codec, Input, Native, Secret, Value, with};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

/// Writes `value` in all ways and reads it back.
fn comes_back<C: Codec<T>, T: PartialEq + Debug>(value: T) -> Result<(), TestCaseError> {
    let flat = C::encode(&value);
    let structured = C::encode_structured(&value);
    prop_assert!(!flat.is_array() && !flat.is_object(), "{} is not flat", flat);
    for written in [&flat, &structured] {
        prop_assert_eq!(&C::decode(Input::Typed(written)).unwrap(), &value, "typed {}", written);
        let json: Value = serde_json::from_str(&written.to_string()).unwrap();
        prop_assert_eq!(&C::decode(Input::Typed(&json)).unwrap(), &value, "by JSON {}", written);
    }
    let text = flat.as_str().map_or_else(|| flat.to_string(), str::to_owned);
    prop_assert_eq!(&C::decode(Input::Text(&text)).unwrap(), &value, "text {}", text);
    Ok(())
}

fn json() -> impl Strategy<Value = Value> {
    let finite = any::<f64>().prop_filter("JSON has no other", |float| float.is_finite());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        finite.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

/// Texts that are likely to be taken for something else.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ ,\\[\\]\"a\\\\]{0,6}", Just(String::new())]
}

macro_rules! numbers {
    ($($test:ident $type:ident;)*) => {
        proptest! {$(
            #[test]
            fn $test(value in any::<$type>(), list in vec(any::<$type>(), 0..6)) {
                comes_back::<Native, $type>(value)?;
                comes_back::<Native, Vec<$type>>(list.clone())?;
                comes_back::<with::IntegerList, Vec<$type>>(list)?;
            }
        )*}
    };
}

numbers! {
    an_i8 i8;
    an_i16 i16;
    an_i32 i32;
    an_i64 i64;
    an_isize isize;
    a_u8 u8;
    a_u16 u16;
    a_u32 u32;
    a_u64 u64;
    a_usize usize;
}

proptest! {
    #[test]
    fn a_truth_value(value: bool) {
        comes_back::<Native, _>(value)?;
    }

    #[test]
    fn floats(value in any::<f32>(), wide in any::<f64>(), list in vec(-1e30f32..1e30, 0..6)) {
        prop_assume!(value.is_finite() && wide.is_finite());
        comes_back::<Native, _>(value)?;
        comes_back::<Native, _>(wide)?;
        comes_back::<Native, _>(list)?;
        // As a port has it that widens its numbers.
        prop_assert_eq!(<Native as Codec<f32>>::decode(Input::Typed(&f64::from(value).into())).unwrap(), value);
    }

    #[test]
    fn texts_and_lists_of_them(value in text(), list in vec(text(), 0..6)) {
        comes_back::<Native, _>(value.clone())?;
        comes_back::<Native, _>(PathBuf::from(&value))?;
        comes_back::<Native, _>(list.iter().map(PathBuf::from).collect::<Vec<_>>())?;
        comes_back::<Native, _>(list.clone())?;
        comes_back::<with::StringList, _>(list)?;
        comes_back::<with::Text, _>(value.clone())?;
        comes_back::<Native, _>(Secret::new(value))?;
    }

    #[test]
    fn a_type_with_from_str(value: IpAddr) {
        comes_back::<with::Text, _>(value)?;
    }

    #[test]
    fn json_values(value in json()) {
        comes_back::<Native, _>(value.clone())?;
        comes_back::<with::Json, _>(value)?;
    }

    #[test]
    fn types_of_serde(map in btree_map(text(), vec(any::<Option<i32>>(), 0..4), 0..4), text in text(), nothing: Option<u8>) {
        comes_back::<with::Json, BTreeMap<_, _>>(map)?;
        comes_back::<with::Json, _>(text)?;
        comes_back::<with::Json, _>(nothing)?;
    }

    /// 48 days are as long as the doc promises.
    #[test]
    fn durations(seconds in 0..48 * 86_400u64, nanoseconds in 0..1_000_000_000u32) {
        comes_back::<Native, _>(Duration::new(seconds, nanoseconds))?;
        comes_back::<with::Seconds, _>(Duration::new(seconds, nanoseconds))?;
    }
}

#[cfg(feature = "geometry")]
mod geometry {
    use backpack_core::{Line, Point, PolyLine, Rect};

    use super::*;

    fn point() -> impl Strategy<Value = (f64, f64)> {
        let coordinate = || prop_oneof![-2.0..2.0f64, Just(0.0), Just(1.0), -1e300..1e300f64];
        (coordinate(), coordinate())
    }

    proptest! {
        #[test]
        fn shapes(points in vec(point(), 3..9), closed: bool) {
            let line = if closed { PolyLine::closed(points.clone()) } else { PolyLine::open(points.clone()) };
            // Among so many, some are the same point over and over.
            prop_assume!(line.is_ok());
            let line = line.unwrap();
            comes_back::<with::Polygon, _>(line.clone())?;
            comes_back::<Native, _>(line)?;
            let [a, b] = [points[0], points[1]];
            comes_back::<Native, _>(Point::from(a))?;
            if let Ok(rect) = Rect::from_points(a, b) {
                comes_back::<with::Rectangle, _>(rect)?;
                comes_back::<Native, _>(rect)?;
            }
            if let Ok(line) = Line::new(a, b) {
                comes_back::<Native, _>(line)?;
                let plain = format!("{}, {},{},{}", a.0, a.1, b.0, b.1);
                prop_assert_eq!(<Native as Codec<Line>>::decode(Input::Text(&plain)).unwrap(), line);
            }
        }
    }
}

#[cfg(feature = "color")]
mod color {
    use backpack_annotate::Color;

    use super::*;

    proptest! {
        #[test]
        fn colours(r: u8, g: u8, b: u8, a: u8) {
            comes_back::<with::Colour, _>(Color::rgba(r, g, b, a))?;
            comes_back::<Native, _>(Color::rgba(r, g, b, a))?;
        }
    }
}
