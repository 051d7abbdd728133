//! Shapes as configuration: what is read, what is written, and what is said of mistakes.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used)]

use backpack_core::{Line, Point, PolyLine, Rect, Side, Vec2};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads each text and writes it in our own form.
fn rewritten<T: DeserializeOwned + Serialize>(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| serde_json::to_string(&read::<T>(text).unwrap()).unwrap()).collect()
}

fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_str(text)
}

/// What is said of a text, without the place in it.
fn complaint<T: DeserializeOwned>(text: &str) -> String {
    let said = read::<T>(text).err().unwrap().to_string();
    said.split(" at line").next().unwrap().to_owned()
}

#[test]
fn points_are_read_as_pairs_and_by_name_and_written_as_pairs() {
    let texts = ["[0.25,0.5]", r#"{"x":0.25,"y":0.5}"#, r#"{"y":0.5,"x":0.25}"#];
    assert_eq!(rewritten::<Point>(&texts), ["[0.25,0.5]"; 3]);
    assert_eq!(rewritten::<Vec2>(&texts), ["[0.25,0.5]"; 3]);
    assert_eq!(read::<Point>("[0,1]").unwrap(), Point::new(0.0, 1.0), "whole numbers are numbers too");
}

#[test]
fn lines_and_rectangles_are_read_as_pairs_and_by_name_also_by_those_of_the_python_toolkit() {
    let pair = "[[0.0,0.5],[1.0,0.75]]";
    let lines = [pair, r#"{"start":[0,0.5],"end":{"x":1,"y":0.75}}"#, r#"{"pt1":[0,0.5],"pt2":[1,0.75]}"#];
    assert_eq!(rewritten::<Line>(&lines), [pair; 3]);
    let rects = [pair, r#"{"min":[0,0.5],"max":{"x":1,"y":0.75}}"#, r#"{"pt1":[1,0.5],"pt2":[0,0.75]}"#];
    assert_eq!(rewritten::<Rect>(&rects), [pair; 3]);
}

#[test]
fn a_polyline_keeps_whether_it_is_closed() {
    let open = r#"{"points":[[0.0,0.0],[1.0,1.0]],"closed":false}"#;
    assert_eq!(rewritten::<PolyLine>(&[open]), [open]);
    let closed = "[[0.0,0.0],[1.0,0.0],[1.0,1.0]]";
    let by_name = format!(r#"{{"points":{closed}}}"#);
    assert_eq!(rewritten::<PolyLine>(&[closed, &by_name]), [closed; 2]);
}

#[test]
fn a_side_is_read_and_written_in_lower_case() {
    assert_eq!(rewritten::<Side>(&[r#""left""#, r#""right""#]), [r#""left""#, r#""right""#]);
    assert_eq!(complaint::<Side>(r#""up""#), "unknown variant `up`, expected `left` or `right`");
}

#[test]
fn shapes_are_read_from_toml() {
    #[derive(Debug, PartialEq)]
    struct Shapes(Line, PolyLine);
    let mut table: toml::Table =
        toml::from_str("line = [[0, 0.5], [1, 0.5]]\nzone = [[0, 0], [1, 0], { x = 1, y = 1 }]").unwrap();
    let mut take = |name| table.remove(name).unwrap();
    let read = Shapes(take("line").try_into().unwrap(), take("zone").try_into().unwrap());
    let line = Line::new((0.0, 0.5), (1.0, 0.5)).unwrap();
    let zone = PolyLine::closed([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]).unwrap();
    assert_eq!(read, Shapes(line, zone));
    let nan: toml::Table = toml::from_str("point = [nan, 0.5]").unwrap();
    let error = nan["point"].clone().try_into::<Point>().unwrap_err();
    assert_eq!(error.to_string().trim_end(), "point (NaN, 0.5): coordinates must be finite numbers");
}

#[test]
fn mistakes_are_named_together_with_what_would_be_right() {
    assert_eq!(
        complaint::<Point>(r#""0.5""#),
        r#"invalid type: string "0.5", expected a point as [x, y] or {"x": x, "y": y}"#
    );
    assert_eq!(
        complaint::<Point>("[0.5]"),
        r#"invalid length 1, expected a point as [x, y] or {"x": x, "y": y}"#
    );
    assert_eq!(
        complaint::<Line>("[[0,0],[1,1],[2,2]]"),
        r#"invalid length 3, expected a line as [[x, y], [x, y]] or {"start": [x, y], "end": [x, y]}"#
    );
    assert_eq!(complaint::<Point>(r#"{"x":0,"z":1}"#), "unknown field `z`, expected `x` or `y`");
    assert_eq!(complaint::<Point>(r#"{"x":0}"#), "missing field `y`");
    assert_eq!(complaint::<Line>(r#"{"pt1":[0,0],"start":[0,0]}"#), "duplicate field `start`");
    assert_eq!(complaint::<Point>(r#"["a",1]"#), r#"invalid type: string "a", expected f64"#);
    assert_eq!(complaint::<PolyLine>("[[0,0],[1,1]]"), "a polyline of 2 points: at least 3 are needed");
    assert_eq!(complaint::<PolyLine>(r#"{"closed":true}"#), "missing field `points`");
    assert_eq!(complaint::<PolyLine>(r#"{"closed":true,"closed":true}"#), "duplicate field `closed`");
    assert_eq!(
        complaint::<PolyLine>("5"),
        r#"invalid type: integer `5`, expected a polygon as [[x, y], …] or a polyline as {"points": [[x, y], …], "closed": false}"#
    );
}

fn round_trip<T: Serialize + DeserializeOwned>(shape: &T) -> T {
    read(&serde_json::to_string(shape).unwrap()).unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(points in prop::collection::vec((-2.0..2.0, -2.0..2.0), 3..9), closed: bool) {
        let polyline = if closed { PolyLine::closed(points.clone()) } else { PolyLine::open(points.clone()) }.unwrap();
        prop_assert_eq!(&round_trip(&polyline), &polyline);
        let line = Line::new(points[0], points[1]).unwrap();
        prop_assert_eq!(round_trip(&line), line);
        let rect = Rect::from_points(points[0], points[1]).unwrap();
        prop_assert_eq!(round_trip(&rect), rect);
        prop_assert_eq!(round_trip(&rect.min()), rect.min());
    }
}

#[test]
fn a_polygon_that_repeats_its_first_point_more_than_once_is_read_as_it_was_written() {
    let polygon: PolyLine = read("[[0, 1], [0, 0], [1, 0], [0, 1], [0, 1]]").unwrap();
    assert_eq!(polygon.points().len(), 3);
    let degenerate = PolyLine::closed([(0.0, 1.0), (0.0, 0.0), (0.0, 0.0), (0.0, 1.0), (0.0, 1.0)]).unwrap();
    assert_eq!(read::<PolyLine>(&serde_json::to_string(&degenerate).unwrap()).unwrap(), degenerate);
}
