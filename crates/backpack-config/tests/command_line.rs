//! Arguments for clap, and the tool that prints snippets.
#![cfg(feature = "clap")]
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use backpack_config::{Description, Origin, Parameters, SnippetError, Snippets, Sources};
use clap::Command;

#[derive(Debug, Parameters)]
struct Options {
    /// What to look at; may be given several times.
    #[param(default = ["test"], repeated, short = 'i')]
    input: Vec<String>,
    /// Begin again at the end.
    #[param(default, rename = "loop")]
    looping: bool,
    /// Stop after so many seconds.
    seconds: Option<f64>,
    /// Show it here.
    #[param(default = true)]
    web: bool,
    /// Where to write.
    #[param(default, repeated, value_name = "FILE")]
    record: Vec<PathBuf>,
    #[param(default = [1, 2])]
    lines: Vec<i32>,
    #[param(nested)]
    encoder: Encoder,
}

#[derive(Debug, Parameters)]
struct Encoder {
    /// Kilobits per second.
    #[param(range = 1..)]
    bitrate: Option<u32>,
}

fn command() -> Command {
    Command::new("app").args(Description::of::<Options>().arguments())
}

fn matches(line: &[&str]) -> clap::ArgMatches {
    command().try_get_matches_from(["app"].iter().chain(line)).unwrap()
}

#[test]
fn the_definition_of_the_arguments_is_sound() {
    command().debug_assert();
}

#[test]
fn arguments_win_over_what_was_before_only_where_they_are_given() {
    let matches = matches(&[
        "-i",
        "a, b",
        "--input",
        "c",
        "--loop",
        "--seconds",
        "-1.5",
        "--record=x.mkv",
        "--lines",
        "3,4",
    ]);
    let options = Sources::new()
        .variables("APP", [("APP_ENCODER_BITRATE", "100"), ("APP_LINES", "7")])
        .arguments(&matches)
        .read::<Options>()
        .unwrap();
    assert_eq!(options.input, ["a, b", "c"]);
    assert!(options.looping && options.web);
    assert_eq!(options.seconds, Some(-1.5));
    assert_eq!(options.record, [PathBuf::from("x.mkv")]);
    assert_eq!(options.lines, [3, 4]);
    assert_eq!(options.encoder.bitrate, Some(100));
    assert_eq!(options.origin("lines"), Some(&Origin::Argument("lines".to_owned())));
    assert_eq!(
        options.origin("encoder.bitrate").unwrap().to_string(),
        "environment variable APP_ENCODER_BITRATE"
    );
    assert_eq!(options.origin("web"), Some(&Origin::Default));
}

#[test]
fn a_switch_that_is_on_can_be_switched_off() {
    let options = Sources::new().arguments(&matches(&["--web=no"])).read::<Options>().unwrap();
    assert!(!options.web);
}

#[test]
fn what_is_wrong_on_the_command_line_is_said_together_with_all_else() {
    let matches = matches(&["--seconds", "soon", "--encoder-bitrate", "0"]);
    let error =
        Sources::new().variables("APP", [("APP_LOOP", "perhaps")]).arguments(&matches).read::<Options>();
    assert_eq!(
        error.unwrap_err().to_string(),
        "there are 3 problems with the parameters:\n  \
         loop = \"perhaps\" (environment variable APP_LOOP): neither true nor false; expected true or false\n  \
         seconds = \"soon\" (argument --seconds): invalid float literal; expected a number\n  \
         encoder.bitrate = \"0\" (argument --encoder-bitrate): out of range; expected a whole number from 1 on"
    );
}

#[test]
fn the_help_has_descriptions_and_defaults() {
    let help = command().render_help().to_string();
    assert_eq!(help, include_str!("generated/help.txt"));
}

#[test]
fn attributes_of_clap_can_be_added_by_name() {
    let command = command().mut_arg("loop", |argument| argument.conflicts_with("seconds"));
    assert!(command.try_get_matches_from(["app", "--loop", "--seconds", "1"]).is_err());
}

