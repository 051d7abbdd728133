//! The picture arrives intact: numbered frames go through camera, drawing, SkyLine and a recording, and come back.
#![allow(clippy::unwrap_used)]

#[path = "../../crates/backpack-skyline/tests/common/barcode.rs"]
mod barcode;

use std::path::{Path, PathBuf};
use std::time::Duration;

use backpack::annotate::{Annotation, BoundingBox, Color, Driver, FrameDriver};
use backpack::camera::{Camera, Pace};
use backpack::core::{Frame, FrameRef, PixelFormat, Rect, Timestamp};
use backpack::skyline::{Encoder, FrameRate, Put, Recording, SkyLine};

const FRAMES: u16 = 120;
const PATIENCE: Duration = Duration::from_secs(30);

fn read(path: &Path) -> Camera {
    Camera::builder(path.to_str().unwrap()).pace(Pace::Fastest).format(PixelFormat::I420).open().unwrap()
}

fn record(path: &Path, kbps: u32) -> SkyLine {
    SkyLine::builder()
        .encoder(Encoder::h264().bitrate_kbps(kbps))
        .output(Recording::new(path))
        .size(640, 360)
        .frame_rate(FrameRate::new(25, 1).unwrap())
        .start()
        .unwrap()
}

/// The number that a frame shows.
fn number(frame: &FrameRef<'_>) -> u16 {
    let row = frame.plane(0).row(barcode::HEIGHT / 2);
    let block = row.len() / barcode::BITS;
    let bits = (0..barcode::BITS).filter(|bit| row[bit * block + block / 2] > 128);
    bits.fold(0, |number, bit| number | 1 << bit)
}

fn psnr(a: &FrameRef<'_>, b: &FrameRef<'_>) -> f64 {
    let pixels = |frame: &FrameRef<'_>| frame.plane(0).rows().flatten().copied().collect::<Vec<_>>();
    let (a, b) = (pixels(a), pixels(b));
    let squares = a.iter().zip(&b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum::<f64>();
    10.0 * (255.0_f64.powi(2) / (squares / a.len() as f64).max(1e-9)).log10()
}

fn scene(number: u16) -> Vec<Annotation> {
    let left = f64::from(number) / f64::from(FRAMES) * 0.6;
    let rect = Rect::from_xywh(left, 0.3, 0.2, 0.4).unwrap();
    vec![BoundingBox::new(rect).top_label(format!("#{number}")).color(Color::palette(7)).into()]
}

#[test]
fn every_frame_arrives_in_order_at_its_time_and_looks_as_it_was_drawn() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("way_of_a_frame");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let (source, result) = (folder.join("source.mkv"), folder.join("result.mp4"));
    let mut sky = record(&source, 8000);
    for number in 0..FRAMES {
        let time = Timestamp::from_millis(u64::from(number) * 40);
        let frame = barcode::frame(number, 640, 360).with_timestamp(time);
        assert_eq!(sky.put_within(frame, PATIENCE).unwrap(), Put::Queued);
    }
    sky.stop().unwrap();

    let mut drawn: Vec<Frame> = Vec::new();
    let mut driver = FrameDriver::new();
    let mut sky = record(&result, 4000);
    for frame in read(&source) {
        let mut frame = frame.unwrap();
        driver.render(&scene(drawn.len() as u16), &mut frame.view_mut()).unwrap();
        drawn.push(frame.clone());
        assert_eq!(sky.put_within(frame, PATIENCE).unwrap(), Put::Queued);
    }
    sky.stop().unwrap();

    let arrived: Vec<Frame> = read(&result).map(Result::unwrap).collect();
    let numbers: Vec<u16> = arrived.iter().map(|frame| number(&frame.view())).collect();
    assert_eq!(numbers, (0..FRAMES).collect::<Vec<_>>());
    for (n, (arrived, drawn)) in arrived.iter().zip(&drawn).enumerate() {
        assert_eq!(arrived.timestamp().unwrap().elapsed().as_millis(), n as u128 * 40);
        let quality = psnr(&arrived.view(), &drawn.view());
        assert!(quality > 35.0, "frame {n}: {quality:.1} dB");
    }
}
