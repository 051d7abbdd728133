use std::fmt;

/// What the service says is wrong with a fragment or a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorId {
    /// 4000: the service could not read the connection.
    StreamRead,
    /// 4001: the fragment has more than 50 MB.
    FragmentTooLarge,
    /// 4002: the fragment is too long.
    FragmentTooLong,
    /// 4003: the connection is too old.
    ConnectionTooOld,
    /// 4004: the fragment does not begin after the one before.
    TimecodesNotIncreasing,
    /// 4005: there is more than one track.
    SeveralTracks,
    /// 4006: it is no Matroska.
    InvalidMkv,
    /// 4007: the connection's beginning is no possible time.
    InvalidProducerTimestamp,
    /// 4008: the stream was deleted.
    StreamDeleted,
    /// 4009: there are too many tags, or too long ones.
    MetadataLimit,
    /// 4010: the fragment's tracks are not those of the header.
    TrackMismatch,
    /// 4011: a track has no picture in the fragment.
    TrackMissing,
    /// 4012: there are too many tracks.
    TooManyTracks,
    /// 4500 to 4506: the key that the stream is encrypted with cannot be used.
    Kms(u16),
    /// 5000: the service failed.
    Internal,
    /// 5001: the service could not store the fragment.
    Archival,
    /// Another one.
    Unknown(i64),
}

/// What is done about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Everything that is not persisted is sent again on a new connection.
    Resend,
    /// The fragment is sent again on its own, and set aside if that is refused too.
    Suspect,
    /// The stream is looked up again, and everything is sent again.
    LookUp,
}

impl ErrorId {
    /// By number and, if that is missing, by name.
    pub(crate) fn new(id: i64, code: &str) -> Self {
        match id {
            4000 => Self::StreamRead,
            4001 => Self::FragmentTooLarge,
            4002 => Self::FragmentTooLong,
            4003 => Self::ConnectionTooOld,
            4004 => Self::TimecodesNotIncreasing,
            4005 => Self::SeveralTracks,
            4006 => Self::InvalidMkv,
            4007 => Self::InvalidProducerTimestamp,
            4008 => Self::StreamDeleted,
            4009 => Self::MetadataLimit,
            4010 => Self::TrackMismatch,
            4011 => Self::TrackMissing,
            4012 => Self::TooManyTracks,
            4500..=4506 => Self::Kms(id as u16),
            5000 => Self::Internal,
            5001 => Self::Archival,
            0 if code == "INVALID_MKV_DATA" => Self::InvalidMkv,
            0 if code == "INTERNAL_ERROR" => Self::Internal,
            0 if code == "ARCHIVAL_ERROR" => Self::Archival,
            _ => Self::Unknown(id),
        }
    }

    /// The service's number.
    pub fn number(self) -> i64 {
        match self {
            Self::StreamRead => 4000,
            Self::FragmentTooLarge => 4001,
            Self::FragmentTooLong => 4002,
            Self::ConnectionTooOld => 4003,
            Self::TimecodesNotIncreasing => 4004,
            Self::SeveralTracks => 4005,
            Self::InvalidMkv => 4006,
            Self::InvalidProducerTimestamp => 4007,
            Self::StreamDeleted => 4008,
            Self::MetadataLimit => 4009,
            Self::TrackMismatch => 4010,
            Self::TrackMissing => 4011,
            Self::TooManyTracks => 4012,
            Self::Kms(id) => id.into(),
            Self::Internal => 5000,
            Self::Archival => 5001,
            Self::Unknown(id) => id,
        }
    }

    pub(crate) fn reaction(self) -> Reaction {
        match self {
            Self::FragmentTooLarge
            | Self::FragmentTooLong
            | Self::TimecodesNotIncreasing
            | Self::SeveralTracks
            | Self::InvalidMkv
            | Self::InvalidProducerTimestamp
            | Self::MetadataLimit
            | Self::TrackMismatch
            | Self::TrackMissing
            | Self::TooManyTracks => Reaction::Suspect,
            Self::StreamDeleted => Reaction::LookUp,
            Self::StreamRead
            | Self::ConnectionTooOld
            | Self::Kms(_)
            | Self::Internal
            | Self::Archival
            | Self::Unknown(_) => Reaction::Resend,
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            Self::StreamRead => "the service could not read the connection",
            Self::FragmentTooLarge => "the fragment is too large",
            Self::FragmentTooLong => "the fragment is too long",
            Self::ConnectionTooOld => "the connection is too old",
            Self::TimecodesNotIncreasing => "the fragment does not begin after the one before",
            Self::SeveralTracks => "there is more than one track",
            Self::InvalidMkv => "the fragment is no valid Matroska",
            Self::InvalidProducerTimestamp => "the time at which the connection begins is impossible",
            Self::StreamDeleted => "the stream was deleted",
            Self::MetadataLimit => "the fragment has too many tags, or too long ones",
            Self::TrackMismatch => "the tracks are not those of the header",
            Self::TrackMissing => "a track has no picture",
            Self::TooManyTracks => "there are too many tracks",
            Self::Kms(_) => "the stream's key cannot be used",
            Self::Internal => "the service failed",
            Self::Archival => "the service could not store the fragment",
            Self::Unknown(_) => "unknown to this version",
        }
    }
}

impl fmt::Display for ErrorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error {}: {}", self.number(), self.meaning())
    }
}
