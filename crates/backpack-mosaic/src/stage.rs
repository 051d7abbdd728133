use backpack_core::{
    ColorRange, Colorimetry, Frame, FrameMut, FrameRef, Layout, PixelFormat, Plane, PlaneMut,
};
use yuv::{BufferStoreMut, YuvConversionMode, YuvError, YuvPlanarImageMut};

use crate::area::Area;
use crate::output::{standard_matrix, yuv_range};
use crate::plane_scaler::{PlaneScaler, tight};
use crate::recolor::Recolor;

/// Where frames of one source become pictures of the size of its cell, in I420.
///
/// Everything is kept for the next frame: as long as frames are alike, nothing is allocated.
pub(crate) struct Stage {
    room: Area,
    colorimetry: Colorimetry,
    luma: Option<PlaneScaler>,
    chroma: Option<PlaneScaler>,
    /// The memory of a whole frame in I420, or of its chroma.
    converted: Vec<u8>,
}

impl Stage {
    /// For pictures that go into this room and have this colorimetry.
    pub fn new(room: Area, colorimetry: Colorimetry) -> Self {
        Self { room, colorimetry, luma: None, chroma: None, converted: Vec::new() }
    }

    /// Makes `picture` the picture of this frame.
    pub fn show(&mut self, frame: &FrameRef<'_>, picture: &mut Option<Frame>) -> Result<(), Problem> {
        let (width, height) = self.room.fitted(frame.width(), frame.height());
        let picture = match picture {
            Some(picture) if (picture.width(), picture.height()) == (width, height) => picture,
            other => {
                let black = Frame::black(width, height, PixelFormat::I420).map_err(Problem::other)?;
                other.insert(black.with_colorimetry(self.colorimetry))
            }
        };
        self.fill(frame, &mut picture.view_mut())
    }

    fn fill(&mut self, frame: &FrameRef<'_>, picture: &mut FrameMut<'_>) -> Result<(), Problem> {
        match frame.format() {
            PixelFormat::I420 => self.scale(&[frame.plane(0), frame.plane(1), frame.plane(2)], picture)?,
            PixelFormat::Nv12 => self.scale_nv12(frame, picture)?,
            PixelFormat::Gray8 => {
                self.scale(&[frame.plane(0)], picture)?;
                picture.planes_mut()[1..].iter_mut().for_each(|plane| plane.data_mut().fill(128));
            }
            PixelFormat::Rgb8 => self.scale_rgb(frame, picture, yuv::rgb_to_yuv420)?,
            PixelFormat::Bgr8 => self.scale_rgb(frame, picture, yuv::bgr_to_yuv420)?,
            PixelFormat::Rgba8 => self.scale_rgb(frame, picture, yuv::rgba_to_yuv420)?,
            PixelFormat::Bgra8 => self.scale_rgb(frame, picture, yuv::bgra_to_yuv420)?,
            other => return Err(Problem::Format(other)),
        }
        if let Some(recolor) =
            self.colorimetry_of(frame).and_then(|from| Recolor::new(from, self.colorimetry))
        {
            recolor.apply(picture);
        }
        Ok(())
    }

    /// How the numbers are to be read that `fill` scaled, if that is not how the picture's are.
    fn colorimetry_of(&self, frame: &FrameRef<'_>) -> Option<Colorimetry> {
        match frame.format() {
            PixelFormat::I420 | PixelFormat::Nv12 => Some(frame.colorimetry()),
            // Grey pictures use all values from 0 to 255.
            PixelFormat::Gray8 => Some(Colorimetry { range: ColorRange::Full, ..self.colorimetry }),
            _ => None,
        }
    }

    fn scale_nv12(&mut self, frame: &FrameRef<'_>, picture: &mut FrameMut<'_>) -> Result<(), Problem> {
        let pairs = frame.plane(1);
        let (width, height) = (pairs.row_bytes() / 2, pairs.height());
        let mut memory = std::mem::take(&mut self.converted);
        memory.resize(2 * width * height, 0);
        let (cb, cr) = memory.split_at_mut(width * height);
        let rows = cb.chunks_exact_mut(width).zip(cr.chunks_exact_mut(width));
        for ((cb, cr), row) in rows.zip(pairs.rows()) {
            for ((cb, cr), pair) in cb.iter_mut().zip(cr).zip(row.as_chunks::<2>().0) {
                [*cb, *cr] = *pair;
            }
        }
        let planes = [frame.plane(0), tight(cb, width, height), tight(cr, width, height)];
        let outcome = self.scale(&planes, picture);
        self.converted = memory;
        outcome
    }

