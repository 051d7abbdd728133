use std::io;
use std::path::PathBuf;
use std::time::Duration;

use backpack_core::FrameError;

/// Why a camera gives no frames.
///
/// `camera` is the source as it was given; passwords are hidden in every text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CameraError {
    /// GStreamer itself does not start.
    #[error("GStreamer does not start: {message}")]
    Start {
        /// What GStreamer says.
        message: String,
    },
    /// An option has a value that no source can have.
    #[error("{camera}: {message}")]
    Setting {
        /// The source.
        camera: String,
        /// Which option, and what is wrong with it.
        message: String,
    },
    /// The file or device cannot be opened.
    #[error("cannot open {}: {error}", path.display())]
    Open {
        /// The file or device.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The description is not one, or does not end in video.
    #[error("cannot build `{description}`: {message}")]
    Description {
        /// The description.
        description: String,
        /// What is wrong with it.
        message: String,
    },
    /// GStreamer lacks an element or a decoder.
    #[error("{camera}: GStreamer has no {what}{}", package.map(|name| format!("; install the package {name}")).unwrap_or_default())]
    Missing {
        /// The source.
        camera: String,
        /// The element, the decoder, or the kind of address.
        what: String,
        /// The Debian package that has it, if known.
        package: Option<&'static str>,
    },
    /// There is no video in the source.
    #[error("{camera}: no video: {reason}")]
    NoVideo {
        /// The source.
        camera: String,
        /// What there is instead.
        reason: String,
    },
    /// The source gave no frame in time.
    #[error("{camera}: no frame within {within:?}")]
    NoFrame {
        /// The source.
        camera: String,
        /// How long the camera waited.
        within: Duration,
    },
    /// The live source gave frames and then none for too long.
    #[error("{camera}: silent for {silence:?}")]
    Stalled {
        /// The source.
        camera: String,
        /// How long the camera waited.
        silence: Duration,
    },
    /// The live source ended its stream.
    #[error("{camera}: the source ended the stream")]
    Ended {
        /// The source.
        camera: String,
    },
    /// An element failed.
    #[error("{camera}: {element}: {message}{}", hint.as_deref().map(|hint| format!(" ({hint})")).unwrap_or_default())]
    Element {
        /// The source.
        camera: String,
        /// The kind of element, such as `rtspsrc`.
        element: String,
        /// What it says.
        message: String,
        /// What it says to developers; often the more telling part.
        hint: Option<String>,
    },
    /// The memory of a frame is not what the stream's format asks for.
    #[error("{camera}: a frame cannot be read: {error}")]
    Frame {
        /// The source.
        camera: String,
        /// What does not fit.
        error: FrameError,
    },
    /// The file shall begin again and cannot.
    #[error("{camera}: cannot begin again")]
    Rewind {
        /// The source.
        camera: String,
    },
    /// The camera was stopped while it was being opened.
    #[error("{camera}: stopped")]
    Stopped {
        /// The source.
        camera: String,
    },
    /// The camera's threads did not end in time; they go on ending in the background.
    #[error("{camera}: still not closed after {within:?}")]
    Close {
        /// The source.
        camera: String,
        /// How long the camera waited.
        within: Duration,
    },
}
