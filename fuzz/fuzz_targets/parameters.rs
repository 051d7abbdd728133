#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::Duration;

use arbitrary::Arbitrary;
use backpack_annotate::Color;
use backpack_config::{Format, Parameters, Secret, Sources, Value, with};
use backpack_core::{Line, Point, PolyLine, Rect};
use libfuzzer_sys::fuzz_target;

// What is read is of no matter, but that it is.
#[derive(Parameters)]
#[allow(dead_code)]
struct App {
    #[param(default)]
    boolean: bool,
    #[param(default = 5, range = 1..=10)]
    integer: i8,
    #[param(default)]
    large: u64,
    #[param(default)]
    float: f32,
    #[param(default = "a", one_of = ["a", "b"])]
    text: String,
    path: Option<PathBuf>,
    #[param(default)]
    integers: Vec<i64>,
    #[param(default)]
    texts: Vec<String>,
    #[param(default)]
    json: Value,
    #[param(default, with = with::Json)]
    typed: Vec<(u8, Option<String>)>,
    #[param(default)]
    duration: Duration,
    #[param(nested)]
    shapes: Shapes,
    address: Option<Secret<String>>,
}

#[derive(Parameters)]
#[allow(dead_code)]
struct Shapes {
    polygon: Option<PolyLine>,
    rectangle: Option<Rect>,
    line: Option<Line>,
    point: Option<Point>,
    colour: Option<Color>,
}

#[derive(Debug, Arbitrary)]
struct Input {
    json: String,
    toml: String,
    yaml: String,
    /// By which of the names, and what.
    variables: Vec<(u8, Vec<u8>)>,
}

const NAMES: [&str; 12] = [
    "BOOLEAN", "INTEGER", "LARGE", "FLOAT", "INTEGERS", "TEXTS", "JSON", "TYPED", "DURATION", "SHAPES_POLYGON", "SHAPES_RECTANGLE",
    "SHAPES_COLOUR",
];

fuzz_target!(|input: Input| {
    let variables = input.variables.into_iter().map(|(index, value)| {
        (format!("APP_{}", NAMES[usize::from(index) % NAMES.len()]), OsString::from_vec(value))
    });
    let sources = Sources::new()
        .text("json", Format::Json, &input.json)
        .text("toml", Format::Toml, &input.toml)
        .text("yaml", Format::Yaml, &input.yaml)
        .variables("APP", variables);
    match sources.read::<App>() {
        Ok(app) => {
            assert!((1..=10).contains(&app.integer) && app.float.is_finite(), "what is read is allowed");
            assert!(app.address.is_none() || app.to_string().contains("address = ***"), "a secret stays one");
        }
        Err(error) => {
            assert!(!error.problems().is_empty());
            let longest = error.to_string().lines().map(str::len).max();
            assert!(longest < Some(4000), "an error is fit for a log");
        }
    }
});
