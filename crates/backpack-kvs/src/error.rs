use std::time::Duration;

use backpack_skyline::Codec;

use crate::{ErrorId, ServiceError};

/// Why an access unit was not taken. The next one can be; what was taken before stays.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PutError {
    /// Nothing can be decoded before a key frame; one was asked for.
    #[error("a unit between key frames came where a fragment must begin with one")]
    NeedsKeyFrame,
    /// A key frame came without a parameter set that no unit before it had either.
    #[error(
        "a key frame came without a {kind} parameter set, and there was none before: \
         the {codec} encoder or parser must repeat them (h264parse config-interval=-1 does), \
         or the decoder configuration must be given"
    )]
    NoParameterSets {
        /// How the pictures are encoded.
        codec: Codec,
        /// What is missing: video, sequence or picture.
        kind: &'static str,
    },
    /// The unit is no picture of the stream's codec.
    #[error("the unit cannot be sent: {0}")]
    Malformed(String),
    /// No key frame came for as long as a fragment may be.
    #[error("no key frame came for {0:?}, and a fragment must not be longer")]
    FragmentTooLong(Duration),
    /// No key frame came for as many bytes as a fragment may have.
    #[error("no key frame came for {0} bytes, and a fragment must not have more")]
    FragmentTooLarge(usize),
    /// The timestamp lies before those of the units before by so much, so that the fragment cannot go on.
    #[error("a timestamp lies {0:?} before those of earlier units: going on with the next key frame")]
    TimestampBack(Duration),
    /// The disk refused the unit.
    #[error("the spool on disk: {0}")]
    Spool(String),
    /// The producer is being shut down.
    #[error("the producer is shut down")]
    ShutDown,
}

/// Why a tag was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetadataError {
    /// The name is empty.
    #[error("a tag needs a name")]
    NoName,
    /// The name is too long.
    #[error("a tag's name has {bytes} bytes; 128 is the most")]
    NameTooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The value is too long.
    #[error("the value of the tag {name} has {bytes} bytes; 256 is the most")]
    ValueTooLong {
        /// The tag's name.
        name: String,
        /// How long the value is.
        bytes: usize,
    },
    /// Names like this are the service's own.
    #[error("the tag {name} begins with AWS, which is reserved")]
    Reserved {
        /// The tag's name.
        name: String,
    },
    /// There are ten already.
    #[error("a fragment has 10 tags at most")]
    TooMany,
}

/// Why a producer cannot be started.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The stream's name is not one that the service takes.
    #[error("a stream's name has 1 to 256 letters, digits and `_.-`; this is none: {0:?}")]
    StreamName(String),
    /// There is no region.
    #[error("no region: tell it, or set AWS_REGION or AWS_DEFAULT_REGION")]
    NoRegion,
    /// There are no credentials.
    #[error("no credentials: tell them, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")]
    NoCredentials,
    /// An address is not of the right form.
    #[error("{0}")]
    Address(String),
    /// A certificate or key cannot be used.
    #[error("TLS: {0}")]
    Tls(String),
    /// A duration is out of its range.
    #[error("{what} must be from {least:?} to {most:?}")]
    Duration {
        /// Which one.
        what: &'static str,
        /// The least that it may be.
        least: Duration,
        /// The most that it may be.
        most: Duration,
    },
    /// The spool cannot be opened.
    #[error("the spool in {path} cannot be opened: {error}")]
    Spool {
        /// The folder.
        path: String,
        /// What the system said.
        error: String,
    },
    /// A thread could not be started.
    #[error("a thread could not be started: {0}")]
    Thread(String),
}

/// Why there is no connection to the service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectionError {
    /// The server cannot be reached.
    #[error("{host} cannot be reached: {error}")]
    Unreachable {
        /// The server.
        host: String,
        /// What the system said.
        error: String,
    },
    /// The service refuses a request.
    #[error("{0}")]
    Service(#[from] ServiceError),
    /// The service refuses a fragment, or the connection because of one.
    #[error("the service refuses {}: {error}", .timecode.map_or("the connection".to_owned(), |at| format!("the fragment at {at} ms")))]
    Refused {
        /// The fragment's time in milliseconds since 1970, if the service said which.
        timecode: Option<u64>,
        /// What is wrong.
        error: ErrorId,
    },
    /// The connection was lost.
    #[error("the connection was lost: {0}")]
    Lost(String),
    /// The service does not acknowledge what it gets, or takes nothing.
    #[error("the service did not answer for {0:?}")]
    Silent(Duration),
    /// There are no credentials.
    #[error("no credentials: {0}")]
    Credentials(String),
    /// The request cannot be signed.
    #[error("the request cannot be signed: {0}")]
    Signature(String),
    /// The service's answer cannot be read.
    #[error("{action}: the answer cannot be read: {error}")]
    Answer {
        /// What was asked for.
        action: &'static str,
        /// What is wrong with it.
        error: String,
    },
    /// The stream is not ready.
    #[error("the stream is {0}, not ACTIVE")]
    NotActive(String),
    /// The spool cannot be read.
    #[error("a fragment cannot be read from the spool")]
    Spool,
}

/// What was not persisted when a producer ended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{fragments} fragments ({bytes} bytes) were not persisted in time{}{}",
    if *.is_on_disk { "; they stay in the spool on disk for the next start" } else { "" },
    .last_error.as_ref().map(|error| format!("; last error: {error}")).unwrap_or_default()
)]
#[non_exhaustive]
pub struct Remaining {
    /// How many fragments.
    pub fragments: u64,
    /// How many bytes they have.
    pub bytes: u64,
    /// Whether all of them are in a spool on disk, from where they are sent after the next start.
    pub is_on_disk: bool,
    /// The last thing that went wrong.
    pub last_error: Option<String>,
}

impl PutError {
    /// Whether the next units are likely to be refused for the same reason.
    pub(crate) fn is_lasting(&self) -> bool {
        matches!(self, Self::NoParameterSets { .. } | Self::Malformed(_) | Self::ShutDown)
    }
}
