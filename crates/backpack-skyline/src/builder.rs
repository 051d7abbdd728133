use std::sync::Arc;
use std::time::Duration;

use backpack_timepiece::Clock;

use crate::{Backoff, EncoderFactory, FrameRate, Output, SizeChange, SkyLine, StartError};

/// What a [`SkyLine`] is made of.
#[must_use = "`start` it"]
pub struct SkyLineBuilder {
    pub(crate) name: String,
    pub(crate) encoder: Option<Arc<dyn EncoderFactory>>,
    pub(crate) outputs: Vec<Box<dyn Output>>,
    pub(crate) size: Option<(u32, u32)>,
    pub(crate) frame_rate: Option<FrameRate>,
    pub(crate) size_change: SizeChange,
    pub(crate) queue: usize,
    pub(crate) clock: Clock,
    pub(crate) backoff: Backoff,
    pub(crate) patience: Duration,
}

impl Default for SkyLineBuilder {
    fn default() -> Self {
        Self {
            name: "stream".into(),
            encoder: None,
            outputs: Vec::new(),
            size: None,
            frame_rate: None,
            size_change: SizeChange::default(),
            queue: 3,
            clock: Clock::default(),
            backoff: Backoff::default(),
            patience: Duration::from_secs(10),
        }
    }
}

impl SkyLineBuilder {
    /// What the stream is called in logs; `stream` unless told.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// What the frames are encoded with.
    pub fn encoder(mut self, encoder: impl EncoderFactory + 'static) -> Self {
        self.encoder = Some(Arc::new(encoder));
        self
    }

    /// One more place where the encoded stream goes.
    pub fn output(mut self, output: impl Output + 'static) -> Self {
        self.outputs.push(Box::new(output));
        self
    }

    /// The size of the frames in pixels; otherwise it is that of the first frame.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.size = Some((width, height));
        self
    }

    /// The nominal frame rate; otherwise it is measured over the first eight frames, which are kept meanwhile.
    ///
    /// The rate tells the encoder how many bits a frame may have and how far key frames are apart. Frames keep their own timestamps, so a wrong
    /// rate does not change the speed of the video.
    pub fn frame_rate(mut self, rate: FrameRate) -> Self {
        self.frame_rate = Some(rate);
        self
    }

    /// What becomes of frames of another size than the stream's; [`SizeChange::Refuse`] unless told.
    pub fn size_change(mut self, policy: SizeChange) -> Self {
        self.size_change = policy;
        self
    }

    /// How many frames may wait for the encoder before the oldest is dropped; 3 unless told, at least 1.
    pub fn queue(mut self, frames: usize) -> Self {
        self.queue = frames.max(1);
        self
    }

    /// The clock for frames without a timestamp; the system's unless told.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long a failed output is left alone.
    pub fn retry(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// How long the encoder may take to open, and how long each of encoder and outputs may take to end; 10 s unless told.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Starts the stream.
    ///
    /// With a given size and rate this opens the encoder before it returns; otherwise the first frames are awaited.
    ///
    /// # Errors
    /// If there is no encoder, an output cannot work, or the encoder cannot be opened.
    pub fn start(self) -> Result<SkyLine, StartError> {
        SkyLine::from_builder(self)
    }
}
