#![no_main]

use backpack_annotate::{Color, ParseColorError};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| match text.parse::<Color>() {
    Ok(color) => {
        assert_eq!(color.to_string().parse(), Ok(color), "what is written is read back");
        let shouted = format!(" {}\n", text.to_ascii_uppercase());
        assert_eq!(shouted.parse(), Ok(color), "case and white space mean nothing");
    }
    Err(ParseColorError::Name { suggestion: Some(suggestion), .. }) => {
        assert!(suggestion.parse::<Color>().is_ok(), "what is suggested is a colour");
    }
    Err(error) => assert!(error.to_string().len() < 500, "an error is fit for a log line"),
});
