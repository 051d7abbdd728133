//! The component runs as its recipe says, and ends when Greengrass ends it.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeMap;
use std::process::Command;

use common::{PATIENCE, Running, free_address, get, run, text};
use serde_json::{Value, json};

/// The program with all that it finds in a container that Greengrass has started by the recipe, after a deployment that merged `parameters`.
fn component(parameters: &Value) -> Command {
    let recipe: Value = serde_saphyr::from_str(include_str!("../greengrass/recipe.yaml")).unwrap();
    let mut configuration = recipe["ComponentConfiguration"]["DefaultConfiguration"].clone();
    configuration["parameters"].as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
    let lifecycle = &recipe["Manifests"][0]["Lifecycle"];

    // The nucleus gives these to every component.
    let mut environment: BTreeMap<_, _> = [("AWS_IOT_THING_NAME", "core-7"), ("SVCUID", "a token")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    for (name, value) in lifecycle["Setenv"].as_object().unwrap() {
        environment.insert(name.clone(), interpolated(value.as_str().unwrap(), &configuration));
    }
    // Docker passes on what it is told to, and runs the image that was loaded.
    let words: Vec<_> = lifecycle["Run"].as_str().unwrap().split_whitespace().collect();
    assert_eq!(words[..2], ["docker", "run"]);
    assert_eq!(words.last(), Some(&"greengrass"));
    let passed = words.windows(2).filter(|pair| pair[0] == "--env").map(|pair| pair[1]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_greengrass"));
    command.env_clear().envs(["PATH", "HOME"].map(|name| (name, std::env::var_os(name).unwrap_or_default())));
    command.envs(passed.map(|name| (name, environment[name].as_str())));
    command
}

/// As the nucleus does it: `{configuration:/a/b}` becomes the value there, as JSON unless it is a text.
fn interpolated(text: &str, configuration: &Value) -> String {
    let pointer = text.strip_prefix("{configuration:").and_then(|rest| rest.strip_suffix('}'));
    pointer.map_or(text.to_owned(), |pointer| match configuration.pointer(pointer).unwrap() {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    })
}

#[test]
fn it_knows_its_name_and_configuration_and_ends_by_sigterm() {
    let mut component = Running::start(&mut component(&json!({ "web": "127.0.0.1:0", "interval": 1 })));
    component.line("web = 127.0.0.1:0 (Greengrass configuration)");
    component.line("interval = 1.0 (Greengrass configuration)");
    let page = component.line("the page is at http://");
    let page = page.split("http://").nth(1).unwrap().trim_end_matches('/');
    assert!(get(page, "/").unwrap().contains("com.example.camera"));
    component.line("frames: ");
    let (status, said) = component.end("TERM");
    assert!(status.success(), "{said}");
    assert!(said.contains("core-7/com.example.camera"), "{said}");
    assert!(said.contains("ended after "), "{said}");
    assert!(!said.contains("WARN") && !said.contains("a token") && !said.contains('\x1b'), "{said}");
}

/// Runs a component that cannot work, and returns its log.
fn log(parameters: &Value) -> String {
    let output = run(&mut component(parameters), PATIENCE);
    assert!(!output.status.success());
    // Greengrass shows what is on stdout as the component's log.
    assert_eq!(text(&output.stderr), "");
    text(&output.stdout)
}

#[test]
fn what_is_wrong_is_in_the_log_and_passwords_are_not() {
    let said = log(&json!({ "interval": "often", "wep": "127.0.0.1:0" }));
    assert!(said.contains("expected a number of seconds") && said.contains("did you mean web?"), "{said}");
    let said = log(&json!({ "input": format!("rtsp://admin:hunter2@{}/cam", free_address()) }));
    assert!(said.contains("127.0.0.1") && !said.contains("hunter2"), "{said}");
}
