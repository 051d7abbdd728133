use std::sync::Arc;
use std::time::Duration;

use backpack_core::{
    ColorRange, Colorimetry, Frame, FrameError, FrameRef, Layout, Matrix, PixelFormat, PlaneLayout,
};
use gstreamer as gst;
use gstreamer_video as gst_video;
use gstreamer_video::prelude::*;

use crate::{Info, format};

/// What a stream's samples hold, until one of them says otherwise.
#[derive(Debug)]
pub(crate) struct Stream {
    caps: gst::Caps,
    video: gst_video::VideoInfo,
    format: PixelFormat,
    colorimetry: Colorimetry,
}

impl Stream {
    /// The stream that a sample belongs to, if it is raw video in one of core's formats.
    pub fn of(sample: &gst::Sample) -> Option<Self> {
        let caps = sample.caps_owned()?;
        let video = gst_video::VideoInfo::from_caps(&caps).ok()?;
        let format = format::from_gst(video.format())?;
        let colorimetry = colorimetry(&video);
        Some(Self { caps, video, format, colorimetry })
    }

    /// Takes note if the sample says something new.
    pub fn follow(&mut self, sample: &gst::Sample) {
        if sample.caps().is_some_and(|caps| caps.as_ptr() != self.caps.as_ptr())
            && let Some(stream) = Self::of(sample)
        {
            *self = stream;
        }
    }

    pub fn info(&self, live: bool) -> Info {
        let rate = self.video.fps();
        Info {
            width: self.video.width(),
            height: self.video.height(),
            format: self.format,
            frame_rate: (rate.numer() > 0).then(|| f64::from(rate.numer()) / f64::from(rate.denom())),
            live,
        }
    }

    /// How long a frame is shown: by its own account, by the frame rate, or else a 30th of a second.
    pub fn frame_duration(&self, sample: &gst::Sample) -> Duration {
        let own = sample.buffer().and_then(|buffer| buffer.duration()).map(Duration::from);
        let by_rate = || Duration::from_secs_f64(1.0 / self.info(false).frame_rate.unwrap_or(30.0));
        own.filter(|own| !own.is_zero()).unwrap_or_else(by_rate)
    }

    /// The picture in a sample, without a timestamp.
    ///
    /// Plain memory is shared. Any other belongs to a device, which has few such buffers, stops when the application keeps them, and may be
    /// slow to read: it is copied.
    pub fn frame(&self, sample: gst::Sample) -> Result<Frame, FrameError> {
        let buffer = sample.buffer_owned();
        // The buffer must have no other owner when it goes back to the decoder.
        drop(sample);
        let frame = match self.share(buffer.unwrap_or_default()) {
            Ok(frame) => frame,
            Err(buffer) => self.copy(&buffer)?,
        };
        Ok(frame.with_colorimetry(self.colorimetry))
    }

    fn share(&self, buffer: gst::Buffer) -> Result<Frame, gst::Buffer> {
        let plain = buffer.n_memory() == 1 && buffer.peek_memory(0).is_type("SystemMemory");
        match self.layout(&buffer) {
            Some(layout) if plain && layout.size() <= buffer.size() => {
                let pixels = Arc::new(buffer.into_mapped_buffer_readable()?);
                Ok(Frame::shared(pixels, layout).expect("the size was checked"))
            }
            _ => Err(buffer),
        }
    }

    /// Where the planes lie, by the buffer's own account or else by the format's; `None` if core cannot express it.
    fn layout(&self, buffer: &gst::BufferRef) -> Option<Layout> {
        let meta = buffer.meta::<gst_video::VideoMeta>();
        let own = meta.as_ref().map(|meta| (meta.offset(), meta.stride()));
        let (offsets, strides) = own.unwrap_or((self.video.offset(), self.video.stride()));
        let mut planes = [PlaneLayout::default(); 3];
        for (plane, (&offset, &stride)) in planes.iter_mut().zip(offsets.iter().zip(strides)) {
            *plane = PlaneLayout { offset, stride: usize::try_from(stride).ok()? };
        }
        let planes = planes.get(..offsets.len())?;
        Layout::padded(self.video.width(), self.video.height(), self.format, planes).ok()
    }

