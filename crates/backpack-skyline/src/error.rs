use std::error::Error;
use std::fmt;

use crate::Codec;

type Source = Box<dyn Error + Send + Sync>;

/// Why an output could not take the stream.
#[derive(Debug)]
pub struct OutputError {
    what: String,
    source: Option<Source>,
}

impl OutputError {
    /// An error with a text that says what failed and, if known, what would be right.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// The same error with its cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        self.source.as_ref().map_or(Ok(()), |source| write!(f, ": {source}"))
    }
}

impl Error for OutputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().and_then(|source| source.source())
    }
}

/// Why frames could not be encoded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EncoderError {
    /// No encoder of the list works on this machine.
    #[error("no {codec} encoder works here ({tried})")]
    NoneWorks {
        /// The codec that was asked for.
        codec: Codec,
        /// Each encoder with the reason why it does not work.
        tried: String,
    },
    /// The encoder refused a setting or a frame, or stopped.
    #[error("encoder {encoder}: {reason}")]
    Failed {
        /// The encoder's name.
        encoder: String,
        /// What it said.
        reason: String,
    },
}

/// Why the stream could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is nothing to encode with.
    #[error("no encoder was given: `SkyLine::builder().encoder(…)`")]
    NoEncoder,
    /// A stream is running already.
    #[error("the stream is running already: stop it first")]
    Running,
    /// The size cannot be encoded.
    #[error("a stream of {width}×{height} pixels: each side must be from 16 to 16384")]
    Size {
        /// The width as given.
        width: u32,
        /// The height as given.
        height: u32,
    },
    /// There is nothing that the stream could be started as.
    #[error(
        "the stream never had a frame, so it has no size and rate to start with again: use `start_again`"
    )]
    NothingBefore,
    /// An output cannot work.
    #[error("output {name}")]
    Output {
        /// The output's name.
        name: String,
        /// What it said.
        source: OutputError,
    },
    /// Outputs were given up when the stream was last stopped, because they did not end in time.
    #[error("these outputs were given up and cannot be started again: {}", .names.join(", "))]
    OutputLost {
        /// The outputs' names.
        names: Vec<String>,
    },
    /// No encoder could be opened.
    #[error(transparent)]
    Encoder(#[from] EncoderError),
    /// Opening the encoder took too long.
    #[error("the encoder did not start within {0:?}")]
    Timeout(std::time::Duration),
    /// A thread could not be started.
    #[error("a thread could not be started")]
    Thread(#[from] std::io::Error),
}

/// Why a frame was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PutError {
    /// The frame does not have the size that the stream was started for.
    #[error("a frame of {width}×{height} pixels in a stream of {expected_width}×{expected_height}")]
    Size {
        /// The frame's width in pixels.
        width: u32,
        /// The frame's height in pixels.
        height: u32,
        /// The stream's width in pixels.
        expected_width: u32,
        /// The stream's height in pixels.
        expected_height: u32,
    },
    /// The frame has a size that cannot be encoded.
    #[error("a frame of {width}×{height} pixels: each side must be from 16 to 16384")]
    Sides {
        /// The frame's width in pixels.
        width: u32,
        /// The frame's height in pixels.
        height: u32,
    },
    /// The frame has a format that cannot be encoded.
    #[error("{0}")]
    Format(String),
    /// The stream failed and must be started again.
    #[error("the stream has failed: {0}")]
    Failed(String),
}

/// What went wrong while the stream was brought to its end; everything else was ended in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.join("; "))]
#[non_exhaustive]
pub struct StopError {
    /// One text for each thing that went wrong.
    pub problems: Vec<String>,
}
