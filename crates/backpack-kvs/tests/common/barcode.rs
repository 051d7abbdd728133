//! A frame number as sixteen black or white blocks along the top of the picture, which survive encoding.

use backpack_core::{Frame, PixelFormat};

pub const BITS: usize = 16;

/// The height of the blocks in pixels.
pub const HEIGHT: usize = 32;

/// A grey I420 picture that shows `number`.
pub fn frame(number: u16, width: u32, height: u32) -> Frame {
    let mut frame = Frame::black(width, height, PixelFormat::I420).expect("a frame");
    let mut view = frame.view_mut();
    for (y, row) in view.plane_mut(0).rows_mut().enumerate() {
        if y >= HEIGHT {
            row.fill(96);
            continue;
        }
        let block = row.len() / BITS;
        for (bit, pixels) in row.chunks_mut(block).take(BITS).enumerate() {
            pixels.fill(if number >> bit & 1 == 1 { 235 } else { 16 });
        }
    }
    frame
}

/// The number that a picture shows, from its luma rows without padding.
#[allow(dead_code)]
pub fn read(luma: &[u8], width: usize) -> u16 {
    let row = &luma[width * HEIGHT / 4..][..width];
    let block = width / BITS;
    (0..BITS).filter(|bit| row[bit * block + block / 2] > 125).map(|bit| 1 << bit).sum()
}
