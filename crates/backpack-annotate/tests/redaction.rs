//! Redactions: what is hidden cannot be brought back.
#![allow(clippy::unwrap_used)]

mod common;

use backpack_annotate::{Color, Driver, FrameDriver, Redaction};
use backpack_core::{Frame, PixelFormat, Rect};
use common::painted;
use proptest::prelude::*;

type Method = fn(Rect) -> Redaction;

const METHODS: [Method; 2] = [Redaction::blur, Redaction::pixelate];

const SIZE: u32 = 96;

/// A frame whose bytes come from a small generator.
fn noise(format: PixelFormat, seed: u32) -> Frame {
    let mut state = seed;
    let mut frame = Frame::black(SIZE, SIZE, format).unwrap();
    for plane in frame.view_mut().planes_mut() {
        for byte in plane.rows_mut().flatten() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
    }
    frame
}

/// Turns every square of 8 × 8 pixels by half a turn: what is in it changes, and its mean does not.
fn with_squares_turned(mut frame: Frame) -> Frame {
    let format = frame.format();
    for (index, plane) in frame.view_mut().planes_mut().iter_mut().enumerate() {
        let bytes_per_pixel = match (format, index) {
            (PixelFormat::Rgb8 | PixelFormat::Bgr8, _) => 3,
            (PixelFormat::Rgba8 | PixelFormat::Bgra8, _) => 4,
            (PixelFormat::Nv12, 1) => 2,
            _ => 1,
        };
        let side = if index > 0 { 4 } else { 8 };
        let rows: Vec<Vec<u8>> = plane.rows_mut().map(|row| row.to_vec()).collect();
        for (y, row) in plane.rows_mut().enumerate() {
            for (x, pixel) in row.chunks_exact_mut(bytes_per_pixel).enumerate() {
                let turned = |place: usize| place / side * side + side - 1 - place % side;
                let from = &rows[turned(y)][turned(x) * bytes_per_pixel..][..bytes_per_pixel];
                pixel.copy_from_slice(from);
            }
        }
    }
    frame
}

fn redacted(mut frame: Frame, redaction: Redaction) -> Frame {
    FrameDriver::new().render(&[redaction.into()], &mut frame).unwrap();
    frame
}

/// From the 16th to the 64th pixel both ways: squares of 8 pixels if there are 6 cells.
fn region() -> Rect {
    let (from, to) = (16.0 / f64::from(SIZE), 64.0 / f64::from(SIZE));
    Rect::from_tlbr(from, from, to, to).unwrap()
}

/// The bytes of a plane in and outside of columns and rows `from..to`, in pixels of so many bytes.
fn split(rows: Vec<&[u8]>, from: usize, to: usize, bytes: usize) -> (Vec<u8>, Vec<u8>) {
    let mut parts = (Vec::new(), Vec::new());
    for (y, row) in rows.into_iter().enumerate() {
        for (x, &byte) in row.iter().enumerate() {
            let is_inside = (from..to).contains(&y) && (from * bytes..to * bytes).contains(&x);
            if is_inside { parts.0.push(byte) } else { parts.1.push(byte) }
        }
    }
    parts
}

#[test]
fn nothing_is_left_but_the_means_of_the_cells() {
    for &format in PixelFormat::ALL.iter() {
        let (picture, other) = (noise(format, 7), with_squares_turned(noise(format, 7)));
        assert_ne!(picture.bytes(), other.bytes());
        for method in METHODS {
            let results = [picture.clone(), other.clone()].map(|frame| redacted(frame, method(region())));
            for (plane, other) in results[0].view().planes().iter().zip(results[1].view().planes()) {
                let (from, to) = if plane.height() < SIZE as usize { (8, 32) } else { (16, 64) };
                let bytes = plane.row_bytes() / plane.height();
                let inside = split(plane.rows().collect(), from, to, bytes).0;
                assert_eq!(inside, split(other.rows().collect(), from, to, bytes).0, "{format}");
            }
        }
    }
}

#[test]
fn the_picture_around_stays_as_it_is() {
    for &format in PixelFormat::ALL.iter() {
        let picture = noise(format, 8);
        for method in METHODS {
            let result = redacted(picture.clone(), method(region()));
            for (plane, before) in result.view().planes().iter().zip(picture.view().planes()) {
                let (from, to) = if plane.height() < SIZE as usize { (8, 32) } else { (16, 64) };
                let bytes = plane.row_bytes() / plane.height();
                let (inside, outside) = split(plane.rows().collect(), from, to, bytes);
                let (inside_before, outside_before) = split(before.rows().collect(), from, to, bytes);
                assert_eq!(outside, outside_before, "{format}");
                assert_ne!(inside, inside_before, "{format}");
            }
        }
    }
}

