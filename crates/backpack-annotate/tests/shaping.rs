//! Scripts whose letters join, reorder or run from right to left.
#![cfg(feature = "shaping")]
#![allow(clippy::unwrap_used)]

mod common;

use allocation_counter::measure;
use backpack_annotate::{Annotation, Driver, Font, FrameDriver, HorizontalAnchor, Label, VerticalAnchor};
use backpack_core::{Frame, PixelFormat};
use common::{extent, touched};

/// A word in Arabic: seen, lam, alef, meem.
const PEACE: &str = "سلام";

/// The same word in the forms its letters have there: seen at the beginning, lam and alef in one at the end of a part, meem on its own.
const PEACE_IN_FORMS: &str = "\u{feb3}\u{fefc}\u{fee1}";

fn gray(width: u32, height: u32) -> Frame {
    Frame::black(width, height, PixelFormat::Gray8).unwrap()
}

fn driver() -> FrameDriver {
    FrameDriver::with_fonts([Font::from_bytes(dejavu::sans::regular()).unwrap()])
}

fn drawn(label: Label, width: u32, height: u32) -> Vec<Vec<u8>> {
    let mut frame = gray(width, height);
    driver().render(&[label.into()], &mut frame).unwrap();
    frame.view().plane(0).rows().map(<[u8]>::to_vec).collect()
}

/// A text 40 pixels high.
fn text(text: &str) -> Vec<Vec<u8>> {
    drawn(Label::new((0.1, 0.5), text).size(0.1), 600, 400)
}

/// Characters drawn one after the other from left to right, whatever their direction is.
fn from_left(characters: impl Iterator<Item = char>) -> Vec<Vec<u8>> {
    text(&format!("\u{202d}{}\u{202c}", characters.collect::<String>()))
}

#[test]
fn arabic_letters_join_and_run_from_right_to_left() {
    assert_eq!(text(PEACE), text(PEACE_IN_FORMS));
    assert_eq!(text(PEACE), from_left(PEACE_IN_FORMS.chars().rev()));
    let apart: String = PEACE.chars().flat_map(|letter| [letter, '\u{200c}']).collect();
    assert_ne!(text(PEACE), text(&apart), "a non-joiner keeps them apart");
}

#[test]
fn a_text_of_both_directions_is_in_the_order_of_reading() {
    assert_eq!(text("אבג"), from_left("גבא".chars()));
    assert_eq!(text("id אבג 27"), from_left("id 27 גבא".chars()));
    assert_eq!(text("אב 27 id"), from_left("id 27 בא".chars()), "the first letter is read from the right");
    assert_eq!(text("(אב)"), from_left("(בא)".chars()), "brackets are mirrored");
}

#[test]
fn a_mark_stands_above_its_letter() {
    assert_eq!(text("e\u{301}"), text("é"));
    let [top, _, left, right] = extent(&text("x"));
    let [marked_top, _, marked_left, marked_right] = extent(&text("x\u{301}"));
    assert!(marked_top + 3 < top, "{marked_top} and {top}");
    assert_eq!((marked_left, marked_right), (left, right));
}

#[test]
fn letters_become_ligatures_where_the_font_has_them() {
    assert_eq!(text("fi"), text("\u{fb01}"));
    assert_ne!(text("f\u{200c}i"), text("\u{fb01}"));
}

#[test]
fn characters_without_a_font_are_boxes_in_any_script() {
    let missing = touched(&text("日"));
    assert!(missing > 0);
    for devanagari in ["क", "क्षि"] {
        assert_eq!(touched(&text(devanagari)), missing * devanagari.chars().count(), "{devanagari}");
    }
    assert_eq!(extent(&text("日a"))[1], extent(&text("a"))[1]);
}

#[test]
fn marks_stay_with_the_font_of_their_letter() {
    let [sans, mono] =
        [dejavu::sans::regular(), dejavu::sans_mono::regular()].map(|bytes| Font::from_bytes(bytes).unwrap());
    let shown = |fonts: &[Font]| {
        let mut frame = gray(200, 100);
        let label = Label::new((0.1, 0.5), "\u{5e9}\u{5c1}").size(0.3);
        FrameDriver::with_fonts(fonts.iter().cloned()).render(&[label.into()], &mut frame).unwrap();
        frame
    };
    assert_eq!(shown(&[mono, sans.clone()]).bytes(), shown(&[sans]).bytes());
}

#[test]
fn a_line_from_right_to_left_too_long_for_the_frame_shows_its_beginning() {
    let shown = |times: usize| {
        let label = Label::new((0.5, 0.5), "שלום עולם ".repeat(times));
        drawn(label.anchor(HorizontalAnchor::Left, VerticalAnchor::Top).size(0.3), 120, 60)
    };
    assert_eq!(shown(30), shown(50));
    let first = drawn(
        Label::new((1.0, 0.5), "ש").anchor(HorizontalAnchor::Right, VerticalAnchor::Top).size(0.3),
        120,
        60,
    );
    let same = |(long, short): (&Vec<u8>, &Vec<u8>)| long[112..] == short[112..];
    assert!(shown(30).iter().zip(&first).all(same), "it begins on the right");
}

#[test]
fn memory_is_bounded_whatever_is_said() {
    let (mut driver, mut frame) = (driver(), gray(64, 32));
    let kept = measure(|| {
        for id in 0..50_000 {
            let scene = [Annotation::from(Label::new((0.0, 1.0), format!("سلام {id}")))];
            driver.render(&scene, &mut frame).unwrap();
        }
        let endless = [Label::new((0.0, 1.0), "سلام".repeat(1_000_000)).into()];
        driver.render(&endless, &mut frame).unwrap();
    });
    assert!(kept.bytes_current < 8 << 20, "{kept:?}");
}

#[test]
fn a_text_seen_before_is_drawn_without_allocation() {
    let (mut driver, mut frame) = (driver(), gray(400, 300));
    let scene: Vec<Annotation> = ["سلام 27", "אבג\nid 7", "office"]
        .into_iter()
        .map(|text| Label::new((0.1, 0.5), text).into())
        .collect();
    driver.render(&scene, &mut frame).unwrap();
    assert_eq!(measure(|| driver.render(&scene, &mut frame).unwrap()).count_total, 0);
}