    fn copy(&self, buffer: &gst::Buffer) -> Result<Frame, FrameError> {
        let (format, width, height) = (self.format, self.video.width(), self.video.height());
        let (expected, got) = (self.video.size(), buffer.size());
        let unreadable = |plane| FrameError::Length { format, width, height, plane, expected, got };
        let mapped = gst_video::VideoFrameRef::from_buffer_ref_readable(buffer, &self.video)
            .map_err(|_| unreadable(None))?;
        let mut planes = Vec::with_capacity(3);
        for (index, &stride) in mapped.plane_stride().iter().enumerate() {
            let data = mapped.plane_data(index as u32).map_err(|_| unreadable(Some(index)))?;
            planes.push((data, usize::try_from(stride).unwrap_or_default()));
        }
        Ok(FrameRef::from_planes(&planes, width, height, format)?.to_frame())
    }
}

/// What the stream says about its colours, as far as core knows them; else what players assume.
fn colorimetry(video: &gst_video::VideoInfo) -> Colorimetry {
    let said = video.colorimetry();
    let matrix = match said.matrix() {
        gst_video::VideoColorMatrix::Bt601 => Matrix::Bt601,
        gst_video::VideoColorMatrix::Bt709 => Matrix::Bt709,
        _ => Colorimetry::assumed_for(video.height()).matrix,
    };
    let range = match said.range() {
        gst_video::VideoColorRange::Range0_255 => ColorRange::Full,
        _ => ColorRange::Limited,
    };
    Colorimetry { matrix, range }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sample of a picture of 5×3 pixels in memories of these lengths, whose bytes count upwards.
    fn sample(lengths: &[usize], meta: Option<([usize; 3], [i32; 3])>) -> gst::Sample {
        gst::init().unwrap();
        let (mut buffer, mut bytes) = (gst::Buffer::new(), 0..);
        let writable = buffer.make_mut();
        for &length in lengths {
            let mut memory = gst::Memory::with_size(length).into_mapped_memory_writable().unwrap();
            memory.as_mut_slice().fill_with(|| bytes.next().unwrap());
            writable.append_memory(memory.into_memory());
        }
        let (format, flags) = (gst_video::VideoFormat::I420, gst_video::VideoFrameFlags::empty());
        if let Some((offsets, strides)) = meta {
            gst_video::VideoMeta::add_full(writable, flags, format, 5, 3, &offsets, &strides).unwrap();
        }
        let caps = gst_video::VideoCapsBuilder::new().format(format).width(5).height(3);
        gst::Sample::builder().buffer(&buffer).caps(&caps.framerate((30, 1).into()).build()).build()
    }

    fn frame(sample: gst::Sample) -> Result<Frame, FrameError> {
        Stream::of(&sample).unwrap().frame(sample)
    }

    fn rows(frame: &Frame) -> Vec<Vec<u8>> {
        frame.view().planes().iter().flat_map(|plane| plane.rows().map(<[u8]>::to_vec)).collect()
    }

    #[test]
    fn memory_is_shared_where_the_planes_lie_by_the_formats_own_account() {
        let frame = frame(sample(&[64], None)).unwrap();
        assert!(frame.is_shared());
        // GStreamer pads rows to four bytes and planes to an even number of rows.
        assert_eq!(rows(&frame)[..3], [[0, 1, 2, 3, 4], [8, 9, 10, 11, 12], [16, 17, 18, 19, 20]]);
        assert_eq!(rows(&frame)[3..], [[32, 33, 34], [36, 37, 38], [40, 41, 42], [44, 45, 46]]);
    }

    #[test]
    fn memory_is_shared_where_the_planes_lie_by_the_buffers_account() {
        let frame = frame(sample(&[100], Some(([10, 60, 80], [16, 8, 8])))).unwrap();
        assert!(frame.is_shared());
        assert_eq!(rows(&frame)[1], [26, 27, 28, 29, 30]);
        assert_eq!(rows(&frame)[6], [88, 89, 90]);
    }

    #[test]
    fn planes_in_several_memories_or_in_another_order_are_copied() {
        for memories in [&[30, 50, 20][..], &[100]] {
            let frame = frame(sample(memories, Some(([0, 80, 60], [8, 8, 8])))).unwrap();
            assert!(!frame.is_shared() && frame.layout().is_tight());
            assert_eq!(rows(&frame)[2..5], [vec![16, 17, 18, 19, 20], vec![80, 81, 82], vec![88, 89, 90]]);
            assert_eq!(rows(&frame)[5..], [[60, 61, 62], [68, 69, 70]]);
        }
    }

    #[test]
    fn memory_that_is_too_short_is_refused() {
        assert!(matches!(frame(sample(&[20], None)), Err(FrameError::Length { got: 20, .. })));
    }
}
