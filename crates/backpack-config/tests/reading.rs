//! Where values come from, which of them wins, and what is said if they are wrong.
#![cfg(feature = "toml")]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;
use std::time::Duration;

use backpack_config::{Fault, Format, Origin, Parameters, Secret, Sources, Value, with};
use serde_json::json;

#[derive(Debug, PartialEq, Parameters)]
#[param(check = Watch::check)]
struct Watch {
    /// What to look for.
    #[param(default = ["person", "car"])]
    classes: Vec<String>,
    /// How sure the model has to be.
    #[param(default = 0.85, range = 0.0..=1.0)]
    threshold: f32,
    /// How many frames to look at together.
    #[param(default = 1, range = 1..)]
    batch: u8,
    /// How often to report.
    #[param(default = Duration::from_secs(60), range = Duration::from_secs(1)..Duration::from_secs(3600))]
    interval: Duration,
    #[param(default = "filled", one_of = ["filled", "outlined"])]
    style: String,
    #[param(default, rename = "loop")]
    looping: bool,
    #[param(default, with = with::Json)]
    exceptions: BTreeMap<String, f32>,
    /// How many alarms to send.
    limit: Option<u32>,
    #[param(nested)]
    camera: Camera,
}

#[derive(Debug, PartialEq, Parameters)]
struct Camera {
    /// Its address.
    #[param(check = is_address)]
    url: String,
    /// Its password.
    password: Option<Secret<String>>,
    #[param(default = 8554, secret)]
    port: u16,
}

fn is_address(url: &String) -> Result<(), String> {
    if url.starts_with("rtsp://") { Ok(()) } else { Err(format!("{url} does not begin with rtsp://")) }
}

impl Watch {
    fn check(&self) -> Result<(), &'static str> {
        if self.looping && self.limit.is_some() { Err("a loop has no limit") } else { Ok(()) }
    }
}

const URL: &str = "[camera]\nurl = 'rtsp://a/1'";

fn report(sources: &Sources) -> String {
    sources.read::<Watch>().unwrap_err().to_string()
}

#[test]
fn later_sources_win_and_every_value_knows_its_origin() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("origins.toml");
    fs::write(
        &file,
        "threshold = 0.1\nbatch = 2\ninterval = 5\nstyle = 'outlined'\n[camera]\nurl = 'rtsp://a/1'",
    )
    .unwrap();
    let ports: HashMap<String, Value> =
        [("interval".to_owned(), json!(30)), ("limit".to_owned(), json!(7))].into();
    let watch = Sources::new()
        .file(&file)
        .optional_file(folder.join("absent.toml"))
        .variables("WATCH", [("WATCH_BATCH", "3"), ("WATCH_CLASSES", ""), ("HOME", "/root"), ("BATCH", "9")])
        .ports(&ports)
        .greengrass(json!({ "limit": 9, "camera": { "url": "rtsp://b/2" } }))
        .read::<Watch>()
        .unwrap();

    assert_eq!(watch.threshold, 0.1);
    assert_eq!(watch.batch, 3);
    assert_eq!(watch.interval, Duration::from_secs(30));
    assert_eq!(watch.limit, Some(9));
    assert_eq!(watch.camera.url, "rtsp://b/2");
    assert!(watch.classes.is_empty());
    assert!(watch.warnings().is_empty());
    let origin = |parameter| watch.origin(parameter).cloned();
    assert_eq!(origin("threshold"), Some(Origin::File(file)));
    assert_eq!(origin("batch"), Some(Origin::Variable("WATCH_BATCH".to_owned())));
    assert_eq!(origin("interval"), Some(Origin::Port("interval".to_owned())));
    assert_eq!(origin("camera.url"), Some(Origin::Greengrass));
    assert_eq!(origin("camera.port"), Some(Origin::Default));
    assert_eq!(origin("camera"), None);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let sources = Sources::new()
        .toml(
            "watch.toml",
            "classes = ['a', 1]\ntreshold = 0.5\nbatch = 0\nstyle = 7\nlimit = 1.5\nexceptions = [1]\n[camera]\npassword = 7\nport = 'x'\n[camra]\nx=1",
        )
        .variables("WATCH", [("WATCH_THRESHOLD", "1.5"), ("WATCH_INTERVAL", "-3"), ("WATCH_STYEL", "x"), ("WATCH_LOOP", "maybe")]);
    assert_eq!(report(&sources), include_str!("reports/everything.txt").trim_end());
}

