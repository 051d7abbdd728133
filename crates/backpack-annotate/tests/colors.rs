//! Colours: notations, named values, contrast, and the colours of numbers.

use backpack_annotate::Color;
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
fn texts_in_no_such_notation_are_refused_and_named() {
    for text in
        ["", "#", "fff", "#ff", "#fffff", "#fffffff", "#fffffffff", "#ggg", "#+1+2+3", "#éàü", "red", " #fff"]
    {
        let error = text.parse::<Color>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("{text:?} is not a colour")), "{error}");
    }
    let endless = "x".repeat(1 << 20).parse::<Color>().unwrap_err();
    assert!(endless.to_string().len() < 200);
}

#[test]
fn named_colours_have_the_values_of_css() {
    for (color, css) in [
        (Color::MAROON, "#800000"),
        (Color::TEAL, "#008080"),
        (Color::GREEN, "#008000"),
        (Color::LIME, "#00ff00"),
        (Color::SILVER, "#c0c0c0"),
        (Color::PURPLE, "#800080"),
        (Color::CYAN, "#00ffff"),
        (Color::TRANSPARENT, "#00000000"),
    ] {
        assert_eq!(color.to_string(), css);
    }
}

#[test]
fn the_colours_of_numbers_are_distinct_and_bright() {
    let colors: Vec<Color> = (0..40).map(Color::from_id).collect();
    for (index, color) in colors.iter().enumerate() {
        assert!((0.2..0.7).contains(&color.luminance()), "{index}: {color}");
        for (other, second) in colors[..index].iter().enumerate() {
            // One just sees a difference of 0.02.
            let least = if index - other <= 13 { 0.08 } else { 0.01 };
            let distance = distance(*color, *second);
            assert!(distance > least, "{other} and {index}: {second} and {color} are {distance:.3} apart");
        }
    }
    assert_eq!(Color::from_id(u64::MAX), Color::from_id(u64::MAX));
    assert_ne!(Color::from_id(u64::MAX), Color::from_id(u64::MAX - 1));
}

#[test]
fn colours_of_numbers_do_not_change_from_one_release_to_the_next() {
    let first: Vec<String> = (0..4).map(|id| Color::from_id(id).to_string()).collect();
    assert_eq!(first, ["#ff76a6", "#53d6ff", "#b88a01", "#c989ff"]);
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
    fn text_in_the_contrasting_colour_is_legible_by_wcag(r: u8, g: u8, b: u8) {
        let color = Color::rgb(r, g, b);
        let (one, two) = (color.luminance(), color.contrast().luminance());
        let ratio = (one.max(two) + 0.05) / (one.min(two) + 0.05);
        prop_assert!(ratio >= 4.5, "{} on {}: {}", color.contrast(), color, ratio);
    }
}
