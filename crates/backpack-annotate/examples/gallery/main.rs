//! Draws every annotation in every style onto one picture: `cargo run -p backpack-annotate --example gallery gallery.png`.

mod sheet;

use std::error::Error;
use std::fs::File;

use backpack_annotate::{Driver, FrameDriver};
use backpack_core::{Frame, PixelFormat};

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).unwrap_or_else(|| "gallery.png".to_owned());
    let (width, height) = sheet::SIZE;
    let mut frame = sheet::background(Frame::black(width, height, PixelFormat::Rgb8)?);
    FrameDriver::new().render(&sheet::annotations()?, &mut frame)?;

    let mut encoder = png::Encoder::new(File::create(&path)?, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(frame.bytes())?;
    println!("{path}");
    Ok(())
}
