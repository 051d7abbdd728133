//! Reading and writing shapes with `serde`, in self-describing formats such as JSON, TOML and YAML.
//!
//! It is written out by hand, as errors should say what a point looks like and not that "no variant matched", and `serde` without its derive
//! macro is quick to build.

mod pair;
mod polyline;

use pair::{Form, pair};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{Line, Point, Rect, Side, Vec2};

const COORDINATES: Form<f64> =
    Form::new("a point as [x, y] or {\"x\": x, \"y\": y}", [&["x"], &["y"]], &["x", "y"]);
const LINE: Form<Point> = Form::new(
    "a line as [[x, y], [x, y]] or {\"start\": [x, y], \"end\": [x, y]}",
    [&["start", "pt1"], &["end", "pt2"]],
    &["start", "end"],
);
const RECT: Form<Point> = Form::new(
    "a rectangle as [[x, y], [x, y]] or {\"min\": [x, y], \"max\": [x, y]}",
    [&["min", "pt1"], &["max", "pt2"]],
    &["min", "max"],
);

impl Serialize for Point {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.x, self.y].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let [x, y] = pair(deserializer, COORDINATES)?;
        Point::new(x, y).checked("point").map_err(D::Error::custom)
    }
}

impl Serialize for Vec2 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.x, self.y].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Vec2 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let point = Point::deserialize(deserializer)?;
        Ok(Self::new(point.x, point.y))
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <[Point; 2]>::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(pair(deserializer, LINE)?).map_err(D::Error::custom)
    }
}

impl Serialize for Rect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        <[Point; 2]>::from(*self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Rect {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(pair(deserializer, RECT)?).map_err(D::Error::custom)
    }
}

/// As `"left"` or `"right"`.
impl Serialize for Side {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if *self == Side::Left { "left" } else { "right" })
    }
}

impl<'de> Deserialize<'de> for Side {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match &*String::deserialize(deserializer)? {
            "left" => Ok(Self::Left),
            "right" => Ok(Self::Right),
            other => Err(D::Error::unknown_variant(other, &["left", "right"])),
        }
    }
}
