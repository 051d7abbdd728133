//! The test pattern: every format at a size that is a multiple of nothing.

mod support;

use std::time::{Duration, Instant};

use backpack_camera::{Camera, Pace, Source};
use backpack_core::{Frame, PixelFormat};
use support::next_nanos;

const SIZE: (u32, u32) = (321, 241);

/// The seven bars of the SMPTE pattern, at full brightness.
const BARS: [[u8; 3]; 7] =
    [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255]];

/// Y'CbCr of BT.601, limited range.
fn yuv([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [r, g, b].map(f64::from);
    let luma = 0.299 * r + 0.587 * g + 0.114 * b;
    let (cb, cr) = ((b - luma) / 1.772, (r - luma) / 1.402);
    [16.0 + luma * 219.0 / 255.0, 128.0 + cb * 224.0 / 255.0, 128.0 + cr * 224.0 / 255.0]
        .map(|value| value.round() as u8)
}

/// The components of one pixel in the order of RGB or YUV; only luma where there is no colour.
fn pixel(frame: &Frame, x: usize, y: usize) -> Vec<u8> {
    let view = frame.view();
    let at = |plane: usize, x: usize, y: usize| view.plane(plane).row(y)[x];
    match frame.format() {
        PixelFormat::Rgb8 => vec![at(0, 3 * x, y), at(0, 3 * x + 1, y), at(0, 3 * x + 2, y)],
        PixelFormat::Bgr8 => vec![at(0, 3 * x + 2, y), at(0, 3 * x + 1, y), at(0, 3 * x, y)],
        PixelFormat::Rgba8 => vec![at(0, 4 * x, y), at(0, 4 * x + 1, y), at(0, 4 * x + 2, y)],
        PixelFormat::Bgra8 => vec![at(0, 4 * x + 2, y), at(0, 4 * x + 1, y), at(0, 4 * x, y)],
        PixelFormat::I420 => vec![at(0, x, y), at(1, x / 2, y / 2), at(2, x / 2, y / 2)],
        PixelFormat::Nv12 => vec![at(0, x, y), at(1, x / 2 * 2, y / 2), at(1, x / 2 * 2 + 1, y / 2)],
        _ => vec![at(0, x, y)],
    }
}

fn assert_bars(frame: &Frame, what: &str, tolerance: u8) {
    assert_eq!((frame.width(), frame.height()), SIZE, "{what}");
    // The bars fill the upper two thirds.
    for y in [0, 1, 80, 155] {
        for (index, &rgb) in BARS.iter().enumerate() {
            let (left, right) = (index * 321 / 7 + 3, (index + 1) * 321 / 7 - 3);
            for x in [left, usize::midpoint(left, right), right] {
                let expected = if frame.format().is_yuv() {
                    yuv(rgb).to_vec()
                } else if frame.format() == PixelFormat::Gray8 {
                    yuv(rgb)[..1].to_vec()
                } else {
                    rgb.to_vec()
                };
                let got = pixel(frame, x, y);
                let near =
                    got.iter().zip(&expected).all(|(got, expected)| got.abs_diff(*expected) <= tolerance);
                assert!(near, "{what}: {got:?} instead of {expected:?} at ({x}, {y})");
            }
        }
    }
}

#[test]
fn odd_sizes_are_right_in_every_format() {
    for &format in PixelFormat::ALL {
        let mut camera = Camera::builder("test").size(SIZE.0, SIZE.1).format(format).open().unwrap();
        assert_eq!(camera.info().format, format);
        let frame = camera.next_frame().unwrap().unwrap();
        assert!(frame.is_shared());
        assert_bars(&frame, &format!("{format} as it is"), 1);
    }
}

#[test]
fn odd_sizes_are_right_after_conversion_and_scaling() {
    for &format in PixelFormat::ALL {
        for stream in ["I420,width=321,height=241", "NV12,width=642,height=482"] {
            let source = Source::description(format!("videotestsrc ! video/x-raw,format={stream}"));
            let mut camera = Camera::builder(source).size(SIZE.0, SIZE.1).format(format).open().unwrap();
            assert_bars(&camera.next_frame().unwrap().unwrap(), &format!("{format} of {stream}"), 6);
        }
    }
}

#[test]
fn a_stream_keeps_its_own_format_and_size_if_nothing_is_chosen() {
    let formats = [
        ("NV12", PixelFormat::Nv12),
        ("BGRA", PixelFormat::Bgra8),
        ("GRAY8", PixelFormat::Gray8),
        ("RGB", PixelFormat::Rgb8),
        ("YUY2", PixelFormat::I420),
        ("RGBx", PixelFormat::I420),
        ("I420_10LE", PixelFormat::I420),
    ];
    for (stream, expected) in formats {
        let caps = format!("video/x-raw,format={stream},width=321,height=241,framerate=30/1");
        let mut camera =
            Camera::open(Source::description(format!("videotestsrc num-buffers=2 ! {caps}"))).unwrap();
        assert_eq!(camera.info().format, expected, "{stream}");
        assert_bars(&camera.next_frame().unwrap().unwrap(), stream, 1);
    }
}

#[test]
fn the_frame_rate_is_as_chosen() {
    for (rate, step) in [(7.5, 133_333_333), (30_000.0 / 1001.0, 33_366_666)] {
        let mut camera = Camera::builder("test").frame_rate(rate).pace(Pace::Fastest).open().unwrap();
        assert!((camera.info().frame_rate.unwrap() - rate).abs() < 1e-6);
        assert_eq!(next_nanos(&mut camera), 0);
        assert_eq!(next_nanos(&mut camera), step);
    }
}

#[test]
fn the_pace_is_real_time_or_as_fast_as_it_goes() {
    let start = Instant::now();
    let mut camera = Camera::builder("test").frame_rate(50).size(64, 48).open().unwrap();
    (0..51).for_each(|_| assert!(camera.next_frame().unwrap().is_some()));
    assert!(start.elapsed() >= Duration::from_secs(1), "1 s of video in {:?}", start.elapsed());

    let start = Instant::now();
    let mut camera = Camera::builder("test").frame_rate(1).pace(Pace::Fastest).size(64, 48).open().unwrap();
    (0..100).for_each(|_| assert!(camera.next_frame().unwrap().is_some()));
    assert!(start.elapsed() < Duration::from_secs(50), "100 s of video in {:?}", start.elapsed());
}
