//! What holds for every annotation, in every format.
#![allow(clippy::unwrap_used)]

#[path = "common/any.rs"]
mod any;
mod common;

use any::{any_annotation, label, one_of_each};
use backpack_annotate::{Annotation, Color, Driver, FrameDriver, Label, RenderError};
use backpack_core::{Frame, PixelFormat, Rect};
use common::painted;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const RED: Color = Color::rgb(230, 40, 60);

/// Whether a scene leaves a frame of this format as it is.
fn changes_nothing(scene: &[Annotation], format: PixelFormat) -> bool {
    let frame = painted(scene, 61, 43, format, 90);
    frame.view().planes().iter().all(|plane| plane.rows().all(|row| row.iter().all(|&byte| byte == 90)))
}

#[test]
fn one_of_each_is_drawn_in_every_format() {
    for &format in PixelFormat::ALL {
        for annotation in one_of_each(Rect::unit(), RED).into_iter().chain([label(RED)]) {
            assert!(
                !changes_nothing(std::slice::from_ref(&annotation), format),
                "{annotation:?} on {format}"
            );
        }
    }
}

#[test]
fn what_lies_outside_the_frame_changes_nothing() {
    for (x, y) in [(-3.0, 0.0), (2.0, 0.0), (0.0, -3.0), (0.0, 2.0), (1e5, -1e5)] {
        let scene = one_of_each(Rect::from_xywh(x, y, 1.0, 1.0).unwrap(), RED);
        for &format in PixelFormat::ALL {
            assert!(changes_nothing(&scene, format), "at {x}, {y} of {format}");
        }
    }
}

#[test]
fn what_is_transparent_changes_nothing() {
    let scene = one_of_each(Rect::unit(), RED.with_alpha(0));
    for &format in PixelFormat::ALL {
        assert!(changes_nothing(&scene, format), "{format}");
        assert!(changes_nothing(&[label(RED.with_alpha(0))], format), "{format}");
    }
}

#[test]
fn the_smallest_frames_can_be_drawn_on() {
    for &format in PixelFormat::ALL {
        for (width, height) in [(1, 1), (1, 7), (7, 1), (2, 2), (3, 3)] {
            let mut frame = Frame::black(width, height, format).unwrap();
            let scene: Vec<_> = one_of_each(Rect::unit(), RED).into_iter().chain([label(RED)]).collect();
            FrameDriver::new().render(&scene, &mut frame).unwrap();
        }
    }
}

/// The mean difference of two grey pictures.
fn difference(one: &[u8], other: &[u8]) -> f64 {
    let sum: u64 = one.iter().zip(other).map(|(&a, &b)| u64::from(a.abs_diff(b))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn a_scene_looks_alike_at_360_lines_and_in_4k() {
    let mut scene = one_of_each(Rect::from_tlbr(0.05, 0.05, 0.8, 0.95).unwrap(), RED);
    scene.push(Label::new((0.1, 0.95), "Looks alike").color(Color::WHITE).background(RED).into());
    let small = painted(&scene, 640, 360, PixelFormat::Gray8, 255);
    let large = painted(&scene, 3840, 2160, PixelFormat::Gray8, 255);
    let view = large.view();
    let shrunk: Vec<u8> = (0..640 * 360)
        .map(|pixel| {
            let (x, y) = (pixel % 640 * 6, pixel / 640 * 6);
            let rows = (y..y + 6).flat_map(|y| &view.plane(0).row(y)[x..x + 6]);
            (rows.map(|&sample| u32::from(sample)).sum::<u32>() / 36) as u8
        })
        .collect();
    let alike = difference(small.bytes(), &shrunk);
    let drawn = difference(small.bytes(), painted(&[], 640, 360, PixelFormat::Gray8, 255).bytes());
    assert!(alike < 2.0 && drawn > 20.0 * alike, "{alike} of {drawn}");
}

#[test]
fn the_first_of_several_errors_is_returned_and_the_rest_is_drawn() {
    let nowhere = |x| Annotation::from(Label::new((x, f64::NAN), "nowhere"));
    let good = one_of_each(Rect::unit(), RED);
    let scene: Vec<_> = [nowhere(0.1)].into_iter().chain(good.clone()).chain([nowhere(0.2)]).collect();
    let mut frame = Frame::black(61, 43, PixelFormat::Rgb8).unwrap();
    let error = FrameDriver::new().render(&scene, &mut frame).unwrap_err();
    assert!(matches!(error, RenderError::NotFinite { index: 0, .. }), "{error}");
    assert_eq!(frame.bytes(), painted(&good, 61, 43, PixelFormat::Rgb8, 0).bytes());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_transparent_annotation_changes_nothing(annotation in any_annotation(RED.with_alpha(0)), format in 0..7_usize) {
        prop_assert!(changes_nothing(&[annotation], PixelFormat::ALL[format]));
    }

    #[test]
    fn an_annotation_of_full_opacity_is_an_opaque_one(seed in any::<[u8; 32]>(), format in 0..7_usize) {
        let mut is_of_two = false;
        let mut drawn = |color: Color| {
            let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
            let annotation = any_annotation(color).new_tree(&mut runner).unwrap().current();
            is_of_two = matches!(
                annotation,
                Annotation::BoundingBox(_) | Annotation::Circle(_) | Annotation::Ellipse(_) | Annotation::Rectangle(_)
            );
            painted(&[annotation], 61, 43, PixelFormat::ALL[format], 90)
        };
        let opaque = drawn(Color::rgb(200, 30, 90));
        let full = drawn(Color::rgba(200, 30, 90, 255));
        prop_assert_eq!(opaque.bytes(), full.bytes());
        // With nothing of it left the frame is as before, and half of it lies between.
        let (half, nothing) = (drawn(Color::rgba(200, 30, 90, 128)), drawn(Color::rgba(200, 30, 90, 0)));
        for ((&half, &all), &none) in half.bytes().iter().zip(opaque.bytes()).zip(nothing.bytes()) {
            prop_assert_eq!(none, 90);
            let (low, high) = (all.min(none), all.max(none));
            // The text on a box has a colour of its own, and a fill ends under an opaque line and beside a translucent one.
            prop_assert!(is_of_two || (low.saturating_sub(1)..=high.saturating_add(1)).contains(&half), "{} {} {}", none, half, all);
        }
    }
}
