use std::fmt;

use backpack_core::{Frame, FrameMut, PixelFormat};

use super::grid::Grid;
use super::painter::{Painter, Tools};
use crate::raster::{Area, Chroma, ChromaSums, Packed, Surface, Yuv};
use crate::{Annotation, Color, Driver, Font, RenderError, Style};

/// Draws on frames in place, in all pixel formats.
///
/// It keeps the letters it has drawn and its working memory, so that after the first frames drawing allocates nothing: keep one driver
/// for a stream.
///
/// - Lines and text are anti-aliased. Level and upright lines have sharp borders, because points are moved to the pixel grid.
/// - What is translucent is blended once, also where parts of an annotation overlap. In 4:2:0 a chroma sample is blended by the mean of
///   its four pixels. Opacity of RGBA and BGRA frames grows where something is drawn.
/// - A colour becomes Y'CbCr by the frame's [colorimetry](FrameMut::colorimetry), and grey by the weights of BT.601.
/// - Coordinates outside the picture are cut off; those farther than a million pictures away are taken as a million.
#[doc(alias = "OpenCVImageAnnotationDriver")]
pub struct FrameDriver {
    style: Style,
    tools: Tools,
    sums: ChromaSums,
}

impl FrameDriver {
    /// A driver with the built-in font, DejaVu Sans.
    ///
    /// Without the feature `builtin-font` it has no font: each character of a text is then drawn as an empty box. See
    /// [`with_fonts`](Self::with_fonts).
    pub fn new() -> Self {
        Self { style: Style::default(), tools: Tools::default(), sums: ChromaSums::default() }
    }

    /// A driver that takes each character from the first of the fonts that has it.
    ///
    /// A character that none has is drawn as an empty box; so are all if there is no font. The lines are those of the first font, in height
    /// and distance, and letters of the others stand on the same baseline, with an em of the same size.
    ///
    /// Characters are placed one after the other, from left to right. With the feature `shaping` text follows the rules of its script
    /// instead: letters join and reorder, marks find their place, and a line is read from the right if its first letter is. A text that
    /// was not drawn lately then allocates, and takes some microseconds more.
    ///
    /// ```
    /// use backpack_annotate::{Font, FontError, FrameDriver};
    ///
    /// fn driver() -> Result<FrameDriver, FontError> {
    ///     let cjk = Font::from_bytes_at(std::fs::read("NotoSansCJK.ttc").unwrap_or_default(), 2)?;
    ///     Ok(FrameDriver::with_fonts([Font::from_file("corporate.otf")?, cjk]))
    /// }
    /// # assert!(driver().is_err());
    /// ```
    pub fn with_fonts(fonts: impl IntoIterator<Item = Font>) -> Self {
        Self { tools: Tools::with_fonts(fonts), ..Self::new() }
    }

    /// The same driver with another style.
    #[must_use]
    pub fn with_style(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

impl Default for FrameDriver {
    fn default() -> Self {
        Self::new()
    }
}

/// Without the letters, which are many.
impl fmt::Debug for FrameDriver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FrameDriver").field("style", &self.style).finish_non_exhaustive()
    }
}

impl Driver<FrameMut<'_>> for FrameDriver {
    fn render<'a>(
        &mut self,
        scene: impl IntoIterator<Item = &'a Annotation>,
        frame: &mut FrameMut<'_>,
    ) -> Result<(), RenderError> {
        let Self { style, tools, sums } = self;
        let grid = Grid::new(frame.width(), frame.height());
        with_surface(frame, sums, |surface| {
            let mut painter = Painter { surface, grid, style, tools };
            super::render(scene, |annotation| painter.draw(annotation))
        })
    }
}

/// Shared pixels are copied once before they are drawn on.
impl Driver<Frame> for FrameDriver {
    fn render<'a>(
        &mut self,
        scene: impl IntoIterator<Item = &'a Annotation>,
        frame: &mut Frame,
    ) -> Result<(), RenderError> {
        self.render(scene, &mut frame.view_mut())
    }
}

/// Calls `draw` with the surface that fits the frame's format.
fn with_surface(
    frame: &mut FrameMut<'_>,
    sums: &mut ChromaSums,
    draw: impl FnOnce(&mut dyn Surface) -> Result<(), RenderError>,
) -> Result<(), RenderError> {
    let (format, colorimetry) = (frame.format(), frame.colorimetry());
    let area = Area::new(0, 0, frame.width() as i32, frame.height() as i32);
    match (format, frame.planes_mut()) {
        (PixelFormat::Rgb8, [plane]) => draw(&mut Packed::new(plane, area, |c| [c.r, c.g, c.b])),
        (PixelFormat::Bgr8, [plane]) => draw(&mut Packed::new(plane, area, |c| [c.b, c.g, c.r])),
        (PixelFormat::Rgba8, [plane]) => draw(&mut Packed::new(plane, area, |c| [c.r, c.g, c.b, 255])),
        (PixelFormat::Bgra8, [plane]) => draw(&mut Packed::new(plane, area, |c| [c.b, c.g, c.r, 255])),
        (PixelFormat::Gray8, [plane]) => draw(&mut Packed::new(plane, area, |c| [gray(c)])),
        (PixelFormat::I420, [luma, cb, cr]) => {
            draw(&mut Yuv::new(luma, Chroma::Planar(cb, cr), sums, area, colorimetry))
        }
        (PixelFormat::Nv12, [luma, chroma]) => {
            draw(&mut Yuv::new(luma, Chroma::Interleaved(chroma), sums, area, colorimetry))
        }
        _ => Err(RenderError::Format(format)),
    }
}

/// The luma of a colour by BT.601 in full range, as cameras and image libraries have it.
fn gray(color: Color) -> u8 {
    let [r, g, b] = [color.r, color.g, color.b].map(u32::from);
    ((299 * r + 587 * g + 114 * b + 500) / 1000) as u8
}
