//! Text of several lines and from several fonts; what it takes of memory.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use allocation_counter::measure;
use backpack_annotate::{
    Annotation, BoundingBox, Color, Driver, Font, FontError, FrameDriver, HorizontalAnchor, Label,
    VerticalAnchor,
};
use backpack_core::{Frame, PixelFormat, Rect};
use common::{extent, touched};
use proptest::prelude::*;

use HorizontalAnchor::{Center as Middle, Left, Right};
use VerticalAnchor::{Baseline, Bottom, Center, Top};

/// DejaVu Sans in its own units: the letter H stands on the baseline and has the same space on both sides.
const ASCENT: f64 = 1901.0;
const HEIGHT: f64 = 1901.0 + 483.0;
const ADVANCE: f64 = 1540.0;
const BEARING: f64 = 201.0;
const CAPITAL: f64 = 1493.0;

/// A letter that DejaVu Sans has and DejaVu Sans Mono has not.
const HEBREW: &str = "א";

fn sans() -> Font {
    Font::from_bytes(dejavu::sans::regular()).unwrap()
}

fn mono() -> Font {
    Font::from_bytes(dejavu::sans_mono::regular()).unwrap()
}

fn gray(width: u32, height: u32) -> Frame {
    Frame::black(width, height, PixelFormat::Gray8).unwrap()
}

/// The coverage of each pixel when the annotation is white on black, in these fonts.
fn drawn(fonts: &[Font], annotation: impl Into<Annotation>, width: u32, height: u32) -> Vec<Vec<u8>> {
    let mut frame = gray(width, height);
    FrameDriver::with_fonts(fonts.iter().cloned()).render(&[annotation.into()], &mut frame).unwrap();
    frame.view().plane(0).rows().map(<[u8]>::to_vec).collect()
}

/// A text in the middle of 400 × 400 pixels, 40 pixels high.
fn text(fonts: &[Font], text: &str) -> Vec<Vec<u8>> {
    drawn(fonts, Label::new((0.5, 0.5), text).size(0.1), 400, 400)
}

/// A text on a white background, as an area: the first and last row, the first and last column.
fn plate(text: &str, horizontal: HorizontalAnchor, vertical: VerticalAnchor) -> [usize; 4] {
    let label = Label::new((0.5, 0.5), text).anchor(horizontal, vertical).size(0.1);
    extent(&drawn(&[sans()], label.background(Color::WHITE).color(Color::WHITE), 400, 400))
}

/// Whether the first covered pixel is that of an exact place, or the next one if next to nothing of the pixel is covered.
fn begins(pixel: usize, place: f64) -> bool {
    pixel as f64 == place.floor() || (place.fract() > 0.99 && pixel as f64 == place.ceil())
}

/// The same for the last covered pixel.
fn ends(pixel: usize, place: f64) -> bool {
    pixel as f64 == place.ceil() - 1.0 || (place.fract() < 0.01 && pixel as f64 == place.floor() - 1.0)
}

