//! It is shown how it stands with a source.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use backpack_annotate::Color;
use backpack_core::PixelFormat;
use backpack_mosaic::Mosaic;
use common::{builder, count, simple};

const LIVE: Color = Color::rgb(76, 195, 106);
const LATE: Color = Color::rgb(255, 188, 64);
const LOST: Color = Color::rgb(255, 107, 97);
const WAITING: Color = Color::rgb(140, 147, 158);
const CAMERA: Color = Color::rgb(40, 80, 220);

/// What of each colour there is: live, late, lost, waiting, and the camera's own.
fn shown(mosaic: &mut Mosaic) -> [bool; 5] {
    let frame = mosaic.compose();
    // The border of a title's letters is of the colour of waiting too.
    [(LIVE, 4), (LATE, 4), (LOST, 4), (WAITING, 60), (CAMERA, 4)]
        .map(|(color, few)| count(&frame, color) > few)
}

#[test]
fn a_source_waits_lives_is_late_and_lives_again() {
    let (builder, time) = builder((640, 360));
    let mut mosaic = builder.source("yard").late_after(Duration::from_secs(3)).build().unwrap();
    let frame = simple((320, 180), PixelFormat::Nv12, CAMERA);
    assert_eq!(shown(&mut mosaic), [false, false, false, true, false]);
    mosaic.update(0, &frame).unwrap();
    time.advance(Duration::from_secs(3));
    assert_eq!(shown(&mut mosaic), [true, false, false, false, true]);
    time.advance(Duration::from_millis(1));
    assert_eq!(shown(&mut mosaic), [false, true, false, false, false]);
    mosaic.update(0, &frame).unwrap();
    assert_eq!(shown(&mut mosaic), [true, false, false, false, true]);
}

#[test]
fn a_lost_source_is_lost_however_new_its_picture_is_until_the_next_one() {
    let (builder, time) = builder((640, 360));
    let mut mosaic = builder.source("yard").build().unwrap();
    let yard = mosaic.source("yard").unwrap();
    yard.lost("no route to host");
    assert_eq!(shown(&mut mosaic), [false, false, true, false, false]);
    yard.update(&simple((320, 180), PixelFormat::Rgb8, CAMERA)).unwrap();
    assert_eq!(shown(&mut mosaic), [true, false, false, false, true]);
    yard.lost("no route to host");
    time.advance(Duration::from_secs(100));
    assert_eq!(shown(&mut mosaic), [false, false, true, false, false]);
}

#[cfg(feature = "builtin-font")]
#[test]
fn the_age_is_written_anew_each_tenth_of_a_second() {
    let (builder, time) = builder((640, 360));
    let mut mosaic = builder.source("yard").build().unwrap();
    mosaic.update(0, &simple((320, 180), PixelFormat::Rgb8, CAMERA)).unwrap();
    time.advance(Duration::from_millis(3200));
    let first = mosaic.compose();
    time.advance(Duration::from_millis(99));
    assert_eq!(mosaic.compose().bytes(), first.bytes());
    time.advance(Duration::from_millis(1));
    assert_ne!(mosaic.compose().bytes(), first.bytes());
}

#[test]
fn the_reason_is_shown() {
    let lost = |reason: &str| {
        let (builder, _) = builder((640, 360));
        let mut mosaic = builder.source("yard").build().unwrap();
        mosaic.source("yard").unwrap().lost(reason);
        mosaic.compose().bytes().to_vec()
    };
    assert_ne!(lost("wrong password"), lost("no route to host"));
    assert_eq!(lost(" wrong\n\tpassword "), lost("wrong password"));
    assert_eq!(lost(" "), lost(""));
    // What nobody can read costs no time: the second half of a million words is not looked at.
    assert_eq!(lost(&"word ".repeat(1_000_000)), lost(&"word ".repeat(500_000)));
}

#[test]
fn a_source_that_fails_leaves_the_others_alone() {
    let (builder, _) = builder((640, 360));
    let mut mosaic = builder.sources(["yard", "gate"]).build().unwrap();
    mosaic.update(1, &simple((320, 180), PixelFormat::Rgb8, CAMERA)).unwrap();
    mosaic.source("yard").unwrap().lost("gone");
    assert_eq!(shown(&mut mosaic), [true, false, true, false, true]);
}

#[test]
fn the_newest_picture_is_shown_whatever_its_shape() {
    let (builder, _) = builder((640, 360));
    let mut mosaic = builder.source("yard").build().unwrap();
    let other = Color::rgb(200, 80, 20);
    for (size, color) in
        [((320, 180), CAMERA), ((180, 320), other), ((500, 500), CAMERA), ((320, 180), other)]
    {
        mosaic.update(0, &simple(size, PixelFormat::I420, color)).unwrap();
        let frame = mosaic.compose();
        for each in [CAMERA, other] {
            assert_eq!(count(&frame, each) > 0, each == color, "{size:?}");
        }
    }
}

#[test]
fn without_new_frames_the_picture_stays() {
    let (builder, _) = builder((640, 360));
    let mut mosaic = builder.sources(["yard", "gate"]).build().unwrap();
    mosaic.update(0, &simple((320, 180), PixelFormat::I420, CAMERA)).unwrap();
    let first = mosaic.compose();
    for _ in 0..12 {
        assert_eq!(mosaic.compose().bytes(), first.bytes());
    }
}

#[test]
fn what_is_written_in_a_cell_stays_there() {
    let long = "an endless title ".repeat(40);
    let (builder, _) = builder((640, 360));
    let mut mosaic = builder.sources(["yard", &long, "ramp", "roof"]).columns(2).build().unwrap();
    mosaic.source("ramp").unwrap().lost(&long);
    let with_text = common::pixels(&mosaic.compose());
    let gap = |x: usize| with_text.iter().map(move |row| row[x]);
    assert!(gap(318).chain(gap(319)).all(|pixel| common::is_near(pixel, [8, 9, 11], 3)));
    assert!(with_text[178].iter().chain(&with_text[179]).all(|&pixel| common::is_near(pixel, [8, 9, 11], 3)));
}
