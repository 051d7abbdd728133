//! How long it takes to draw a crowded scene, whole and in parts; `cargo xtask bench --peer drawing` has others draw it too.

use backpack_annotate::{Annotation, Driver, FrameDriver};
use backpack_core::{Frame, PixelFormat};
use divan::Bencher;

use crate::scene::{HEIGHT, Opacity, WIDTH};

mod scene;

const FORMATS: [PixelFormat; 3] = [PixelFormat::Rgb8, PixelFormat::I420, PixelFormat::Nv12];

/// The height of a line of text; capital letters are 21 pixels high then, as OpenCV and supervision draw them beside it.
const TEXT_PIXELS: f64 = 34.0;

fn main() {
    divan::main();
}

/// The frame is not cleared in between, which makes no difference to what is to be done.
fn bench(bencher: Bencher, format: PixelFormat, scene: &[Annotation]) {
    let mut frame = Frame::black(WIDTH, HEIGHT, format).expect("the size is right");
    let mut driver = FrameDriver::new();
    driver.render(scene, &mut frame).expect("the scene is right");
    bencher.bench_local(|| driver.render(scene, divan::black_box(&mut frame)));
}

#[divan::bench(args = FORMATS)]
fn opaque(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::whole(TEXT_PIXELS, Opacity::OPAQUE));
}

#[divan::bench(args = FORMATS)]
fn one_fill(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::whole(TEXT_PIXELS, Opacity::ONE_FILL));
}

#[divan::bench(args = FORMATS)]
fn all_alpha(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::whole(TEXT_PIXELS, Opacity::ALL_ALPHA));
}

#[divan::bench(args = FORMATS)]
fn opaque_with_text_of_16_pixels(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::whole(16.0, Opacity::OPAQUE));
}

#[divan::bench(args = FORMATS)]
fn boxes_with_labels_only(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::boxes(TEXT_PIXELS, Opacity::OPAQUE));
}

#[divan::bench(args = FORMATS)]
fn polygons_only(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene::polygons(Opacity::ONE_FILL));
}
