use std::time::Duration;

use crate::{Candidate, State};

/// Something that happened to a stream.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The stream is in another state.
    State(State),
    /// An encoder was opened.
    EncoderOpened {
        /// Its name.
        encoder: String,
        /// What was tried before it and does not work here.
        rejected: Vec<Candidate>,
        /// The width of the pictures, in pixels.
        width: u32,
        /// Their height in pixels.
        height: u32,
    },
    /// The encoder goes on with its old bit rate.
    BitrateRefused {
        /// What it said.
        reason: String,
    },
    /// An output takes the stream.
    OutputOpened {
        /// Its name.
        output: String,
    },
    /// An output failed; it will be opened again.
    OutputFailed {
        /// Its name.
        output: String,
        /// What it said.
        error: String,
        /// After what time it is opened again.
        retry_in: Duration,
    },
    /// An output was closed in order.
    OutputClosed {
        /// Its name.
        output: String,
    },
}
