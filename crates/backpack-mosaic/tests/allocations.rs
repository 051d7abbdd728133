//! Nothing is allocated once a source's frames have come and have been shown.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use allocation_counter::measure;
use backpack_annotate::Color;
use backpack_core::PixelFormat;
use common::{builder, simple};

#[test]
fn neither_updating_nor_composing_allocates() {
    for &from in PixelFormat::ALL {
        for to in [PixelFormat::I420, PixelFormat::Bgr8] {
            let (builder, time) = builder((640, 360));
            let names = ["live", "late", "lost", "small"];
            let mut mosaic = builder.format(to).sources(names).build().unwrap();
            let frame = simple((801, 601), from, Color::TEAL);
            let small = simple((80, 60), from, Color::TEAL);
            mosaic.update(1, &frame).unwrap();
            mosaic.update(2, &frame).unwrap();
            time.advance(Duration::from_secs(3));
            mosaic.source("lost").unwrap().lost("wrong password");
            let mut step = |allowed: Option<u64>| {
                // A pass through all digits, so that each has been drawn. Text that is new is shaped, which allocates.
                time.advance(Duration::from_millis(if cfg!(feature = "shaping") { 0 } else { 123 }));
                for frame in [&frame, &small] {
                    // Each source keeps what it needs for its own frames.
                    let index = if std::ptr::eq(frame, &small) { 3 } else { 0 };
                    let count = measure(|| mosaic.update(index, frame).unwrap()).count_total;
                    assert!(allowed.is_none_or(|allowed| count == allowed), "{from}: {count} by update");
                }
                let count = measure(|| drop(mosaic.compose())).count_total;
                assert!(allowed.is_none_or(|allowed| count == allowed), "{from} to {to}: {count} by compose");
            };
            (0..200).for_each(|_| step(None));
            (0..50).for_each(|_| step(Some(0)));
        }
    }
}
