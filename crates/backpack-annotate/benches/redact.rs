//! What it costs to make a part of a 1080p picture unrecognisable: 200 × 200 pixels, about a face close to the camera, and the whole frame.

use backpack_annotate::{Annotation, Driver, FrameDriver, Redaction};
use backpack_core::{Frame, PixelFormat, Rect};
use divan::Bencher;

const SIZE: (u32, u32) = (1920, 1080);
const FORMATS: [PixelFormat; 3] = [PixelFormat::Rgb8, PixelFormat::I420, PixelFormat::Nv12];

fn main() {
    divan::main();
}

fn face() -> Rect {
    let (width, height) = (f64::from(SIZE.0), f64::from(SIZE.1));
    Rect::from_xywh(801.0 / width, 303.0 / height, 200.0 / width, 200.0 / height)
        .expect("the numbers are finite")
}

fn bench(bencher: Bencher, format: PixelFormat, redaction: Redaction) {
    let mut frame = Frame::black(SIZE.0, SIZE.1, format).expect("the size is right");
    let mut driver = FrameDriver::new();
    let scene = [Annotation::from(redaction)];
    bencher.bench_local(|| driver.render(&scene, divan::black_box(&mut frame)));
}

#[divan::bench(args = FORMATS)]
fn blur_200x200(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, Redaction::blur(face()));
}

#[divan::bench(args = FORMATS)]
fn pixelate_200x200(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, Redaction::pixelate(face()));
}

#[divan::bench(args = FORMATS)]
fn blur_1080p(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, Redaction::blur(Rect::unit()));
}
