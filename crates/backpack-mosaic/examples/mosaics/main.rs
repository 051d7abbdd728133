//! Writes pictures of mosaics into a folder: `cargo run -p backpack-mosaic --example mosaics /tmp/mosaics`.

mod walls;

use std::error::Error;
use std::fs::{self, File};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "mosaics".to_owned()));
    fs::create_dir_all(&folder)?;
    for (name, wall) in walls::WALLS {
        let frame = wall()?;
        let path = folder.join(name).with_extension("png");
        let mut encoder = png::Encoder::new(File::create(&path)?, frame.width(), frame.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.write_header()?.write_image_data(frame.bytes())?;
        println!("{}", path.display());
    }
    Ok(())
}
