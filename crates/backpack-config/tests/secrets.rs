//! Secrets show nowhere.
#![allow(clippy::unwrap_used)]

use backpack_config::{Parameters, Secret, Sources};
use serde_json::json;

#[derive(Debug, Parameters)]
struct App {
    #[param(secret, check = is_long)]
    password: String,
    #[param(secret, range = 1000..=9999)]
    pin: u32,
    token: Option<Secret<String>>,
}

fn is_long(password: &String) -> Result<(), String> {
    if password.len() < 8 { Err(format!("{password} is too short")) } else { Ok(()) }
}

#[test]
fn loaded_parameters_mask_them() {
    let app = Sources::new()
        .value("test", json!({ "password": "correct horse", "pin": 4711, "token": "t0ken" }))
        .read::<App>()
        .unwrap();
    assert_eq!((app.password.as_str(), app.pin), ("correct horse", 4711));
    assert_eq!(app.token.as_ref().unwrap().expose(), "t0ken");
    let masked = "password = *** (test)\npin = *** (test)\ntoken = *** (test)";
    assert_eq!(app.to_string(), masked);
    assert_eq!(format!("{app:?}"), masked);
    assert_eq!(format!("{:?}", app.token), "Some(***)");
}

#[test]
fn errors_mask_them() {
    let wrong = [
        json!({ "password": "hunter2", "pin": 47, "token": 31337 }),
        json!({ "password": ["hunter2"], "pin": "31337", "token": { "x": "hunter2" } }),
        // Names may be misspelt, and structs be taken for values.
        json!({ "pasword": "hunter2", "pni": 31337, "tokens": ["hunter2"] }),
        json!("hunter2"),
    ];
    for value in wrong {
        let error = Sources::new().value("test", value).read::<App>().unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(!["hunter2", "47", "31337"].iter().any(|secret| shown.contains(secret)), "{shown}");
    }
}

#[cfg(feature = "clap")]
#[test]
fn the_command_line_has_none() {
    let description = backpack_config::Description::of::<App>();
    assert!(description.arguments().is_empty());
}
