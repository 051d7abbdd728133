//! A crowded 1080p scene: 50 boxes with 100 labels, 5 polygons of 12 corners, one of them filled at half opacity, and 10 crosses.

use std::f64::consts::TAU;

use backpack_annotate::{Annotation, BoundingBox, Color, Driver, FrameDriver, Path, Stroke};
use backpack_core::{Frame, PixelFormat, Point, PolyLine, Rect, Vec2};
use divan::Bencher;

const HEIGHT: u32 = 1080;
const FORMATS: [PixelFormat; 4] =
    [PixelFormat::Rgb8, PixelFormat::Bgra8, PixelFormat::I420, PixelFormat::Nv12];

fn main() {
    divan::main();
}

/// A small generator, so that the scene is the same everywhere.
struct Random(u32);

impl Random {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(1_103_515_245).wrapping_add(12_345) & 0x7fff_ffff;
        low + (high - low) * f64::from(self.0) / f64::from(0x7fff_ffff)
    }
}

fn boxes(random: &mut Random, text_pixels: u32, opacity: u8) -> Vec<Annotation> {
    let one = |id| {
        let (x, y) = (random.between(0.0, 0.9), random.between(0.05, 0.8));
        let (width, height) = (random.between(0.03, 0.1), random.between(0.05, 0.18));
        let (right, bottom) = ((x + width).min(0.999), (y + height).min(0.97));
        BoundingBox::new(Rect::from_tlbr(y, x, bottom, right).expect("the numbers are finite"))
            .top_label(format!("person {:.2}", random.between(0.5, 1.0)))
            .bottom_label(format!("id {id}"))
            .text_size(f64::from(text_pixels) / f64::from(HEIGHT))
            .thickness(2.0 / f64::from(HEIGHT))
            .color(Color::palette(id).with_alpha(opacity))
            .into()
    };
    (0..50).map(one).collect()
}

fn polygons(random: &mut Random, opacity: u8) -> Vec<Annotation> {
    let one = |id| {
        let center = Point::new(random.between(0.2, 0.8), random.between(0.25, 0.75));
        let radius = random.between(0.1, 0.22);
        let corners = (0..12).map(|corner| {
            let (sin, cos) = (f64::from(corner) * TAU / 12.0).sin_cos();
            center + Vec2::new(cos, sin) * (if corner % 2 == 0 { 0.6 } else { 1.0 }) * radius
        });
        let path = Path::new(PolyLine::closed(corners).expect("twelve corners are a polygon"))
            .thickness(2.0 / f64::from(HEIGHT))
            .color(Color::palette(100 + id).with_alpha(opacity));
        if id == 0 { path.fill(Color::palette(100).with_alpha(128)).into() } else { path.into() }
    };
    (0..5u64).map(one).collect()
}

fn crosses(random: &mut Random, opacity: u8) -> Vec<Annotation> {
    let one = |id| {
        let center = Point::new(random.between(0.05, 0.95), random.between(0.05, 0.95));
        let color = Color::palette(200 + id).with_alpha(opacity);
        let step = Vec2::new(0.005, 0.009);
        let bar =
            |arm| Stroke::new(center - arm, center + arm).thickness(2.0 / f64::from(HEIGHT)).color(color);
        [bar(step).into(), bar(Vec2::new(step.x, -step.y)).into()]
    };
    (0..10u64).flat_map(one).collect()
}

fn bench(bencher: Bencher, format: PixelFormat, scene: &[Annotation]) {
    let mut frame = Frame::black(1920, HEIGHT, format).expect("the size is right");
    let mut driver = FrameDriver::new();
    driver.render(scene, &mut frame).expect("the scene is right");
    bencher.bench_local(|| driver.render(scene, divan::black_box(&mut frame)));
}

fn scene(text_pixels: u32, opacity: u8) -> Vec<Annotation> {
    let mut random = Random(2024);
    let mut scene = boxes(&mut random, text_pixels, opacity);
    scene.extend(polygons(&mut random, opacity));
    scene.extend(crosses(&mut random, opacity));
    scene
}

#[divan::bench(args = FORMATS)]
fn all_with_text_of_16_pixels(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene(16, 255));
}

#[divan::bench(args = FORMATS)]
fn all_with_text_of_34_pixels(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene(34, 255));
}

#[divan::bench(args = FORMATS)]
fn all_at_half_opacity(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &scene(16, 128));
}

#[divan::bench(args = FORMATS)]
fn boxes_with_labels_only(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &boxes(&mut Random(2024), 16, 255));
}

#[divan::bench(args = FORMATS)]
fn polygons_only(bencher: Bencher, format: PixelFormat) {
    bench(bencher, format, &polygons(&mut Random(2024), 255));
}