    /// The frame is converted first: there is half as much to scale then, and one path for all formats.
    fn scale_rgb(
        &mut self,
        frame: &FrameRef<'_>,
        picture: &mut FrameMut<'_>,
        convert: FromRgb,
    ) -> Result<(), Problem> {
        let layout =
            Layout::tight(frame.width(), frame.height(), PixelFormat::I420).map_err(Problem::other)?;
        let mut memory = std::mem::take(&mut self.converted);
        memory.resize(layout.size(), 0);
        let mut converted = FrameMut::with_layout(&mut memory, &layout).map_err(Problem::other)?;
        convert_rgb(frame, &mut converted, self.colorimetry, convert)?;
        let converted = FrameRef::with_layout(&memory, &layout).map_err(Problem::other)?;
        let outcome = self.scale(&[converted.plane(0), converted.plane(1), converted.plane(2)], picture);
        self.converted = memory;
        outcome
    }

    fn scale(&mut self, planes: &[Plane<'_>], picture: &mut FrameMut<'_>) -> Result<(), Problem> {
        for (index, (source, target)) in planes.iter().zip(picture.planes_mut()).enumerate() {
            let scaler = if index == 0 { &mut self.luma } else { &mut self.chroma };
            fitting(scaler, *source, target)?.scale(*source, target).map_err(Problem::other)?;
        }
        Ok(())
    }
}

type FromRgb = fn(
    &mut YuvPlanarImageMut<'_, u8>,
    &[u8],
    u32,
    yuv::YuvRange,
    yuv::YuvStandardMatrix,
    YuvConversionMode,
) -> Result<(), YuvError>;

fn convert_rgb(
    frame: &FrameRef<'_>,
    target: &mut FrameMut<'_>,
    colorimetry: Colorimetry,
    convert: FromRgb,
) -> Result<(), Problem> {
    let (width, height) = (target.width(), target.height());
    let [y, u, v] = target.planes_mut() else { return Err(Problem::Format(PixelFormat::I420)) };
    // A stride of more than 4 GB is nobody's.
    let stride = |bytes: usize| u32::try_from(bytes).map_err(Problem::other);
    let mut image = YuvPlanarImageMut {
        y_stride: stride(y.stride())?,
        u_stride: stride(u.stride())?,
        v_stride: stride(v.stride())?,
        y_plane: BufferStoreMut::Borrowed(y.data_mut()),
        u_plane: BufferStoreMut::Borrowed(u.data_mut()),
        v_plane: BufferStoreMut::Borrowed(v.data_mut()),
        width,
        height,
    };
    let source = frame.plane(0);
    let (range, matrix) = (yuv_range(colorimetry), standard_matrix(colorimetry));
    convert(&mut image, source.data(), stride(source.stride())?, range, matrix, YuvConversionMode::Balanced)
        .map_err(Problem::other)
}

/// The scaler for planes of these sizes: the one that is there, or a new one.
fn fitting<'a>(
    scaler: &'a mut Option<PlaneScaler>,
    source: Plane<'_>,
    target: &PlaneMut<'_>,
) -> Result<&'a mut PlaneScaler, Problem> {
    let from = (source.row_bytes(), source.height());
    let to = (target.row_bytes(), target.height());
    if !scaler.as_ref().is_some_and(|scaler| scaler.fits(from, to)) {
        *scaler = Some(PlaneScaler::new(from, to).map_err(Problem::other)?);
    }
    Ok(scaler.as_mut().expect("it was set if there was none"))
}

/// Why a frame cannot be shown.
#[derive(Debug)]
pub(crate) enum Problem {
    Format(PixelFormat),
    Other(String),
}

impl Problem {
    fn other(error: impl ToString) -> Self {
        Self::Other(error.to_string())
    }
}
