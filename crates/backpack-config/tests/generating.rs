//! What is made from the description is read back by those it is made for.
#![cfg(all(feature = "toml", feature = "yaml"))]
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::time::Duration;

use backpack_config::{Description, Parameters, Secret, Sources, Value, with};
use serde_json::json;

#[derive(Debug, PartialEq, Parameters)]
struct App {
    /// What to look for; "it's a list",
    /// as `a | b`.
    #[param(default = ["a person", "b, c", "it's"])]
    classes: Vec<String>,
    /// How sure.
    #[param(default = 0.85, range = 0.0..=1.0)]
    threshold: f32,
    #[param(default = u64::MAX)]
    seed: u64,
    #[param(default = Duration::from_millis(1500), range = Duration::ZERO..)]
    interval: Duration,
    #[param(default = json!({ "a": [1, null], "b": "c" }), with = with::Json)]
    table: Value,
    #[param(default = json!({ "a": { "b": 0.5 } }), with = with::Json)]
    levels: Value,
    #[param(default = "fast", one_of = ["fast", "good"])]
    mode: String,
    /// Whom to tell.
    topic: Option<String>,
    /// How the camera is reached.
    #[param(nested)]
    camera: Camera,
    #[param(default, rename = "loop")]
    looping: bool,
}

#[derive(Debug, PartialEq, Parameters)]
struct Camera {
    /// Its address.
    url: String,
    /// Its password.
    #[param(default = "tr0ub4dor", secret)]
    password: String,
    token: Secret<String>,
    /// How the picture is cut.
    #[param(nested)]
    crop: Crop,
}

#[derive(Debug, PartialEq, Parameters)]
struct Crop {
    #[param(default = [1, -2])]
    sides: Vec<i32>,
}

fn description() -> Description {
    Description::of::<App>()
}

/// What the defaults and the two required parameters make.
fn defaults() -> App {
    required(Sources::new())
}

fn required(sources: Sources) -> App {
    let required = json!({ "camera": { "url": "rtsp://a/1", "token": "t0ken" } });
    sources.value("required", required).read::<App>().unwrap().into_inner()
}

#[test]
fn the_example_in_toml_sets_every_parameter_to_its_default() {
    let example = description().toml();
    assert_eq!(example, include_str!("generated/example.toml"));
    assert_eq!(required(Sources::new().toml("example", &example)), defaults());
}

#[test]
fn the_list_of_variables_is_read_by_a_shell() {
    let list = description().environment("APP");
    assert_eq!(list, include_str!("generated/app.env"));
    let script = format!("set -a\n{list}\nenv -0");
    let output =
        Command::new("sh").arg("-c").arg(script).env_clear().env("PATH", "/usr/bin:/bin").output().unwrap();
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    let variables = output.split('\0').filter_map(|variable| variable.split_once('='));
    assert_eq!(required(Sources::new().variables("APP", variables)), defaults());
}

#[test]
fn a_config_map_holds_the_variables_as_text() {
    let map = description().config_map("app", "APP");
    let data = map["data"].as_object().unwrap();
    assert!(data.values().all(Value::is_string), "{map}");
    assert_eq!(data["APP_CAMERA_CROP_SIDES"], "1, -2");
    assert_eq!(data["APP_LOOP"], "false");
    assert!(!data.contains_key("APP_TOPIC") && !data.contains_key("APP_CAMERA_PASSWORD"));
    let variables = data.iter().map(|(name, value)| (name, value.as_str().unwrap()));
    assert_eq!(required(Sources::new().variables("APP", variables)), defaults());
}

#[test]
fn the_defaults_of_a_greengrass_recipe_are_its_configuration() {
    let recipe = description().greengrass();
    let defaults_in_recipe = &recipe["ComponentConfiguration"]["DefaultConfiguration"];
    assert_eq!(defaults_in_recipe["camera"], json!({ "crop": { "sides": [1, -2] } }));
    assert_eq!(required(Sources::new().greengrass(defaults_in_recipe.clone())), defaults());
}

#[test]
fn a_secret_has_no_default_to_see_in_any_output() {
    let description = description();
    let outputs = [
        description.nodes().to_string(),
        description.markdown(),
        description.json_schema().to_string(),
        description.toml(),
        description.environment("APP"),
        description.config_map("app", "APP").to_string(),
        description.greengrass().to_string(),
        #[cfg(feature = "template")]
        description.render("{{ nodes | to_pretty_json }}{{ markdown }}", "code").unwrap(),
        #[cfg(feature = "clap")]
        clap::Command::new("app").args(description.arguments()).render_long_help().to_string(),
    ];
    for output in outputs {
        assert!(output.len() > 20 && !output.contains("tr0ub4dor"), "{output}");
    }
}

#[test]
fn a_table_in_markdown_keeps_its_columns() {
    let markdown = description().markdown();
    assert!(markdown.contains("as `a \\| b`."), "{markdown}");
    assert!(markdown.contains("| camera_password | string | *** | Its password. |"), "{markdown}");
    assert!(markdown.contains("| topic | string | None | Whom to tell. |"), "{markdown}");
    assert!(markdown.lines().all(|line| line.replace("\\|", "").matches('|').count() == 5), "{markdown}");
}

#[test]
fn parameters_without_a_default_are_null_in_nodes() {
    let nodes = description().nodes();
    let node = |name: &str| nodes.as_array().unwrap().iter().find(|node| node["name"] == name).unwrap();
    for name in ["topic", "camera_url", "camera_password", "camera_token"] {
        assert_eq!(node(name)["value"], Value::Null, "{name}");
    }
    assert_eq!(node("interval")["interface"], "float32");
    assert_eq!(node("interval")["value"], 1.5);
    assert_eq!(node("camera_crop_sides")["value"], "1, -2");
    assert_eq!(node("loop")["decorator"]["description"], "");
}

#[test]
fn the_schema_accepts_what_is_read_and_refuses_what_is_not() {
    let schema = description().json_schema();
    let text = serde_json::to_string_pretty(&schema).unwrap();
    assert_eq!(text, include_str!("generated/schema.json").trim_end());
    // Whether the cases are valid by the schema is asked of a validator by `cargo xtask test`.
    let cases: Vec<(Value, bool)> =
        serde_json::from_str(include_str!("generated/schema_cases.json")).unwrap();
    for (file, is_right) in cases {
        let token = json!({ "camera": { "token": "x" } });
        let read = Sources::new().value("token", token).value("file", file.clone()).read::<App>();
        assert_eq!(read.is_ok(), is_right, "{file}");
    }
}
