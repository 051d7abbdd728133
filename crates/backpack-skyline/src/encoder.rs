use std::fmt;
use std::sync::Arc;

use backpack_core::{Frame, FrameRef};

use crate::{AccessUnit, Candidate, Codec, EncoderError, FrameRate};

/// Opens encoders; a description of the wanted encoder, from which a stream can be started any number of times.
pub trait EncoderFactory: Send + Sync {
    /// Opens an encoder for such frames, which gives what it makes to `sink`.
    ///
    /// # Errors
    /// If no encoder can take such frames.
    fn open(&self, video: &VideoSpec, sink: UnitSink) -> Result<Box<dyn VideoEncoder>, EncoderError>;

    /// Takes a borrowed frame into memory of its own, in the form that costs this encoder the least; called by whoever puts the frame.
    ///
    /// # Errors
    /// If frames of this format cannot be encoded.
    fn take_in(&self, frame: &FrameRef<'_>) -> Result<Frame, EncoderError> {
        Ok(frame.to_frame())
    }
}

/// An open encoder. SkyLine runs it on a thread of its own, so its methods may block.
pub trait VideoEncoder: Send {
    /// The encoder's name, for statistics.
    fn name(&self) -> &str;

    /// How it encodes.
    fn codec(&self) -> Codec {
        Codec::H264
    }

    /// What was tried before it and does not work here.
    fn rejected(&self) -> &[Candidate] {
        &[]
    }

    /// Changes the mean bit rate, in kilobits per second, from the next frame on.
    ///
    /// # Errors
    /// If the encoder cannot do that while it runs; it goes on with the old one.
    fn set_bitrate(&mut self, _kbps: u32) -> Result<(), EncoderError> {
        let reason = "cannot change its bit rate while it runs".into();
        Err(EncoderError::Failed { encoder: self.name().to_owned(), reason })
    }

    /// Takes the next frame, which has a timestamp later than the one before; `keyframe` asks for a key frame.
    ///
    /// The frame has the size that the encoder was opened for, unless the stream was told to [scale](crate::SizeChange::Scale).
    ///
    /// # Errors
    /// After an error the stream has failed.
    fn encode(&mut self, frame: Frame, keyframe: bool) -> Result<(), EncoderError>;

    /// Encodes what is still inside and gives it to the sink before it returns.
    ///
    /// # Errors
    /// If units may be missing.
    fn finish(&mut self) -> Result<(), EncoderError>;
}

/// What an encoder is opened for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct VideoSpec {
    /// The width of the frames that will come, in pixels.
    pub width: u32,
    /// Their height in pixels.
    pub height: u32,
    /// Their nominal rate.
    pub frame_rate: FrameRate,
}

impl VideoSpec {
    /// Frames of this size in pixels, at this nominal rate.
    pub const fn new(width: u32, height: u32, frame_rate: FrameRate) -> Self {
        Self { width, height, frame_rate }
    }

    /// The size of the encoded picture: 4:2:0 video has even sides, so of an odd side the last row or column is left out.
    pub fn encoded_size(&self) -> (u32, u32) {
        (self.width & !1, self.height & !1)
    }

    /// Whether such a frame fills the encoded picture.
    pub(crate) fn takes(&self, frame: &Frame) -> bool {
        (frame.width() & !1, frame.height() & !1) == self.encoded_size()
    }
}

/// Where an encoder puts what it makes; may be called from any thread and never blocks.
#[derive(Clone)]
pub struct UnitSink(Arc<dyn Fn(AccessUnit) + Send + Sync>);

impl UnitSink {
    /// A sink that calls `take` with every unit.
    pub fn new(take: impl Fn(AccessUnit) + Send + Sync + 'static) -> Self {
        Self(Arc::new(take))
    }

    /// Hands over one unit.
    pub fn send(&self, unit: AccessUnit) {
        (self.0)(unit);
    }
}

impl fmt::Debug for UnitSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnitSink")
    }
}
