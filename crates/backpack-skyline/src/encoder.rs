use std::fmt;
use std::sync::Arc;

use backpack_core::Frame;

use crate::{AccessUnit, Codec, EncoderError, FrameRate};

/// Opens encoders; a description of the wanted encoder, from which a stream can be started any number of times.
pub trait EncoderFactory: Send + Sync {
    /// Opens an encoder for such frames, which gives what it makes to `sink`.
    ///
    /// # Errors
    /// If no encoder can take such frames.
    fn open(&self, video: &VideoSpec, sink: UnitSink) -> Result<Box<dyn VideoEncoder>, EncoderError>;
}

/// An open encoder. SkyLine runs it on a thread of its own, so its methods may block.
pub trait VideoEncoder: Send {
    /// The encoder's name, for statistics.
    fn name(&self) -> &str;

    /// How it encodes.
    fn codec(&self) -> Codec {
        Codec::H264
    }

    /// Takes the next frame, which has a timestamp later than the one before; `keyframe` asks for a key frame.
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
