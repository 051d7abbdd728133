//! Text: places, metrics, characters, and the labels of boxes.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{BoundingBox, Color, Driver, FrameDriver, HorizontalAnchor, Label, VerticalAnchor};
use backpack_core::{Frame, PixelFormat, Rect};
use common::{coverage, extent, painted, touched};
use proptest::prelude::*;

use HorizontalAnchor::{Center as Middle, Left, Right};
use VerticalAnchor::{Baseline, Bottom, Center, Top};

#[test]
fn the_border_of_a_background_is_where_the_anchors_say() {
    let label = |horizontal, vertical| {
        let label = Label::new((0.5, 0.5), "label").anchor(horizontal, vertical).color(Color::WHITE);
        extent(&coverage(&[label.background(Color::WHITE).into()], 400, 400))
    };
    assert_eq!(label(Left, Top)[0], 200);
    assert_eq!(label(Left, Top)[2], 200);
    assert_eq!(label(Right, Bottom)[1], 199);
    assert_eq!(label(Right, Bottom)[3], 199);
}

#[test]
fn text_has_the_same_part_of_the_height_on_every_frame() {
    let height = |lines: u32| {
        let [top, bottom, ..] = extent(&coverage(&[Label::new((0.5, 0.5), "H").into()], lines * 2, lines));
        (bottom + 1 - top) as f64 / f64::from(lines)
    };
    assert!((height(360) / height(2160) - 1.0).abs() < 0.15);
    assert!((height(1080) / height(2160) - 1.0).abs() < 0.05);
}

#[test]
fn a_label_too_long_for_the_frame_shows_its_beginning() {
    let shown =
        |text: &str, anchor| coverage(&[Label::new((0.5, 0.5), text).anchor(anchor, Top).into()], 60, 40);
    let endless = "Wide".repeat(100_000);
    let [_, _, left, right] = extent(&shown(&endless, Right));
    assert!(left <= 1 && right == 59);
    assert_eq!(shown(&endless, Right), shown(&endless, Left));
}

#[cfg(feature = "builtin-font")]
#[test]
fn kerning_brings_letters_together() {
    let width = |text: &str| {
        let label = Label::new((0.0, 0.5), text).size(0.2).background(Color::WHITE).color(Color::WHITE);
        extent(&coverage(&[label.into()], 800, 200))[3] + 1
    };
    let space = width("");
    assert!(width("AVAVAV") - space + 6 < 3 * (width("A") + width("V") - 2 * space));
}

#[test]
fn control_characters_are_spaces_and_invisible_ones_take_no_place() {
    let shown = |text: &str| coverage(&[Label::new((0.1, 0.5), text).into()], 200, 200);
    assert_eq!(shown("one\rtwo\tthree\u{85}four"), shown("one two three four"));
    assert_eq!(shown("one\u{200b}two\u{fe0f}"), shown("onetwo"));
}

#[cfg(feature = "builtin-font")]
#[test]
fn a_character_that_the_font_lacks_is_a_visible_box() {
    let shown = |text: &str| coverage(&[Label::new((0.5, 0.5), text).size(0.2).into()], 200, 200);
    let shape = shown("日");
    let [top, bottom, left, right] = extent(&shape);
    assert!(bottom - top > 20 && right - left > 10);
    assert!(shape[top][left..=right].iter().all(|&part| part == 255), "the upper side is closed");
    assert_eq!(shape[(top + bottom) / 2][(left + right) / 2], 0, "the box is empty");
    assert_eq!(shape, shown("\u{10ffff}"));
    for text in ["é", "Ω", "Ж", "→", "✓"] {
        assert_ne!(shown(text), shape, "{text} is in the font");
    }
}

#[test]
fn text_is_black_or_white_by_its_background_unless_told_otherwise() {
    let darkest = |background, color: Option<Color>| {
        let mut label = Label::new((0.1, 0.5), "MMMM").size(0.3).background(background);
        label.color = color;
        let frame = painted(&[label.into()], 100, 100, PixelFormat::Gray8, 128);
        let values: Vec<u8> = frame.bytes().to_vec();
        (values.iter().copied().min().unwrap(), values.iter().copied().max().unwrap())
    };
    assert_eq!(darkest(Color::WHITE, None), (0, 255));
    assert_eq!(darkest(Color::BLACK, None), (0, 255));
    assert_eq!(darkest(Color::BLACK, Some(Color::BLACK)), (0, 128));
}

