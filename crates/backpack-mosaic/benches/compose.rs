//! How long it takes to bring in the frames of four cameras and to compose them, all of 1080p; on one thread.

use backpack_core::{Frame, PixelFormat};
use backpack_mosaic::Mosaic;
use divan::Bencher;

const FORMATS: [PixelFormat; 4] =
    [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::Bgr8, PixelFormat::Bgra8];
const SIZE: (u32, u32) = (1920, 1080);

fn main() {
    divan::main();
}

/// A frame that is not all of one colour.
fn frame((width, height): (u32, u32), format: PixelFormat) -> Frame {
    let mut frame = Frame::black(width, height, format).expect("the size is right");
    for plane in frame.view_mut().planes_mut() {
        for (y, row) in plane.rows_mut().enumerate() {
            row.iter_mut().enumerate().for_each(|(x, byte)| *byte = (x * 7 + y * 13) as u8);
        }
    }
    frame
}

fn mosaic(frame: &Frame) -> Mosaic {
    let names = ["yard", "gate", "ramp", "roof"];
    let mosaic = Mosaic::builder().size(SIZE.0, SIZE.1).sources(names).build().expect("there are sources");
    (0..4).for_each(|index| mosaic.update(index, frame).expect("the format is known"));
    mosaic
}

/// One frame of one camera.
#[divan::bench(args = FORMATS)]
fn update(bencher: Bencher, format: PixelFormat) {
    let frame = frame(SIZE, format);
    let mosaic = mosaic(&frame);
    bencher.bench_local(|| mosaic.update(0, divan::black_box(&frame)));
}

/// One frame whose colours are to be read in another way than the mosaic's.
#[divan::bench]
fn update_with_another_matrix(bencher: Bencher) {
    let frame = frame(SIZE, PixelFormat::I420).with_colorimetry(backpack_core::Colorimetry::BT601);
    let mosaic = mosaic(&frame);
    bencher.bench_local(|| mosaic.update(0, divan::black_box(&frame)));
}

/// One frame of 4K.
#[divan::bench]
fn update_with_2160p(bencher: Bencher) {
    let frame = frame((3840, 2160), PixelFormat::I420);
    let mosaic = mosaic(&frame);
    bencher.bench_local(|| mosaic.update(0, divan::black_box(&frame)));
}

/// One frame of 720p, which is not halved.
#[divan::bench]
fn update_with_720p(bencher: Bencher) {
    let frame = frame((1280, 720), PixelFormat::I420);
    let mosaic = mosaic(&frame);
    bencher.bench_local(|| mosaic.update(0, divan::black_box(&frame)));
}

/// The picture of four cameras.
#[divan::bench]
fn compose(bencher: Bencher) {
    let mut mosaic = mosaic(&frame(SIZE, PixelFormat::I420));
    bencher.bench_local(|| mosaic.compose());
}

/// A frame of each camera, and the picture.
#[divan::bench(args = FORMATS)]
fn four_updates_and_compose(bencher: Bencher, format: PixelFormat) {
    let frame = frame(SIZE, format);
    let mut mosaic = mosaic(&frame);
    bencher.bench_local(|| {
        (0..4).for_each(|index| mosaic.update(index, &frame).expect("the format is known"));
        mosaic.compose()
    });
}
