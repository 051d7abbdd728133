//! Colours: notations, names, changes, contrast, and the colours of numbers.
#![allow(clippy::unwrap_used)]

use backpack_annotate::{Color, ParseColorError};
use proptest::prelude::*;

#[test]
fn all_hexadecimal_notations_of_css_are_read() {
    for (text, color) in [
        ("#fff", Color::WHITE),
        ("#F80", Color::rgb(0xff, 0x88, 0x00)),
        ("#f80c", Color::rgba(0xff, 0x88, 0x00, 0xcc)),
        ("#ffa500", Color::ORANGE),
        ("#12AbcD80", Color::rgba(0x12, 0xab, 0xcd, 0x80)),
    ] {
        assert_eq!(text.parse(), Ok(color));
    }
}

#[test]
fn texts_in_no_notation_are_refused_together_with_what_would_be_right() {
    for (text, complaint) in [
        ("#ff", "# needs 3, 4, 6 or 8 digits after it, not 2"),
        ("#", "# needs 3, 4, 6 or 8 digits after it, not 0"),
        ("#fffff", "# needs 3, 4, 6 or 8 digits after it, not 5"),
        ("#fffffff", "# needs 3, 4, 6 or 8 digits after it, not 7"),
        ("#fffffffff", "# needs 3, 4, 6 or 8 digits after it, not 9"),
        ("#ffg", "'g' is not one of the digits 0 to 9 and a to f"),
        ("#+1+2+3", "'+' is not one of the digits 0 to 9 and a to f"),
        ("#éàü", "'é' is not one of the digits 0 to 9 and a to f"),
        ("# fff", "' ' is not one of the digits 0 to 9 and a to f"),
        ("fff", "did you mean \"#fff\"?"),
        ("0xFF8800", "did you mean \"#FF8800\"?"),
        ("ornage", "did you mean \"orange\"?"),
        ("Light-Grey", "did you mean \"lightgrey\"?"),
        ("rd", "did you mean \"red\"?"),
        ("transparant", "did you mean \"transparent\"?"),
        ("", "#rgb, #rgba, #rrggbb, #rrggbbaa or a colour name of CSS is needed"),
        ("person", "#rgb, #rgba, #rrggbb, #rrggbbaa or a colour name of CSS is needed"),
        ("rgb(1, 2, 3)", "#rgb, #rgba, #rrggbb, #rrggbbaa or a colour name of CSS is needed"),
    ] {
        let error = text.parse::<Color>().unwrap_err().to_string();
        assert_eq!(error, format!("{text:?} is not a colour: {complaint}"));
    }
}

#[test]
fn of_endless_texts_an_error_keeps_the_beginning() {
    for start in ["", "#", "#f"] {
        for repeated in ["x", "f", "é"] {
            let text = format!("{start}{}", repeated.repeat(1 << 20));
            let error = text.parse::<Color>().unwrap_err().to_string();
            assert!(error.len() < 200, "{error}");
        }
    }
}

#[test]
fn names_are_read_in_either_case_and_with_either_grey() {
    for (text, css) in [
        ("rebeccapurple", "#663399"),
        ("RebeccaPurple", "#663399"),
        ("LIGHTGOLDENRODYELLOW", "#fafad2"),
        ("aliceblue", "#f0f8ff"),
        ("yellowgreen", "#9acd32"),
        ("red", "#ff0000"),
        ("tan", "#d2b48c"),
        ("transparent", "#00000000"),
    ] {
        assert_eq!(text.parse::<Color>().unwrap().to_string(), css);
    }
    for prefix in ["", "dark", "dim", "light", "slate", "darkslate", "lightslate"] {
        let [gray, grey] = ["gray", "grey"].map(|name| format!("{prefix}{name}").parse::<Color>().unwrap());
        assert_eq!(gray, grey);
    }
}