#[test]
fn values_that_do_not_fit_are_told_from_those_that_are_none() {
    let fault = |value: Value| {
        let sources =
            Sources::new().value("test", json!({ "batch": value, "camera": { "url": "rtsp://a/1" } }));
        let error = sources.read::<Watch>().unwrap_err();
        let [problem] = error.problems() else { panic!("{error}") };
        assert_eq!(problem.parameter, "batch");
        assert_eq!(problem.origin, Some(Origin::Named("test".to_owned())));
        problem.fault
    };
    assert_eq!(fault(json!(0)), Fault::OutOfRange);
    assert_eq!(fault(json!(256)), Fault::OutOfRange);
    assert_eq!(fault(json!(-1)), Fault::OutOfRange);
    assert_eq!(fault(json!(u64::MAX)), Fault::OutOfRange);
    assert_eq!(fault(json!(1.5)), Fault::Malformed);
    assert_eq!(fault(json!(1e300)), Fault::Malformed);
    assert_eq!(fault(json!("2")), Fault::WrongType);
    assert_eq!(fault(json!(true)), Fault::WrongType);
    assert_eq!(fault(json!(null)), Fault::WrongType);
    assert_eq!(fault(json!([2])), Fault::WrongType);
}

#[test]
fn a_whole_number_may_be_written_as_a_float() {
    let watch =
        Sources::new().toml("test", URL).value("test", json!({ "batch": 2.0 })).read::<Watch>().unwrap();
    assert_eq!(watch.batch, 2);
}

#[test]
fn checks_of_a_field_and_of_the_struct_have_their_say() {
    let sources = Sources::new().toml("test", "[camera]\nurl = 'http://a'");
    assert_eq!(
        report(&sources),
        "there is a problem with the parameters:\n  \
         camera.url = \"http://a\" (test): http://a does not begin with rtsp://; expected a text"
    );
    let sources = Sources::new().toml("test", URL).value("test", json!({ "loop": true, "limit": 3 }));
    assert_eq!(report(&sources), "there is a problem with the parameters:\n  a loop has no limit");
}

#[test]
fn a_default_is_looked_at_by_the_checks_too() {
    #[derive(Debug, Parameters)]
    #[expect(dead_code)]
    struct Careless {
        #[param(default = 3, range = ..3)]
        number: i32,
    }
    let error = Sources::new().read::<Careless>().unwrap_err();
    assert!(
        error.to_string().ends_with("number = 3 (default): out of range; expected a whole number below 3"),
        "{error}"
    );
}

#[test]
fn sources_that_cannot_be_read_are_problems_like_others() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let unknown = folder.join("unknown.ini");
    fs::write(&unknown, "").unwrap();
    let sources = Sources::new()
        .file("/absent/watch.toml")
        .optional_file("/dev/null/watch.toml")
        .file(&unknown)
        .toml("broken.toml", "threshold = 0.5\nbatch = = 1")
        .text("broken.json", Format::Json, "{\"threshold\": 0.5,}")
        .value("list", json!([1]))
        .value("flat", json!({ "camera": 1 }));
    let expected = include_str!("reports/sources.txt").trim_end();
    assert_eq!(report(&sources), expected.replace("FOLDER", folder.to_str().unwrap()));
}