proptest! {
    #[test]
    fn anchors_are_exact_for_one_line_and_for_several(
        size in 8..=120u32, lines in 1..=3usize,
        horizontal in prop::sample::select(&[Left, Middle, Right][..]),
        vertical in prop::sample::select(&[Top, Center, Baseline, Bottom][..]),
    ) {
        let label = Label::new((0.5, 0.5), ["H"; 3][..lines].join("\n"));
        let label = label.anchor(horizontal, vertical).size(f64::from(size) / 800.0);
        let [top, bottom, left, right] = extent(&drawn(&[sans()], label, 800, 800));
        let scale = f64::from(size) / HEIGHT;
        let (ascent, height) = ((ASCENT * scale).round(), f64::from(size) * lines as f64);
        let first = ascent + match vertical {
            Top => 400.0,
            Center => 400.0 - (height / 2.0).floor(),
            Baseline => 400.0 - ascent,
            Bottom => 400.0 - height,
        };
        let last = first + f64::from(size) * (lines as f64 - 1.0);
        prop_assert_eq!(bottom as f64, last - 1.0, "the last line stands on its baseline");
        prop_assert!(begins(top, first - CAPITAL * scale), "{} at {}", top, first - CAPITAL * scale);
        let width = (ADVANCE * scale).ceil();
        let beginning = match horizontal {
            Left => 400.0,
            Middle => 400.0 - (width / 2.0).floor(),
            Right => 400.0 - width,
        };
        prop_assert!(begins(left, beginning + BEARING * scale), "{} at {}", left, beginning + BEARING * scale);
        let end = beginning + (ADVANCE - BEARING) * scale;
        prop_assert!(ends(right, end), "{} at {}", right, end);
    }

    #[test]
    fn no_text_is_too_strange_to_be_drawn(
        text in any::<String>(), size in 0.0..2.0f64, place in (-1.0..2.0f64, -1.0..2.0f64),
        horizontal in prop::sample::select(&[Left, Middle, Right][..]), many in 0..3usize,
    ) {
        let fonts = [mono(), sans()];
        let label = Label::new(place, text).size(size).anchor(horizontal, Center);
        drawn(&fonts[..many.min(2)], label, 50, 40);
    }

    #[test]
    fn labels_of_several_lines_stay_in_the_frame(x in -0.5..1.5f64, y in -0.5..1.5f64) {
        let shown = |x, y| {
            let label = Label::new((x, y), "two\nlines").anchor(Right, Center).size(0.1);
            touched(&drawn(&[sans()], label.background(Color::WHITE).color(Color::WHITE), 160, 120))
        };
        prop_assert_eq!(shown(x, y), shown(0.5, 0.5));
    }
}

#[test]
fn each_line_is_aligned_by_the_anchor() {
    let columns = |horizontal| {
        let label = Label::new((0.5, 0.5), "HHH\nH").anchor(horizontal, Top).size(0.1);
        let shape = drawn(&[sans()], label, 400, 400);
        let [_, _, a, b] = extent(&shape[..240]);
        let [_, _, c, d] = extent(&shape[240..]);
        [a, b, c, d]
    };
    let [first, _, second, _] = columns(Left);
    assert_eq!(first, second);
    let [_, first, _, second] = columns(Right);
    assert!(first.abs_diff(second) <= 1, "{first} and {second}");
    let [a, b, c, d] = columns(Middle);
    assert!((a + b).abs_diff(c + d) <= 2, "{a} to {b} and {c} to {d}");
}

#[test]
fn a_background_covers_all_lines() {
    let [one_top, one_bottom, _, one_right] = plate("label", Left, Top);
    let [top, bottom, _, right] = plate("label\nlabel", Left, Top);
    assert_eq!((top, bottom, right), (one_top, one_bottom + 40, one_right));
    assert_eq!(plate("label\n", Left, Top), plate("label\nlabel", Left, Top), "a line without letters");
    assert_eq!(plate("\n\n", Left, Bottom)[0], 400 - 200 - 3 * 40 - 6);
}

#[test]
fn a_line_ends_at_a_line_feed_with_or_without_a_carriage_return() {
    let shown = |string: &str| text(&[sans()], string);
    assert_eq!(shown("one\r\ntwo\r\n"), shown("one\ntwo\n"));
    assert_eq!(shown("one\rtwo"), shown("one two"));
    assert_ne!(shown("one\ntwo"), shown("one two"));
    assert_eq!(plate("one\r", Left, Top), plate("one ", Left, Top), "no line feed follows");
}

#[test]
fn labels_of_a_box_have_lines_too() {
    let shown = |top: &str, bottom: &str| {
        let rect = Rect::from_xywh(0.25, 0.4, 0.5, 0.2).unwrap();
        let labelled = BoundingBox::new(rect).top_label(top).bottom_label(bottom).text_size(0.05);
        extent(&drawn(&[sans()], labelled, 400, 400))
    };
    let [top, bottom, ..] = shown("one", "one");
    let [higher, lower, ..] = shown("one\ntwo", "one\r\ntwo\nthree");
    assert_eq!((higher, lower), (top - 20, bottom + 40));
}

#[test]
fn a_text_of_endless_lines_shows_its_beginning() {
    let shown = |string: &str, vertical| {
        let label = Label::new((0.5, 0.5), string).anchor(Left, vertical).size(0.25);
        drawn(&[sans()], label, 60, 40)
    };
    let endless = "H\n".repeat(100_000);
    assert_eq!(shown(&endless, Top), shown("H\nH\nH\nH\nH", Bottom));
    assert_eq!(shown(&endless, Baseline), shown(&endless, Bottom));
}