#[test]
fn white_space_around_a_colour_is_that_of_css() {
    assert_eq!(" \t\r\n\x0c#ffa500 \t\r\n\x0c".parse(), Ok(Color::ORANGE));
    assert_eq!(" orange\n".parse(), Ok(Color::ORANGE));
    for other in ["\u{a0}orange", "orange\x0b", "\u{feff}#ffa500", "light grey"] {
        assert!(other.parse::<Color>().is_err(), "{other:?}");
    }
}

/// The Python toolkit had them in grey and in pink.
#[test]
fn maroon_and_teal_are_those_of_html() {
    for (color, name, css) in [
        (Color::BLACK, "black", "#000000"),
        (Color::SILVER, "silver", "#c0c0c0"),
        (Color::GRAY, "gray", "#808080"),
        (Color::WHITE, "white", "#ffffff"),
        (Color::MAROON, "maroon", "#800000"),
        (Color::RED, "red", "#ff0000"),
        (Color::PURPLE, "purple", "#800080"),
        (Color::MAGENTA, "fuchsia", "#ff00ff"),
        (Color::GREEN, "green", "#008000"),
        (Color::LIME, "lime", "#00ff00"),
        (Color::OLIVE, "olive", "#808000"),
        (Color::YELLOW, "yellow", "#ffff00"),
        (Color::NAVY, "navy", "#000080"),
        (Color::BLUE, "blue", "#0000ff"),
        (Color::TEAL, "teal", "#008080"),
        (Color::CYAN, "aqua", "#00ffff"),
    ] {
        assert_eq!((color.to_string().as_str(), name.parse()), (css, Ok(color)), "{name}");
    }
}

#[test]
fn constants_beyond_those_of_html_have_the_values_of_css() {
    for (color, name) in [
        (Color::TRANSPARENT, "transparent"),
        (Color::ORANGE, "orange"),
        (Color::CYAN, "cyan"),
        (Color::MAGENTA, "magenta"),
    ] {
        assert_eq!(name.parse(), Ok(color));
    }
}

#[test]
fn a_number_is_read_as_its_lower_three_bytes() {
    const AMBER: Color = Color::hex(0xffbf00);
    assert_eq!(AMBER, Color::rgb(0xff, 0xbf, 0x00));
    assert_eq!(Color::hex(0x01), Color::rgb(0, 0, 1));
    assert_eq!(Color::hex(0xaa12_3456), Color::rgb(0x12, 0x34, 0x56));
}

#[test]
fn brightness_is_cut_at_white_and_black_and_keeps_opacity() {
    let color = Color::rgba(200, 101, 0, 77);
    assert_eq!(color.brightened(1.0), color);
    assert_eq!(color.brightened(0.5), Color::rgba(100, 50, 0, 77), "the fraction is cut, not rounded");
    assert_eq!(color.brightened(2.0), Color::rgba(255, 202, 0, 77));
    assert_eq!(color.brightened(f64::INFINITY), Color::rgba(255, 255, 0, 77));
    for factor in [0.0, -1.0, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(color.brightened(factor), Color::rgba(0, 0, 0, 77), "{factor}");
    }
}

#[test]
fn opacity_is_kept_between_invisible_and_opaque() {
    for (opacity, a) in [
        (0.0, 0),
        (0.5, 128),
        (1.0, 255),
        (-0.1, 0),
        (1.1, 255),
        (f64::INFINITY, 255),
        (f64::NEG_INFINITY, 0),
        (f64::NAN, 0),
    ] {
        assert_eq!(Color::RED.with_alpha(9).with_opacity(opacity), Color::RED.with_alpha(a), "{opacity}");
    }
}

/// `hashlib.md5((salt + str(id)).encode()).hexdigest()[:6]` in Python.
#[test]
fn the_colours_of_numbers_with_a_salt_are_those_of_the_python_toolkit() {
    let long = "x".repeat(70);
    for (salt, colors) in [
        ("salt", ["154904", "55f312", "fec62b", "117f0f", "914b9c", "5927ca"]),
        ("", ["cfcd20", "c4ca42", "8f14e4", "a1d0c6", "e807f1", "7e7825"]),
        ("cars", ["66cdaa", "8c1009", "45418d", "808729", "a6d7d4", "b16a0a"]),
        ("Größe", ["8e2c7e", "14ae65", "506d84", "d6d1a7", "befa41", "f31ff9"]),
        (&long, ["e0febf", "72dd58", "e7e46a", "766095", "fd9e92", "fc37ac"]),
    ] {
        for (id, color) in [0, 1, 7, 42, 1_234_567_890, u64::MAX].into_iter().zip(colors) {
            assert_eq!(Color::from_id(id, salt).to_string(), format!("#{color}"), "{id} with {salt:?}");
        }
    }
}