fn labelled(rect: Rect) -> BoundingBox {
    BoundingBox::new(rect).top_label("top").bottom_label("bottom").color(Color::WHITE)
}

#[test]
fn labels_of_a_box_stand_above_and_below_it_and_inside_where_there_is_no_room() {
    let rows = |y: f64, height: f64| {
        let [top, bottom, ..] =
            extent(&coverage(&[labelled(Rect::from_xywh(0.3, y, 0.4, height).unwrap()).into()], 400, 400));
        (top, bottom)
    };
    let (top, bottom) = rows(0.25, 0.5);
    assert!((85..95).contains(&top) && (305..315).contains(&bottom), "outside: {top} to {bottom}");
    assert_eq!(rows(0.0, 1.0), (0, 399), "inside");
    assert_eq!(rows(0.01, 0.98), (4, 395), "inside");
}

#[test]
fn a_tiny_box_in_a_corner_still_shows_both_labels_apart() {
    let whole =
        touched(&coverage(&[labelled(Rect::from_xywh(0.4, 0.4, 0.02, 0.02).unwrap()).into()], 400, 400));
    for corner in [(0.0, 0.0), (0.98, 0.0), (0.0, 0.98), (0.98, 0.98)] {
        let rect = Rect::from_xywh(corner.0, corner.1, 0.02, 0.02).unwrap();
        let seen = touched(&coverage(&[labelled(rect).into()], 400, 400));
        // The box itself may be hidden by its labels.
        assert!(seen + 8 * 8 >= whole, "{corner:?}: {seen} of {whole} pixels");
    }
}

#[test]
fn a_box_outside_the_picture_draws_nothing_nor_do_its_labels() {
    for (x, y) in [(-0.5, 0.4), (1.2, 0.4), (0.4, -0.5), (0.4, 1.01), (1e9, 1e300)] {
        let rect = Rect::from_xywh(x, y, 0.3, 0.3).unwrap();
        assert_eq!(touched(&coverage(&[labelled(rect).into()], 100, 100)), 0, "{x}, {y}");
    }
}

proptest! {
    #[test]
    fn labels_are_moved_into_the_frame_as_a_whole(
        x in -0.5..1.5f64, y in -0.5..1.5f64,
        horizontal in prop::sample::select(&[Left, Middle, Right][..]),
        vertical in prop::sample::select(&[Top, Center, Baseline, Bottom][..]),
    ) {
        let shown = |x, y| {
            let label = Label::new((x, y), "label").anchor(horizontal, vertical).size(0.1);
            touched(&coverage(&[label.background(Color::WHITE).color(Color::WHITE).into()], 160, 120))
        };
        prop_assert_eq!(shown(x, y), shown(0.5, 0.5));
    }

    #[test]
    fn labels_of_a_visible_box_are_seen_as_a_whole(
        x in -0.2..1.1f64, y in -0.2..1.1f64, width in 0.0..0.5f64, height in 0.0..0.5f64,
    ) {
        let rect = Rect::from_xywh(x, y, width, height).unwrap();
        // The text is black: its pixels tell that it is there.
        let mut frame = Frame::black(320, 240, PixelFormat::Gray8).unwrap();
        frame.view_mut().plane_mut(0).data_mut().fill(255);
        let white = frame.clone();
        FrameDriver::new().render(&[labelled(rect).into()], &mut frame).unwrap();
        let ink = |frame: &Frame| frame.bytes().iter().map(|&part| u64::from(255 - part)).sum::<u64>();
        let visible = coverage(&[BoundingBox::new(rect).color(Color::WHITE).into()], 320, 240);
        if touched(&visible) > 0 {
            let mut inside = white;
            FrameDriver::new().render(&[labelled(Rect::from_xywh(0.4, 0.4, 0.1, 0.2).unwrap()).into()], &mut inside).unwrap();
            prop_assert_eq!(ink(&frame), ink(&inside));
        }
    }
}