#[test]
fn a_character_is_taken_from_the_first_font_that_has_it() {
    let (sans, mono) = (sans(), mono());
    let both = [mono.clone(), sans.clone()];
    assert_eq!(text(&both, "plain"), text(std::slice::from_ref(&mono), "plain"));
    assert_eq!(text(&both, HEBREW), text(std::slice::from_ref(&sans), HEBREW));
    assert_ne!(text(&both, HEBREW), text(&[mono], HEBREW), "it is a box there");
    assert_eq!(text(&both, "日"), text(&[sans], "日"), "no font has it");
}

#[test]
fn letters_of_different_fonts_stand_on_one_baseline() {
    // DejaVu Sans Mono has no Hebrew, whose letters stand on the baseline as H does.
    let both = [mono(), sans()];
    let [.., bottom, _, _] = extent(&text(&both, "H"));
    let [.., mixed, _, _] = extent(&text(&both, &format!("H{HEBREW}H")));
    assert_eq!(bottom, mixed);
    let [.., end] = extent(&text(&both, "HH"));
    let [.., mixed_end] = extent(&text(&both, &format!("H{HEBREW}H")));
    assert!(mixed_end > end + 20, "they do not stand on each other: {mixed_end}, {end}");
}

#[test]
fn without_a_font_there_are_boxes_and_spaces() {
    let shape = text(&[], "ab c");
    let [top, bottom, left, right] = extent(&shape);
    let middle = &shape[(top + bottom) / 2];
    let sides = middle[left..=right].windows(2).filter(|pair| pair[0] == 0 && pair[1] > 0).count() + 1;
    assert_eq!(sides, 6, "three boxes with two sides each");
    assert_eq!(touched(&text(&[], " \t ")), 0);
    assert_eq!(text(&[], "a"), text(&[mono()], "日"));
}

#[cfg(feature = "builtin-font")]
#[test]
fn the_built_in_font_is_that_of_a_new_driver() {
    let label = [Annotation::from(Label::new((0.1, 0.5), "built in"))];
    let (mut new, mut chosen) = (gray(100, 100), gray(100, 100));
    FrameDriver::new().render(&label, &mut new).unwrap();
    FrameDriver::with_fonts([Font::builtin()]).render(&label, &mut chosen).unwrap();
    assert_eq!(new.bytes(), chosen.bytes());
    assert_eq!(text(&[Font::builtin()], "font"), text(&[sans()], "font"));
}

#[cfg(not(feature = "builtin-font"))]
#[test]
fn a_new_driver_without_a_font_draws_boxes() {
    let label = [Annotation::from(Label::new((0.1, 0.5), "boxes"))];
    let (mut new, mut none) = (gray(100, 100), gray(100, 100));
    FrameDriver::new().render(&label, &mut new).unwrap();
    FrameDriver::with_fonts([]).render(&label, &mut none).unwrap();
    assert_eq!(new.bytes(), none.bytes());
    assert!(new.bytes().contains(&255));
}

#[test]
fn bytes_that_are_no_font_are_refused() {
    for nonsense in [&b""[..], b"not a font", b"ttcf", &dejavu::sans::regular()[..1000]] {
        let error = Font::from_bytes(nonsense).unwrap_err();
        assert!(error.to_string().starts_with(&format!("{} bytes", nonsense.len())), "{error}");
    }
}

#[test]
fn a_font_that_is_broken_anywhere_does_no_harm() {
    let whole = dejavu::sans_mono::regular();
    for step in 0..60 {
        let mut bytes = whole.to_vec();
        // The tables' directory and heads are at the beginning.
        let start = step * 40;
        bytes[start..start + 40].iter_mut().for_each(|byte| *byte ^= 0x5a);
        if let Ok(font) = Font::from_bytes(bytes) {
            text(&[font], "Any\ntext: fi AV é");
        }
    }
}