#[test]
fn the_colours_of_the_palette_are_distinct_and_bright() {
    let colors: Vec<Color> = (0..40).map(Color::palette).collect();
    for (index, color) in colors.iter().enumerate() {
        assert!((0.2..0.7).contains(&color.luminance()), "{index}: {color}");
        for (other, second) in colors[..index].iter().enumerate() {
            // One just sees a difference of 0.02.
            let least = if index - other <= 13 { 0.08 } else { 0.01 };
            let distance = distance(*color, *second);
            assert!(distance > least, "{other} and {index}: {second} and {color} are {distance:.3} apart");
        }
    }
    assert_eq!(Color::palette(u64::MAX), Color::palette(u64::MAX));
    assert_ne!(Color::palette(u64::MAX), Color::palette(u64::MAX - 1));
}

#[test]
fn colours_of_the_palette_do_not_change_from_one_release_to_the_next() {
    let first: Vec<String> = (0..4).map(|id| Color::palette(id).to_string()).collect();
    assert_eq!(first, ["#ff76a6", "#53d6ff", "#b88a01", "#c989ff"]);
}

#[test]
fn text_in_the_contrasting_colour_is_legible_by_wcag() {
    let steps = || (0..=255).step_by(3);
    for (r, g, b) in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
        let color = Color::rgb(r, g, b);
        let (one, two) = (color.luminance(), color.contrast().luminance());
        let ratio = (one.max(two) + 0.05) / (one.min(two) + 0.05);
        assert!(ratio >= 4.58, "{} on {color}: {ratio}", color.contrast());
    }
}

/// The Euclidean distance in OKLab, where 1 is that of black and white.
fn distance(a: Color, b: Color) -> f64 {
    let oklab = |color: Color| {
        let [r, g, b] = [color.r, color.g, color.b].map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
        let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
        let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
        [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ]
    };
    let (a, b) = (oklab(a), oklab(b));
    (0..3).map(|index| (a[index] - b[index]).powi(2)).sum::<f64>().sqrt()
}

proptest! {
    #[test]
    fn a_colour_reads_what_it_writes(r: u8, g: u8, b: u8, a: u8) {
        let color = Color::rgba(r, g, b, a);
        prop_assert_eq!(color.to_string().parse(), Ok(color));
    }

    #[test]
    fn any_text_is_read_or_refused_with_a_suggestion_that_is_a_colour(text in "[ #0-9a-fxX]{0,12}|[a-z]{2,9}(gr[ae]y|green|blue|red|)|.*") {
        match text.parse::<Color>() {
            Ok(color) => prop_assert_eq!(format!("\t{} ", text.to_uppercase()).parse(), Ok(color)),
            Err(ParseColorError::Name { suggestion: Some(suggestion), .. }) => {
                prop_assert!(suggestion.parse::<Color>().is_ok(), "{} for {}", suggestion, text);
            }
            Err(error) => prop_assert!(error.to_string().contains(" is not a colour: ")),
        }
    }

    #[test]
    fn brightness_and_opacity_never_leave_their_range(factor: f64, opacity: f64, r: u8, a: u8) {
        let bright = Color::rgba(r, 0, 255, a).brightened(factor);
        prop_assert_eq!((bright.g, bright.a), (0, a));
        prop_assert_eq!(bright.r.max(r), if factor >= 1.0 { bright.r } else { r });
        let expected = (opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        prop_assert_eq!(bright.with_opacity(opacity), bright.with_alpha(expected));
    }
}
