use backpack_core::{Colorimetry, Frame, PixelFormat};
use gstreamer as gst;
use gstreamer_video as gst_video;

use super::convert::{video_colorimetry, video_format, wrap};

/// Fits frames of any size, format and colorimetry into one kind of picture; the aspect ratio is kept, with black bars where it differs.
pub(crate) struct Scaler {
    target: gst_video::VideoInfo,
    current: Option<Current>,
}

/// What the last frame needed, which the next one will most likely need too.
struct Current {
    source: Source,
    info: gst_video::VideoInfo,
    converter: gst_video::VideoConverter,
}

#[derive(PartialEq)]
struct Source {
    format: PixelFormat,
    width: u32,
    height: u32,
    colorimetry: Colorimetry,
}

impl Scaler {
    pub(crate) fn new(target: gst_video::VideoInfo) -> Self {
        Self { target, current: None }
    }

    pub(crate) fn scale(&mut self, frame: Frame) -> Result<gst::Buffer, String> {
        let (width, height) = (frame.width(), frame.height());
        let (format, colorimetry) = (frame.format(), frame.colorimetry());
        let source = Source { format, width, height, colorimetry };
        let current = match self.current.take() {
            Some(current) if current.source == source => current,
            _ => Current::new(source, &self.target)?,
        };
        let input = wrap(frame, (width, height))?;
        let mut output = gst::Buffer::with_size(self.target.size()).map_err(super::text)?;
        {
            let from = gst_video::VideoFrameRef::from_buffer_ref_readable(&input, &current.info)
                .map_err(super::text)?;
            let mut to = gst_video::VideoFrameRef::from_buffer_ref_writable(output.make_mut(), &self.target)
                .map_err(super::text)?;
            current.converter.frame_ref(&from, &mut to);
        }
        self.current = Some(current);
        Ok(output)
    }
}

impl Current {
    fn new(source: Source, target: &gst_video::VideoInfo) -> Result<Self, String> {
        let Source { format, width, height, colorimetry } = source;
        let mut info = gst_video::VideoInfo::builder(video_format(format)?, width, height).fps(target.fps());
        let colorimetry = video_colorimetry(colorimetry);
        if format.is_yuv() {
            info = info.colorimetry(&colorimetry);
        }
        let info = info.build().map_err(super::text)?;
        let mut config = gst_video::VideoConverterConfig::new();
        let [x, y, fitted_width, fitted_height] = fit((width, height), (target.width(), target.height()));
        config.set_dest_x(x);
        config.set_dest_y(y);
        config.set_dest_width(Some(fitted_width));
        config.set_dest_height(Some(fitted_height));
        config.set_fill_border(true);
        config.set_matrix_mode(gst_video::VideoMatrixMode::Full);
        let converter = gst_video::VideoConverter::new(&info, target, Some(config)).map_err(super::text)?;
        Ok(Self { source, info, converter })
    }
}

/// Where a picture of one size lies in one of another: x, y, width and height in pixels, all even because of 4:2:0.
fn fit(from: (u32, u32), into: (u32, u32)) -> [i32; 4] {
    let scale = (f64::from(into.0) / f64::from(from.0)).min(f64::from(into.1) / f64::from(from.1));
    let side = |from: u32, into: u32| {
        // A cast from float saturates.
        let length = ((f64::from(from) * scale / 2.0).round() as u32 * 2).clamp(2, into);
        let at = (into - length) / 4 * 2;
        [at, length].map(|value| i32::try_from(value).unwrap_or(i32::MAX))
    };
    let ([x, width], [y, height]) = (side(from.0, into.0), side(from.1, into.1));
    [x, y, width, height]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_keeps_its_aspect_ratio_in_the_middle() {
        assert_eq!(fit((640, 480), (1280, 720)), [160, 0, 960, 720]);
        assert_eq!(fit((1920, 800), (640, 360)), [0, 46, 640, 266]);
        assert_eq!(fit((1280, 720), (640, 360)), [0, 0, 640, 360]);
        assert_eq!(fit((1, 4000), (640, 360)), [318, 0, 2, 360]);
    }
}
