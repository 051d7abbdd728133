use std::path::Path;

use anyhow::{Context, Result};
use backpack::core::{ColorRange, Frame, Matrix};
use image::RgbImage;
use yuv::{YuvPlanarImage, YuvRange, YuvStandardMatrix, yuv420_to_rgb};

/// Writes an I420 frame to a PNG file.
pub fn write(frame: &Frame, path: &Path) -> Result<()> {
    let view = frame.view();
    let [y, u, v] = [view.plane(0), view.plane(1), view.plane(2)];
    let planes = YuvPlanarImage {
        y_plane: y.data(),
        y_stride: y.stride() as u32,
        u_plane: u.data(),
        u_stride: u.stride() as u32,
        v_plane: v.data(),
        v_stride: v.stride() as u32,
        width: frame.width(),
        height: frame.height(),
    };
    let range = match frame.colorimetry().range {
        ColorRange::Limited => YuvRange::Limited,
        ColorRange::Full => YuvRange::Full,
    };
    let matrix = match frame.colorimetry().matrix {
        Matrix::Bt709 => YuvStandardMatrix::Bt709,
        _ => YuvStandardMatrix::Bt601,
    };
    let mut picture = RgbImage::new(frame.width(), frame.height());
    yuv420_to_rgb(&planes, &mut picture, frame.width() * 3, range, matrix)?;
    picture.save(path).with_context(|| format!("cannot write {}", path.display()))
}