#[test]
fn a_broken_file_does_not_show_what_is_in_it() {
    let texts = [
        (Format::Toml, "[camera]\npassword = 'tr0ub4dor"),
        (Format::Toml, "[camera]\npassword = tr0ub4dor"),
        (Format::Toml, "camera.password = 'tr0ub4dor'\ncamera.password = 'tr0ub4dor'"),
        (Format::Json, r#"{"camera": {"password": "tr0ub4dor}}"#),
        (Format::Json, r#"{"camera": {"password": tr0ub4dor}}"#),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: 'tr0ub4dor"),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: *tr0ub4dor"),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: !!int tr0ub4dor"),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: !!tr0ub4dor x\n - y"),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: !!binary tr0ub4dor"),
        #[cfg(feature = "yaml")]
        (Format::Yaml, "camera:\n  password: \"tr0ub4dor\\q\""),
    ];
    for (format, text) in texts {
        let report = report(&Sources::new().text("secret", format, text));
        assert!(!report.contains("tr0ub4dor"), "{text}: {report}");
        assert!(report.contains("line"), "{text}: {report}");
    }
}

#[test]
fn nothing_empty_and_null_are_no_value_of_an_option() {
    #[derive(Debug, PartialEq, Parameters)]
    struct Options {
        number: Option<i32>,
        text: Option<String>,
        list: Option<Vec<i32>>,
        json: Option<Value>,
    }
    let read = |sources: Sources| sources.read::<Options>().unwrap().into_inner();
    let nothing = Options { number: None, text: None, list: None, json: None };
    assert_eq!(read(Sources::new()), nothing);
    let full = json!({ "number": 1, "text": "a", "list": [1], "json": [true] });
    let null = json!({ "number": null, "text": null, "list": null, "json": null });
    let something = Options {
        number: Some(1),
        text: Some("a".to_owned()),
        list: Some(vec![1]),
        json: Some(json!([true])),
    };
    assert_eq!(read(Sources::new().value("full", full.clone())), something);
    assert_eq!(read(Sources::new().value("full", full.clone()).value("null", null)), nothing);
    // An empty text is a text, and an empty list one; it is no number and no JSON.
    let empty = [("X_NUMBER", ""), ("X_TEXT", ""), ("X_LIST", ""), ("X_JSON", "")];
    let blank = Options { number: None, text: Some(String::new()), list: Some(vec![]), json: None };
    assert_eq!(read(Sources::new().value("full", full).variables("X", empty)), blank);
}

#[test]
fn unknown_names_are_warnings_where_others_may_have_put_them() {
    let watch = Sources::new()
        .toml("test", URL)
        .variables(
            "WATCH",
            [("WATCH_SERVICE_HOST", "10.0.0.1"), ("WATCHDOG", "1"), ("WATCH_CAMERA_PROT", "1")],
        )
        .greengrass(json!({ "old": 1, "camera": { "uri": "x" } }))
        .read::<Watch>()
        .unwrap();
    let warnings = watch.warnings().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        warnings,
        [
            "WATCH_SERVICE_HOST (environment variable WATCH_SERVICE_HOST): there is no such parameter",
            "WATCH_CAMERA_PROT (environment variable WATCH_CAMERA_PROT): there is no such parameter; did you mean WATCH_CAMERA_PORT?",
            "old (Greengrass configuration): there is no such parameter",
            "camera.uri (Greengrass configuration): there is no such parameter; did you mean camera.url?",
        ]
    );
}

#[test]
fn without_a_prefix_no_variable_is_unknown() {
    let variables = [("CAMERA_URL", "rtsp://a/1"), ("BATHC", "3"), ("PATH", "/bin")];
    let watch = Sources::new().variables("", variables).read::<Watch>().unwrap();
    assert_eq!(watch.camera.url, "rtsp://a/1");
    assert!(watch.warnings().is_empty());
}

#[test]
fn a_variable_that_is_not_utf_8_is_an_error_of_its_parameter() {
    let value = OsString::from_vec(vec![0xff]);
    let sources = Sources::new().toml("test", URL).variables("WATCH", [("WATCH_STYLE", value)]);
    assert_eq!(
        report(&sources),
        "there is a problem with the parameters:\n  style (environment variable WATCH_STYLE): not UTF-8; expected one of filled, outlined"
    );
}

#[test]
fn truth_has_many_words() {
    for (word, truth) in [
        ("true", true),
        ("Yes", true),
        ("ON", true),
        ("1", true),
        ("False", false),
        ("no", false),
        (" off ", false),
        ("0", false),
    ] {
        let watch =
            Sources::new().toml("test", URL).variables("W", [("W_LOOP", word)]).read::<Watch>().unwrap();
        assert_eq!(watch.looping, truth, "{word}");
    }
}

#[test]
fn parameters_that_differ_only_in_files_are_an_error() {
    #[derive(Debug, Parameters)]
    #[expect(dead_code)]
    struct Twins {
        #[param(default)]
        inner_name: String,
        #[param(nested)]
        inner: Inner,
    }
    #[derive(Debug, Parameters)]
    #[expect(dead_code)]
    struct Inner {
        #[param(default)]
        name: String,
    }
    let error = Sources::new().read::<Twins>().unwrap_err();
    assert_eq!(error.problems()[0].fault, Fault::Ambiguous);
    assert!(
        error
            .to_string()
            .ends_with("inner.name: cannot be told from inner_name outside of files: rename one of them")
    );
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_json_and_toml_say_the_same() {
    let texts = [
        (
            Format::Yaml,
            "classes: [a, b]\nthreshold: 0.5\nexceptions: {a: 0.1}\nlimit: ~\ncamera:\n  url: rtsp://a/1 # the yard\n",
        ),
        (
            Format::Json,
            r#"{"classes": "a, b", "threshold": 0.5, "exceptions": {"a": 0.1}, "camera": {"url": "rtsp://a/1"}}"#,
        ),
        (
            Format::Toml,
            "classes = ['a', 'b']\nthreshold = 0.5\nexceptions.a = 0.1\ncamera.url = 'rtsp://a/1'",
        ),
    ];
    let read =
        |(format, text)| Sources::new().text("test", format, text).read::<Watch>().unwrap().into_inner();
    let watches = texts.map(read);
    assert_eq!(watches[0], watches[1]);
    assert_eq!(watches[1], watches[2]);
    assert_eq!(watches[0].exceptions["a"], 0.1);
}