fn temporary(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_font_file_is_read_and_errors_name_it() {
    let good = temporary("sans.ttf");
    std::fs::write(&good, dejavu::sans::regular()).unwrap();
    assert_eq!(text(&[Font::from_file(&good).unwrap()], "file"), text(&[sans()], "file"));

    let bad = temporary("bad.ttf");
    std::fs::write(&bad, b"no font").unwrap();
    let error = Font::from_file(&bad).unwrap_err();
    assert!(matches!(error, FontError::File { length: 7, .. }), "{error:?}");
    assert!(
        error.to_string().contains("bad.ttf") && error.to_string().contains("cannot be parsed"),
        "{error}"
    );

    let missing = Font::from_file(temporary("missing.ttf")).unwrap_err();
    assert!(matches!(missing, FontError::Read { .. }), "{missing:?}");
    assert!(missing.to_string().contains("missing.ttf"), "{missing}");
}

/// A collection of fonts.
fn collection(fonts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = b"ttcf\0\x01\0\0".to_vec();
    bytes.extend((fonts.len() as u32).to_be_bytes());
    let mut start = bytes.len() + 4 * fonts.len();
    for font in fonts {
        bytes.extend((start as u32).to_be_bytes());
        start += font.len();
    }
    for font in fonts {
        let offset = bytes.len() as u32;
        bytes.extend_from_slice(font);
        let font = &mut bytes[offset as usize..];
        let tables = usize::from(u16::from_be_bytes([font[4], font[5]]));
        for record in font[12..].chunks_exact_mut(16).take(tables) {
            // In a collection the places of tables count from the beginning of the file.
            let place = u32::from_be_bytes([record[8], record[9], record[10], record[11]]) + offset;
            record[8..12].copy_from_slice(&place.to_be_bytes());
        }
    }
    bytes
}

#[test]
fn a_font_of_a_collection_is_chosen_by_its_index() {
    let bytes = collection(&[dejavu::sans::regular(), dejavu::sans_mono::regular()]);
    let font = |index| Font::from_bytes_at(bytes.clone(), index);
    assert_eq!(text(&[font(0).unwrap()], "font"), text(&[sans()], "font"));
    assert_eq!(text(&[font(1).unwrap()], "font"), text(&[mono()], "font"));
    assert!(font(2).unwrap_err().to_string().ends_with("there is no font at this index"));
    Font::from_bytes_at(dejavu::sans::regular(), 1).unwrap_err();
}

#[test]
fn a_clone_of_a_font_shares_its_bytes() {
    let font = sans();
    assert!(measure(|| drop(font.clone())).bytes_total < 1000);
}

/// What a driver may keep for text, in bytes.
const KEPT: i64 = 24 << 20;

#[test]
fn memory_is_bounded_with_many_sizes_letters_and_fonts() {
    let (mut frame, label) =
        (gray(1200, 600), |text: &str, size: f64| Label::new((0.0, 0.5), text).size(size));
    let mut driver = FrameDriver::with_fonts([mono(), sans()]);
    let alphabet: String = ('!'..='~').chain('À'..='ÿ').chain('א'..='ת').collect();
    let kept = measure(|| {
        for size in 8..=512 {
            let scene = [alphabet.as_str(), &alphabet[60..], &alphabet[200..]]
                .map(|text| label(text, f64::from(size) / 600.0).into());
            driver.render(&scene, &mut frame).unwrap();
        }
    });
    assert!(kept.bytes_current < KEPT && kept.bytes_max < 2 * KEPT as u64, "{kept:?}");

    let scene: Vec<Annotation> =
        (0..40).map(|line| label(&alphabet, 0.02 + f64::from(line) / 1000.0).into()).collect();
    driver.render(&scene, &mut frame).unwrap();
    assert_eq!(measure(|| driver.render(&scene, &mut frame).unwrap()).count_total, 0);
}

#[test]
fn memory_is_bounded_for_endless_text_that_takes_no_room() {
    let mut frame = gray(400, 200);
    let mut driver = FrameDriver::with_fonts([sans()]);
    let text: String = "a".chars().chain(('\u{300}'..'\u{360}').cycle().take(2_000_000)).collect();
    let scene = [Label::new((0.0, 0.5), text).size(1.0).into()];
    let kept = measure(|| driver.render(&scene, &mut frame).unwrap());
    assert!(kept.bytes_current < 2 * KEPT, "{kept:?}");
}

#[test]
fn drivers_and_fonts_can_be_sent_to_other_threads() {
    fn sent<T: Send>() {}
    fn shared<T: Sync>() {}
    sent::<FrameDriver>();
    sent::<Font>();
    shared::<Font>();
}
