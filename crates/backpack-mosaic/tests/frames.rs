//! What composed frames are.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use backpack_annotate::Color;
use backpack_core::{Frame, PixelFormat, Timestamp};
use backpack_mosaic::Mosaic;
use common::{builder, simple};

#[test]
fn a_frame_carries_the_time_since_the_mosaic_was_built() {
    let (builder, time) = builder((640, 360));
    let mut mosaic = builder.source("yard").build().unwrap();
    assert_eq!(mosaic.compose().timestamp(), Some(Timestamp::ZERO));
    time.advance(Duration::from_millis(40));
    assert_eq!(mosaic.compose().timestamp(), Some(Timestamp::from_millis(40)));
}

#[test]
fn a_frame_has_the_size_and_format_that_were_asked_for() {
    for &format in PixelFormat::ALL {
        for size in [(64 + 4, 48 + 4), (641, 359), (1920, 1080)] {
            let mut mosaic =
                Mosaic::builder().size(size.0, size.1).format(format).source("yard").build().unwrap();
            let frame = mosaic.compose();
            assert_eq!((frame.width(), frame.height(), frame.format()), (size.0, size.1, format));
            assert!(frame.layout().is_tight());
        }
    }
}

#[test]
fn a_frame_that_is_kept_never_changes() {
    let mut mosaic = Mosaic::builder().size(320, 180).source("yard").build().unwrap();
    let mut kept: Vec<(Frame, Vec<u8>)> = Vec::new();
    for step in 0..30u8 {
        mosaic
            .update(0, &simple((320, 180), PixelFormat::Gray8, Color::rgb(step * 8, step * 8, step * 8)))
            .unwrap();
        let frame = mosaic.compose();
        let copy = frame.bytes().to_vec();
        kept.push((frame, copy));
        if step % 3 == 2 {
            kept.remove(step as usize / 7);
        }
        assert!(kept.iter().all(|(frame, copy)| frame.bytes() == copy));
    }
}

#[test]
fn drawing_on_a_frame_does_not_show_in_the_next_one() {
    let mut mosaic = Mosaic::builder().size(320, 180).source("yard").build().unwrap();
    let mut frame = mosaic.compose();
    let before = frame.bytes().to_vec();
    frame.view_mut().plane_mut(0).data_mut().fill(235);
    assert_eq!(mosaic.compose().bytes(), before);
}