#[test]
fn pixelating_leaves_squares_of_one_colour_each() {
    let frame = redacted(noise(PixelFormat::Gray8, 9), Redaction::pixelate(region()).cells(3));
    let view = frame.view();
    let row = |y: usize| &view.plane(0).row(y)[16..64];
    for y in 16..64 {
        assert_eq!(row(y), row(16 + (y - 16) / 16 * 16));
        assert!(row(y).chunks(16).all(|square| square.iter().all(|&sample| sample == square[0])));
    }
}

#[test]
fn blurring_passes_smoothly_from_cell_to_cell() {
    let frame = redacted(noise(PixelFormat::Gray8, 10), Redaction::blur(region()));
    let view = frame.view();
    let sample = |x: usize, y: usize| i32::from(view.plane(0).row(y)[x]);
    for y in 16..63 {
        for x in 16..63 {
            let steps = [sample(x + 1, y) - sample(x, y), sample(x, y + 1) - sample(x, y)];
            assert!(steps.iter().all(|step| step.abs() <= 12), "at {x}, {y}: {steps:?}");
        }
    }
}

#[test]
fn a_plain_picture_stays_as_it_is_but_for_a_cover() {
    for &format in PixelFormat::ALL.iter() {
        for method in METHODS {
            let frame = painted(&[method(Rect::unit()).into()], 33, 21, format, 90);
            assert!(frame.bytes().iter().all(|&byte| byte == 90), "{format}");
        }
    }
    let covered =
        painted(&[Redaction::cover(Rect::unit(), Color::WHITE).into()], 33, 21, PixelFormat::Gray8, 90);
    assert!(covered.bytes().iter().all(|&byte| byte == 255));
}

#[test]
fn pixels_that_are_only_touched_are_hidden_too() {
    // From the middle of the 10th pixel to the middle of the 12th.
    let rect = Rect::from_tlbr(10.5 / 96.0, 10.5 / 96.0, 12.5 / 96.0, 12.5 / 96.0).unwrap();
    let scene = [Redaction::cover(rect, Color::WHITE).into()];
    let frame = painted(&scene, SIZE, SIZE, PixelFormat::Gray8, 0);
    let view = frame.view();
    let row: Vec<usize> = (0..96).filter(|&x| view.plane(0).row(11)[x] == 255).collect();
    assert_eq!(row, [10, 11, 12]);
}

#[test]
fn a_face_at_the_border_has_cells_as_large_as_elsewhere() {
    let whole = Rect::from_tlbr(0.0, 0.0, 0.5, 0.5).unwrap();
    let half = Rect::from_tlbr(0.0, -0.25, 0.5, 0.25).unwrap();
    let runs = |rect, to: usize| {
        let frame = redacted(noise(PixelFormat::Gray8, 11), Redaction::pixelate(rect).cells(4));
        frame.view().plane(0).row(3)[..to].chunk_by(|a, b| a == b).map(<[u8]>::len).collect::<Vec<_>>()
    };
    assert_eq!(runs(whole, 48), [12; 4]);
    assert_eq!(runs(half, 24), [12; 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_region_of_any_frame_is_changed_within_its_bounds(
        (x, y, width, height) in (-1.5..1.5, -1.5..1.5, 0.0..2.0, 0.0..2.0),
        (columns, rows) in (1_u32..40, 1_u32..40),
        cells in 0_u32..100, format in 0..7_usize, method in 0..2_usize,
    ) {
        let rect = Rect::from_xywh(x, y, width, height).unwrap();
        let redaction = METHODS[method](rect).cells(cells);
        let mut frame = Frame::black(columns, rows, PixelFormat::ALL[format]).unwrap();
        for plane in frame.view_mut().planes_mut() {
            plane.rows_mut().flatten().enumerate().for_each(|(index, byte)| *byte = 100 + (index * 37 % 50) as u8);
        }
        let before = frame.clone();
        FrameDriver::new().render(&[redaction.into()], &mut frame).unwrap();
        prop_assert!(frame.bytes().iter().all(|byte| (100..150).contains(byte)), "a mean lies between");
        if rect.clamp().is_none() {
            prop_assert_eq!(frame.bytes(), before.bytes());
        }
    }
}
