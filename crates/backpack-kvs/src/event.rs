use std::time::Duration;

use crate::ErrorId;

/// Something that happened to a producer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Fragments of an earlier run are in the spool and will be sent first.
    SpoolFound {
        /// How many.
        fragments: u64,
        /// How many bytes they have.
        bytes: u64,
    },
    /// The service takes fragments.
    Connected,
    /// A connection ended in order: it grew old, its token is about to expire, the pictures' format changed, or there is nothing to send.
    Rotated,
    /// There is no connection; it is tried again.
    Failed {
        /// What went wrong.
        error: String,
        /// After what time it is tried again.
        retry_in: Duration,
    },
    /// No new credentials could be got; it is tried again, and the ones at hand are used while they last.
    CredentialsFailed {
        /// What the provider said.
        error: String,
    },
    /// The service has stored a fragment.
    Persisted {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
        /// The number by which the service knows it.
        number: String,
    },
    /// The service refuses a fragment, or all of a connection.
    Refused {
        /// The fragment's time in milliseconds since 1970, if the service said which.
        timecode: Option<u64>,
        /// What is wrong.
        error: ErrorId,
    },
    /// A fragment is not sent any more, because it was refused twice or cannot be read.
    SetAside {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// A fragment was dropped to make room, unsent.
    Dropped {
        /// The fragment's time, in milliseconds since 1970.
        timecode: u64,
        /// Why.
        reason: DropReason,
    },
    /// The disk refuses fragments; they are kept in memory alone, as far as there is room.
    DiskFailed {
        /// What the system said.
        error: String,
    },
    /// The disk takes fragments again.
    DiskRecovered,
    /// Timestamps went back, so that the stream's time was counted anew.
    TimeRestarted,
    /// The stream did not exist and was created.
    StreamCreated,
}

/// Why a fragment was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DropReason {
    /// The spool is full.
    Space,
    /// It waited for too long.
    Age,
}
