use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{GeometryError, Point, PolyLine};

const FIELDS: &[&str] = &["points", "closed"];

/// A polygon as the list of its points, an open chain as a map that says so.
impl Serialize for PolyLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_closed() {
            return self.points().serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("points", self.points())?;
        map.serialize_entry("closed", &false)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for PolyLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PolyLineVisitor)
    }
}

struct PolyLineVisitor;

impl<'de> Visitor<'de> for PolyLineVisitor {
    type Value = PolyLine;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a polygon as [[x, y], …] or a polyline as {\"points\": [[x, y], …], \"closed\": false}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<PolyLine, A::Error> {
        let mut points: Vec<Point> = Vec::new();
        while let Some(point) = values.next_element()? {
            points.push(point);
        }
        PolyLine::closed(points).map_err(A::Error::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PolyLine, A::Error> {
        let (mut points, mut closed) = (None, None);
        while let Some(name) = map.next_key::<String>()? {
            let is_repeated = match &*name {
                "points" => points.replace(map.next_value::<Vec<Point>>()?).is_some(),
                "closed" => closed.replace(map.next_value::<bool>()?).is_some(),
                _ => return Err(A::Error::unknown_field(&name, FIELDS)),
            };
            if is_repeated {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
        }
        let points = points.ok_or_else(|| A::Error::missing_field("points"))?;
        made(points, closed.unwrap_or(true)).map_err(A::Error::custom)
    }
}

fn made(points: Vec<Point>, closed: bool) -> Result<PolyLine, GeometryError> {
    if closed { PolyLine::closed(points) } else { PolyLine::open(points) }
}
