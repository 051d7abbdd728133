//! Cameras have threads of their own.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use backpack_annotate::Color;
use backpack_core::{Frame, PixelFormat};
use backpack_mosaic::{Mosaic, Source};
use common::simple;

#[test]
fn a_mosaic_can_go_to_another_thread_and_a_source_to_many() {
    fn goes<T: Send + 'static>() {}
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    goes::<Mosaic>();
    is_shared::<Source>();
}

/// Stops the cameras' threads also when a check fails, so that the failure is seen.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The luma in the middle of each of the four cells, at several places.
fn cells(frame: &Frame) -> [Vec<u8>; 4] {
    let view = frame.view();
    [(160, 100), (480, 100), (160, 280), (480, 280)].map(|(x, y)| {
        let places =
            (y - 60..y + 60).step_by(10).flat_map(|y| (x - 90..x + 90).step_by(15).map(move |x| (x, y)));
        places.map(|(x, y)| view.plane(0).row(y)[x]).collect()
    })
}

#[test]
fn pictures_are_whole_while_four_cameras_bring_frames() {
    let names = ["yard", "gate", "ramp", "roof"];
    let mut mosaic = Mosaic::builder().size(640, 360).sources(names).build().unwrap();
    let stopped = AtomicBool::new(false);
    let sources: Vec<Source> = mosaic.sources().cloned().collect();
    thread::scope(|scope| {
        let _stop = Stop(&stopped);
        for (first, source) in sources.iter().enumerate() {
            let frames: Vec<Frame> = [30u8, 90, 150, 210]
                .iter()
                .map(|&gray| simple((320, 180), PixelFormat::ALL[first], Color::rgb(gray, gray, gray)))
                .collect();
            let stopped = &stopped;
            scope.spawn(move || {
                let mut frames = frames.iter().cycle().skip(first);
                while !stopped.load(Ordering::Relaxed) {
                    source.update(frames.next().unwrap()).unwrap();
                }
            });
        }
        // Until each source has a picture; what is behind is darker than all of them.
        while cells(&mosaic.compose()).iter().any(|cell| cell[0] < 40) {
            thread::yield_now();
        }
        let mut values = std::collections::HashSet::new();
        for _ in 0..300 {
            for cell in cells(&mosaic.compose()) {
                assert!(cell.iter().all(|&luma| luma == cell[0]), "{cell:?}");
                values.insert(cell[0]);
            }
        }
        assert!(values.len() >= 3, "{values:?}");
    });
}

#[test]
fn a_source_outlives_its_mosaic() {
    let mosaic = Mosaic::builder().source("yard").build().unwrap();
    let yard = mosaic.source("yard").unwrap();
    drop(mosaic);
    yard.update(&simple((320, 180), PixelFormat::Nv12, Color::RED)).unwrap();
    yard.lost("nobody looks any more");
}
