//! Colours as configuration: what is read, what is written, and what is said of mistakes.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used)]

use backpack_annotate::Color;
use proptest::prelude::*;

fn read(text: &str) -> serde_json::Result<Color> {
    serde_json::from_str(text)
}

/// What is said of a text, without the place in it.
fn complaint(text: &str) -> String {
    let said = read(text).err().unwrap().to_string();
    said.split(" at line").next().unwrap().to_owned()
}

#[test]
fn colours_are_read_as_text_and_as_components_and_written_as_text() {
    let rewritten = |text| serde_json::to_string(&read(text).unwrap()).unwrap();
    for text in [
        r##""#ffa500""##,
        r##""#FFA500ff""##,
        r#""Orange""#,
        r#""orange ""#,
        "[255,165,0]",
        "[255,165,0,255]",
    ] {
        assert_eq!(rewritten(text), r##""#ffa500""##, "{text}");
    }
    for text in [r##""#ffa50080""##, "[255,165,0,128]"] {
        assert_eq!(rewritten(text), r##""#ffa50080""##, "{text}");
    }
}

#[test]
fn colours_are_read_from_toml_and_from_escaped_text() {
    let mut table: toml::Table = toml::from_str("line = 'teal'\nzone = [0, 128, 128]").unwrap();
    for name in ["line", "zone"] {
        assert_eq!(table.remove(name).unwrap().try_into(), Ok(Color::TEAL), "{name}");
    }
    assert_eq!(read(r#""te\u0061l""#).unwrap(), Color::TEAL);
}

#[test]
fn mistakes_are_named_together_with_what_would_be_right() {
    let expected =
        r##"expected a colour as "#rrggbb", "#rrggbbaa", a name of CSS, [r, g, b] or [r, g, b, a]"##;
    for (text, problem) in [
        ("5", "invalid type: integer `5`"),
        ("null", "invalid type: null"),
        (r#"{"r":1}"#, "invalid type: map"),
        ("[]", "invalid length 0"),
        ("[1,2]", "invalid length 2"),
        ("[1,2,3,4,5,6]", "invalid length 6"),
    ] {
        assert_eq!(complaint(text), format!("{problem}, {expected}"));
    }
    assert_eq!(complaint(r#""teel""#), r#""teel" is not a colour: did you mean "teal"?"#);
    assert_eq!(complaint("[256,0,0]"), "invalid value: integer `256`, expected u8");
    assert_eq!(complaint("[255,0,0,0.5]"), "invalid type: floating point `0.5`, expected u8");
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(r: u8, g: u8, b: u8, a: u8) {
        let color = Color::rgba(r, g, b, a);
        prop_assert_eq!(read(&serde_json::to_string(&color).unwrap()).unwrap(), color);
        let components = serde_json::to_string(&[r, g, b, a]).unwrap();
        prop_assert_eq!(read(&components).unwrap(), color);
    }
}
