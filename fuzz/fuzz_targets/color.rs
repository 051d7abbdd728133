#![no_main]

use backpack_annotate::Color;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(color) = text.parse::<Color>() {
        assert_eq!(color.to_string().parse(), Ok(color), "what is written is read back");
    }
});
