//! The documented example of the Python toolkit panorama-backpack, and what that makes of it: see `original/snippets.py`.
#![cfg(all(feature = "clap", feature = "template"))]
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use backpack_config::{Parameters, Snippets, Sources, Value, with};
use serde_json::json;

#[derive(Debug, PartialEq, Parameters)]
struct Example {
    /// A string.
    #[param(default = "default_value")]
    example_string_param: String,
    /// An integer.
    #[param(default = 42)]
    example_int_param: i32,
    /// A float.
    #[param(default = 0.85)]
    example_float_param: f32,
    /// A truth value.
    #[param(default = true, interface = "string")]
    example_bool_param: bool,
    /// Integers,
    /// separated by commas.
    #[param(default = [1, 2, 3, 5, 8, 13], with = with::IntegerList)]
    example_integer_list_param: Vec<i32>,
    #[param(nested)]
    child_struct: Embedded,
}

#[derive(Debug, PartialEq, Parameters)]
struct Embedded {
    /// An integer in a struct inside.
    #[param(default = 84)]
    embedded_param: i32,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/original")
}

fn expected(name: &str) -> String {
    fs::read_to_string(folder().join("expected").join(name)).unwrap()
}

fn printed(arguments: &[&str]) -> String {
    let mut output = Vec::new();
    let arguments = ["snippets"].iter().chain(arguments);
    Snippets::<Example>::new("example", "EXAMPLE").run_from(arguments, &mut output).unwrap();
    String::from_utf8(output).unwrap()
}

fn rendered(template: &str) -> String {
    let template = folder().join(template);
    printed(&["render", "--code-node", "example_code", "--template", template.to_str().unwrap()])
}

fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

#[test]
fn nodes_edges_and_interface_are_the_same() {
    for (arguments, name) in [
        (&["nodes"][..], "nodes.json"),
        (&["edges", "--code-node", "example_code"], "edges.json"),
        (&["edges", "-c", "example_code"], "edges.json"),
        (&["interface"], "interface.json"),
    ] {
        assert_eq!(parsed(&printed(arguments)), parsed(&expected(name)), "{name}");
        assert_eq!(printed(arguments), expected(name), "{name}, to the letter");
    }
}

#[test]
fn the_table_in_markdown_is_the_same() {
    assert_eq!(printed(&["markdown"]), expected("markdown.md"));
}

#[test]
fn its_templates_render_unchanged() {
    for name in ["graph.json", "package.json"] {
        let rendered = rendered(&format!("{name}.jinja"));
        assert_eq!(parsed(&rendered), parsed(&expected(name)), "{name}");
        assert_eq!(rendered, expected(name), "{name}, to the letter");
    }
    assert_eq!(rendered("parameters.md.jinja"), expected("parameters.md"));
}

#[test]
fn the_ports_of_panorama_are_read_as_there() {
    let ports: HashMap<String, Value> = [
        ("example_string_param", json!("other")),
        ("example_float_param", json!(0.25)),
        ("example_bool_param", json!("False")),
        ("example_integer_list_param", json!("4,5 , 6")),
        ("child_struct_embedded_param", json!(7)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let example = Sources::new().ports(&ports).read::<Example>().unwrap();
    let read = Example {
        example_string_param: "other".to_owned(),
        example_int_param: 42,
        example_float_param: 0.25,
        example_bool_param: false,
        example_integer_list_param: vec![4, 5, 6],
        child_struct: Embedded { embedded_param: 7 },
    };
    assert_eq!(*example, read);
    assert_eq!(
        example.origin("child_struct.embedded_param").unwrap().to_string(),
        "parameter port child_struct_embedded_param"
    );
    assert_eq!(example.origin("example_int_param").unwrap().to_string(), "default");
}