fn printed(arguments: &[&str]) -> Result<String, SnippetError> {
    let mut output = Vec::new();
    let arguments = ["tool"].iter().chain(arguments);
    Snippets::<Options>::new("app", "APP").run_from(arguments, &mut output)?;
    Ok(String::from_utf8(output).unwrap())
}

#[test]
fn the_tool_prints_each_output() {
    let description = Description::of::<Options>();
    let json = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
    assert_eq!(json(printed(&["nodes"]).unwrap()), description.nodes());
    assert_eq!(json(printed(&["edges"]).unwrap()), description.edges("code_node"));
    assert_eq!(json(printed(&["interface"]).unwrap()), description.interfaces());
    assert_eq!(json(printed(&["schema"]).unwrap()), description.json_schema());
    assert_eq!(printed(&["markdown"]).unwrap().trim_end(), description.markdown());
    assert_eq!(printed(&["env"]).unwrap(), description.environment("APP"));
    #[cfg(feature = "toml")]
    assert_eq!(printed(&["toml"]).unwrap(), description.toml());
    #[cfg(feature = "yaml")]
    {
        let yaml = |text: String| serde_saphyr::from_str::<serde_json::Value>(&text).unwrap();
        assert_eq!(yaml(printed(&["config-map"]).unwrap()), description.config_map("app", "APP"));
        assert_eq!(yaml(printed(&["greengrass"]).unwrap()), description.greengrass());
    }
}

#[test]
fn the_tool_checks_files_together() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let [good, bad] =
        ["check_good.json", "check_bad.json"].map(|name| folder.join(name).to_str().unwrap().to_owned());
    fs::write(&good, r#"{"seconds": 5, "encoder": {"bitrate": 100}}"#).unwrap();
    fs::write(&bad, r#"{"second": 5, "lines": [1.5]}"#).unwrap();
    assert_eq!(printed(&["check", &good]).unwrap(), "everything is fine\n");
    let error = printed(&["check", &good, &bad]).unwrap_err().to_string();
    let file = folder.join("check_bad.json");
    let file = file.display();
    assert_eq!(
        error,
        format!(
            "there are 2 problems with the parameters:\n  second ({file}): there is no such parameter; did you mean seconds?\n  \
             lines = [1.5] ({file}): item 1: 1.5 is no whole number; expected whole numbers separated by commas"
        )
    );
}

#[test]
fn what_files_leave_out_may_come_from_elsewhere() {
    #[derive(Parameters)]
    #[expect(dead_code)]
    struct App {
        url: String,
        token: backpack_config::Secret<String>,
        #[param(default)]
        count: u32,
    }
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("check_part.json");
    fs::write(&file, r#"{"url": "x"}"#).unwrap();
    let mut output = Vec::new();
    let tool = Snippets::<App>::new("app", "APP");
    tool.run_from(["tool".as_ref(), "check".as_ref(), file.as_os_str()], &mut output).unwrap();
    assert_eq!(output, b"everything in there is fine; what has to come from elsewhere: token\n");
}

#[test]
fn a_wrong_command_is_told_from_a_wrong_file() {
    assert!(matches!(printed(&["nodse"]), Err(SnippetError::Usage(_))));
    assert!(matches!(printed(&[]), Err(SnippetError::Usage(_))));
    assert!(matches!(printed(&["check", "/absent.toml"]), Err(SnippetError::Check(_))));
    #[cfg(feature = "template")]
    {
        let error = printed(&["render", "--template", "/absent.jinja"]).unwrap_err().to_string();
        assert!(error.contains("/absent.jinja"), "{error}");
        let template = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.jinja");
        fs::write(&template, "first\n{{ nodes | to_prety_json }}").unwrap();
        let error = printed(&["render", "--template", template.to_str().unwrap()]).unwrap_err().to_string();
        assert!(error.contains("to_prety_json") && error.contains("broken.jinja:2"), "{error}");
    }
}
