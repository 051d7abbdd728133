//! What several of the tests need.
#![allow(dead_code, clippy::unwrap_used)]

use backpack_annotate::{Annotation, Driver, FrameDriver};
use backpack_core::{Frame, PixelFormat};

/// A frame of one value, with a scene drawn on it.
pub fn painted(scene: &[Annotation], width: u32, height: u32, format: PixelFormat, under: u8) -> Frame {
    let mut frame = Frame::black(width, height, format).unwrap();
    for plane in frame.view_mut().planes_mut() {
        plane.rows_mut().for_each(|row| row.fill(under));
    }
    FrameDriver::new().render(scene, &mut frame).unwrap();
    frame
}

/// The coverage of each pixel when the scene is white on black.
pub fn coverage(scene: &[Annotation], width: u32, height: u32) -> Vec<Vec<u8>> {
    let frame = painted(scene, width, height, PixelFormat::Gray8, 0);
    frame.view().plane(0).rows().map(<[u8]>::to_vec).collect()
}

/// The first and last row and the first and last column that something was drawn in.
pub fn extent(coverage: &[Vec<u8>]) -> [usize; 4] {
    let row = |row: &Vec<u8>| row.iter().any(|&part| part > 0);
    let column = |x: usize| coverage.iter().any(|row| row[x] > 0);
    let columns = 0..coverage[0].len();
    [
        coverage.iter().position(row).unwrap(),
        coverage.iter().rposition(row).unwrap(),
        columns.clone().find(|&x| column(x)).unwrap(),
        columns.rev().find(|&x| column(x)).unwrap(),
    ]
}

/// How many pixels something was drawn on.
pub fn touched(coverage: &[Vec<u8>]) -> usize {
    coverage.iter().flatten().filter(|&&part| part > 0).count()
}
