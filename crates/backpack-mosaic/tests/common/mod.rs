//! What several of the tests need.
#![allow(dead_code, clippy::unwrap_used)]

use backpack_annotate::{Annotation, Color, Driver, FrameDriver, Rectangle};
use backpack_core::{Colorimetry, Frame, Layout, PixelFormat, PlaneLayout, Rect};
use backpack_mosaic::{Mosaic, MosaicBuilder};
use backpack_timepiece::{Clock, ManualClock};

/// A frame of one colour, with or without padding, whose padding and alpha are of a colour that would be noticed.
pub fn plain(
    (width, height): (u32, u32),
    format: PixelFormat,
    colorimetry: Colorimetry,
    padding: usize,
    color: Color,
) -> Frame {
    let tight = Layout::tight(width, height, format).unwrap();
    let mut offset = 0;
    let padded = |(index, plane): (usize, &PlaneLayout)| {
        let rows = if index > 0 { height.div_ceil(2) } else { height } as usize;
        let plane = PlaneLayout { offset, stride: plane.stride + padding };
        offset += plane.stride * rows;
        plane
    };
    let planes: Vec<PlaneLayout> = tight.planes().iter().enumerate().map(padded).collect();
    let layout = Layout::padded(width, height, format, &planes).unwrap();
    let mut frame =
        Frame::with_layout(vec![77; layout.size()], layout).unwrap().with_colorimetry(colorimetry);
    let all = Rectangle::new(Rect::unit()).color(Color::TRANSPARENT).fill(color);
    FrameDriver::new().render(&[Annotation::from(all)], &mut frame).unwrap();
    frame
}

/// A plain tight frame with the colorimetry that is assumed for its size.
pub fn simple(size: (u32, u32), format: PixelFormat, color: Color) -> Frame {
    plain(size, format, Colorimetry::assumed_for(size.1), 0, color)
}

/// A mosaic that gives RGB, and the hand of its clock.
pub fn builder(size: (u32, u32)) -> (MosaicBuilder, ManualClock) {
    let (clock, time) = Clock::manual();
    (Mosaic::builder().size(size.0, size.1).format(PixelFormat::Rgb8).clock(clock), time)
}

/// The pixels of an RGB frame in rows.
pub fn pixels(frame: &Frame) -> Vec<Vec<[u8; 3]>> {
    assert_eq!(frame.format(), PixelFormat::Rgb8);
    frame.view().plane(0).rows().map(|row| row.as_chunks::<3>().0.to_vec()).collect()
}

/// Whether each component is at most this far off.
pub fn is_near(pixel: [u8; 3], expected: [u8; 3], tolerance: u8) -> bool {
    pixel.iter().zip(expected).all(|(&a, b)| a.abs_diff(b) <= tolerance)
}

/// How many pixels are about of this colour.
pub fn count(frame: &Frame, color: Color) -> usize {
    let expected = [color.r, color.g, color.b];
    pixels(frame).iter().flatten().filter(|&&pixel| is_near(pixel, expected, 12)).count()
}

/// The rows and columns, first and last, of the pixels for which this holds.
pub fn bounds(pixels: &[Vec<[u8; 3]>], holds: impl Fn([u8; 3]) -> bool) -> [usize; 4] {
    let places = || {
        let row = |(y, row): (usize, &Vec<[u8; 3]>)| {
            let columns: Vec<usize> = (0..row.len()).filter(|&x| holds(row[x])).collect();
            columns.into_iter().map(move |x| (y, x)).collect::<Vec<_>>()
        };
        pixels.iter().enumerate().flat_map(row)
    };
    let (rows, columns) = (|| places().map(|place| place.0), || places().map(|place| place.1));
    [rows().min(), rows().max(), columns().min(), columns().max()]
        .map(|side| side.expect("no pixel is of the colour"))
}
