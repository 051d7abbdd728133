use backpack_core::{ColorRange, Colorimetry, FrameMut, FrameRef, Matrix, PixelFormat};
use yuv::{YuvError, YuvPlanarImage, YuvRange, YuvStandardMatrix};

/// Whether composed frames can have this format.
pub(crate) fn is_known(format: PixelFormat) -> bool {
    use PixelFormat::{Bgr8, Bgra8, Gray8, I420, Nv12, Rgb8, Rgba8};
    matches!(format, I420 | Nv12 | Gray8 | Rgb8 | Bgr8 | Rgba8 | Bgra8)
}

/// Brings a composed I420 frame into another known format; both have the same size.
pub(crate) fn convert(source: &FrameRef<'_>, target: &mut FrameMut<'_>) -> Result<(), YuvError> {
    match target.format() {
        PixelFormat::Rgb8 => to_rgb(source, target, yuv::yuv420_to_rgb),
        PixelFormat::Bgr8 => to_rgb(source, target, yuv::yuv420_to_bgr),
        PixelFormat::Rgba8 => to_rgb(source, target, yuv::yuv420_to_rgba),
        PixelFormat::Bgra8 => to_rgb(source, target, yuv::yuv420_to_bgra),
        PixelFormat::Nv12 => {
            copy_rows(source, target);
            interleave(source, target);
            Ok(())
        }
        PixelFormat::Gray8 => {
            copy_rows(source, target);
            if source.colorimetry().range == ColorRange::Limited {
                target.plane_mut(0).data_mut().iter_mut().for_each(|luma| *luma = full_range(*luma));
            }
            Ok(())
        }
        // Composed as it is, or not known.
        _ => Ok(()),
    }
}

pub(crate) fn yuv_range(colorimetry: Colorimetry) -> YuvRange {
    match colorimetry.range {
        ColorRange::Limited => YuvRange::Limited,
        ColorRange::Full => YuvRange::Full,
    }
}

pub(crate) fn standard_matrix(colorimetry: Colorimetry) -> YuvStandardMatrix {
    match colorimetry.matrix {
        Matrix::Bt709 => YuvStandardMatrix::Bt709,
        _ => YuvStandardMatrix::Bt601,
    }
}

type ToRgb = fn(&YuvPlanarImage<'_, u8>, &mut [u8], u32, YuvRange, YuvStandardMatrix) -> Result<(), YuvError>;

fn to_rgb(source: &FrameRef<'_>, target: &mut FrameMut<'_>, convert: ToRgb) -> Result<(), YuvError> {
    let [y, u, v] = [0, 1, 2].map(|index| source.plane(index));
    let image = YuvPlanarImage {
        y_plane: y.data(),
        y_stride: y.stride() as u32,
        u_plane: u.data(),
        u_stride: u.stride() as u32,
        v_plane: v.data(),
        v_stride: v.stride() as u32,
        width: source.width(),
        height: source.height(),
    };
    let colorimetry = source.colorimetry();
    let plane = target.plane_mut(0);
    let stride = plane.stride() as u32;
    convert(&image, plane.data_mut(), stride, yuv_range(colorimetry), standard_matrix(colorimetry))
}

fn copy_rows(source: &FrameRef<'_>, target: &mut FrameMut<'_>) {
    for (from, to) in source.plane(0).rows().zip(target.plane_mut(0).rows_mut()) {
        to.copy_from_slice(from);
    }
}

fn interleave(source: &FrameRef<'_>, target: &mut FrameMut<'_>) {
    let rows = source.plane(1).rows().zip(source.plane(2).rows());
    for ((cb, cr), row) in rows.zip(target.plane_mut(1).rows_mut()) {
        for ((pair, &cb), &cr) in row.as_chunks_mut::<2>().0.iter_mut().zip(cb).zip(cr) {
            *pair = [cb, cr];
        }
    }
}

/// Luma of the limited range as grey of the full one.
fn full_range(luma: u8) -> u8 {
    ((u16::from(luma.saturating_sub(16)) * 255 + 109) / 219).min(255) as u8
}
