/// The errors that PutMedia acknowledges with, with the service's numbers and names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u16)]
#[non_exhaustive]
pub enum ErrorId {
    /// The request body could not be read.
    StreamRead = 4000,
    /// A fragment is larger than 50 MB.
    FragmentSize = 4001,
    /// A fragment is too long.
    FragmentDuration = 4002,
    /// The connection has lived too long.
    ConnectionDuration = 4003,
    /// A fragment does not begin after all that came before it.
    FragmentTimecode = 4004,
    /// More than one track, which older versions of the service did not take.
    MoreThanOneTrack = 4005,
    /// What came is not the Matroska that the service takes.
    InvalidMkv = 4006,
    /// A producer timestamp that cannot be right.
    ProducerTimestamp = 4007,
    /// The stream was deleted.
    StreamNotActive = 4008,
    /// Too many, too long or forbidden tags.
    MetadataLimit = 4009,
    /// A block of a track that was not announced.
    TrackNumber = 4010,
    /// A track has no frame in the fragment.
    FramesMissing = 4011,
    /// More than three tracks.
    TooManyTracks = 4012,
    /// The service may not use the stream's key.
    KmsAccessDenied = 4500,
    /// The stream's key is disabled.
    KmsKeyDisabled = 4501,
    /// The stream's key is not valid.
    KmsValidation = 4502,
    /// The stream's key is not available.
    KmsUnavailable = 4503,
    /// The stream's key is not made for this.
    KmsInvalidUsage = 4504,
    /// The stream's key is in a state that does not allow this.
    KmsInvalidState = 4505,
    /// There is no such key.
    KmsNotFound = 4506,
    /// The service failed.
    Internal = 5000,
    /// The service could not store the fragment.
    Archival = 5001,
}

impl ErrorId {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 22] = [
        Self::StreamRead,
        Self::FragmentSize,
        Self::FragmentDuration,
        Self::ConnectionDuration,
        Self::FragmentTimecode,
        Self::MoreThanOneTrack,
        Self::InvalidMkv,
        Self::ProducerTimestamp,
        Self::StreamNotActive,
        Self::MetadataLimit,
        Self::TrackNumber,
        Self::FramesMissing,
        Self::TooManyTracks,
        Self::KmsAccessDenied,
        Self::KmsKeyDisabled,
        Self::KmsValidation,
        Self::KmsUnavailable,
        Self::KmsInvalidUsage,
        Self::KmsInvalidState,
        Self::KmsNotFound,
        Self::Internal,
        Self::Archival,
    ];

    /// The number that stands in the acknowledgement.
    pub fn id(self) -> u16 {
        self as u16
    }

    /// The error with this number.
    pub fn from_id(id: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.id() == id)
    }

    /// The service's name of it, as in the acknowledgement's `ErrorCode`.
    pub fn code(self) -> &'static str {
        match self {
            Self::StreamRead => "STREAM_READ_ERROR",
            Self::FragmentSize => "MAX_FRAGMENT_SIZE_REACHED",
            Self::FragmentDuration => "MAX_FRAGMENT_DURATION_REACHED",
            Self::ConnectionDuration => "MAX_CONNECTION_DURATION_REACHED",
            Self::FragmentTimecode => "FRAGMENT_TIMECODE_LESSER_THAN_PREVIOUS",
            Self::MoreThanOneTrack | Self::TooManyTracks => "MORE_THAN_ALLOWED_TRACKS_FOUND",
            Self::InvalidMkv => "INVALID_MKV_DATA",
            Self::ProducerTimestamp => "INVALID_PRODUCER_TIMESTAMP",
            Self::StreamNotActive => "STREAM_NOT_ACTIVE",
            Self::MetadataLimit => "FRAGMENT_METADATA_LIMIT_REACHED",
            Self::TrackNumber => "TRACK_NUMBER_MISMATCH",
            Self::FramesMissing => "FRAMES_MISSING_FOR_TRACK",
            Self::KmsAccessDenied => "KMS_KEY_ACCESS_DENIED",
            Self::KmsKeyDisabled => "KMS_KEY_DISABLED",
            Self::KmsValidation => "KMS_KEY_VALIDATION_ERROR",
            Self::KmsUnavailable => "KMS_KEY_UNAVAILABLE",
            Self::KmsInvalidUsage => "KMS_KEY_INVALID_USAGE",
            Self::KmsInvalidState => "KMS_KEY_INVALID_STATE",
            Self::KmsNotFound => "KMS_KEY_NOT_FOUND",
            Self::Internal => "INTERNAL_ERROR",
            Self::Archival => "ARCHIVAL_ERROR",
        }
    }
}
