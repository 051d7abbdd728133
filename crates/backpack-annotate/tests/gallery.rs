//! The gallery, which shows everything that can be drawn, looks as it did.
#![cfg(feature = "timestamp")]
#![allow(clippy::unwrap_used)]

#[path = "../examples/gallery/sheet.rs"]
mod sheet;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use backpack_annotate::{Driver, FrameDriver};
use backpack_core::{ColorRange, Colorimetry, Frame, PixelFormat};

/// Rows of red, green and blue.
type Picture = Vec<Vec<[f64; 3]>>;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("gallery.png")
}

/// The sheet as drawn into RGB.
fn drawn() -> Frame {
    let (width, height) = sheet::SIZE;
    let mut frame = sheet::background(Frame::black(width, height, PixelFormat::Rgb8).unwrap());
    FrameDriver::new().render(&sheet::annotations().unwrap(), &mut frame).unwrap();
    frame
}

/// The pixels of a PNG file.
fn pixels(path: &Path) -> Vec<u8> {
    let mut reader = png::Decoder::new(BufReader::new(File::open(path).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

fn picture(bytes: &[u8]) -> Picture {
    let pixel = |pixel: &[u8]| [pixel[0], pixel[1], pixel[2]].map(f64::from);
    bytes.chunks(3 * sheet::SIZE.0 as usize).map(|row| row.chunks(3).map(pixel).collect()).collect()
}

/// Y', Cb and Cr in full range.
fn ycc([r, g, b]: [f64; 3]) -> [f64; 3] {
    let (kr, kb) = Colorimetry::BT601.matrix.red_and_blue();
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    [y, 128.0 + (b - y) / (2.0 - 2.0 * kb), 128.0 + (r - y) / (2.0 - 2.0 * kr)]
}

/// The part of the differences that is larger than `limit`, in percent, and their mean.
fn excess(differences: &[f64], limit: f64) -> (f64, f64) {
    let many = differences.len() as f64;
    let above = differences.iter().filter(|&&difference| difference > limit).count() as f64;
    (100.0 * above / many, differences.iter().sum::<f64>() / many)
}

#[test]
fn the_gallery_looks_as_it_did() {
    let expected = pixels(&golden());
    let frame = drawn();
    assert_eq!(frame.bytes().len(), expected.len());
    let differences: Vec<f64> =
        frame.bytes().iter().zip(&expected).map(|(&a, &b)| f64::from(a.abs_diff(b))).collect();
    // Another processor may round a smooth border another way.
    let (percent, mean) = excess(&differences, 2.0);
    assert!(
        percent < 0.01 && mean < 0.01,
        "{percent:.3} % differ, {mean:.3} in the mean; if it is meant to look otherwise: \
         cargo run -p backpack-annotate --example gallery crates/backpack-annotate/gallery.png"
    );
}

#[test]
fn the_example_writes_the_gallery() {
    // `cargo test` builds the examples before it runs tests, in a folder beside theirs, but not if it is told which tests to build.
    let tests = std::env::current_exe().unwrap();
    let gallery = tests.parent().unwrap().with_file_name("examples").join("gallery");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery.png");
    let _ = std::fs::remove_file(&path);
    let output = Command::new(gallery).arg(&path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(pixels(&path) == drawn().bytes(), "{} is something else", path.display());
}

/// The tolerance: luma within 3 of 255 and chroma within 8, but for one sample in 2000, where two shapes share a sample of chroma.
#[test]
fn the_gallery_looks_the_same_in_420() {
    let (width, height) = sheet::SIZE;
    let rgb = sheet::background(Frame::black(width, height, PixelFormat::Rgb8).unwrap());
    let under = picture(rgb.bytes());
    let colorimetry = Colorimetry { range: ColorRange::Full, ..Colorimetry::BT601 };
    let mut frame = Frame::black(width, height, PixelFormat::I420).unwrap().with_colorimetry(colorimetry);
    for (component, plane) in frame.view_mut().planes_mut().iter_mut().enumerate() {
        let side = if component == 0 { 1 } else { 2 };
        for (y, row) in plane.rows_mut().enumerate() {
            for (x, sample) in row.iter_mut().enumerate() {
                *sample = mean(&under, component, side, x, y).round() as u8;
            }
        }
    }
    FrameDriver::new().render(&sheet::annotations().unwrap(), &mut frame).unwrap();

    let over = picture(drawn().bytes());
    for (component, plane) in frame.view().planes().iter().enumerate() {
        let (side, limit) = if component == 0 { (1, 3.0) } else { (2, 8.0) };
        let mut differences = Vec::new();
        for (y, row) in plane.rows().enumerate() {
            let difference = |(x, &sample)| (mean(&over, component, side, x, y) - f64::from(sample)).abs();
            differences.extend(row.iter().enumerate().map(difference));
        }
        let (percent, mean) = excess(&differences, limit);
        assert!(
            percent < 0.05 && mean < 0.5,
            "component {component}: {percent:.3} % beyond, {mean:.3} in the mean"
        );
    }
}

/// The mean of a component over the pixels that share a sample.
fn mean(picture: &Picture, component: usize, side: usize, x: usize, y: usize) -> f64 {
    let rows = &picture[y * side..(y + 1) * side];
    let sum: f64 =
        rows.iter().flat_map(|row| &row[x * side..(x + 1) * side]).map(|&pixel| ycc(pixel)[component]).sum();
    sum / (side * side) as f64
}
