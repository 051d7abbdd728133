use std::time::Duration;

use crate::{CameraError, Info};

/// Something in the life of a camera, other than a frame.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The source gave its first frame.
    Connected(Info),
    /// The live source failed, ended or fell silent; it will be tried again.
    Lost {
        /// What happened.
        error: CameraError,
    },
    /// An attempt to bring the source back begins after `wait`.
    Reconnecting {
        /// The number of the attempt since the source was lost, from 1.
        attempt: u32,
        /// How long the camera waits before it.
        wait: Duration,
    },
    /// The attempt failed; another follows.
    AttemptFailed {
        /// The number of the attempt.
        attempt: u32,
        /// Why it failed.
        error: CameraError,
    },
    /// The source is back with a frame.
    Reconnected {
        /// The number of the attempt that succeeded.
        attempt: u32,
        /// What it gives now; size and format may be new unless they were chosen.
        info: Info,
    },
    /// The file began again.
    Looped {
        /// How often it has done so.
        loops: u64,
    },
    /// The source has no more frames.
    EndOfStream,
}
