use std::time::SystemTime;

use backpack_skyline::{Codec, StreamInfo};

use crate::parameter_sets::{ParameterSets, read_configuration};
use crate::{Framing, PutError};

/// How the access units that are put are encoded and framed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    pub(crate) codec: Codec,
    pub(crate) framing: Framing,
    pub(crate) sets: ParameterSets,
    pub(crate) started: SystemTime,
}

impl Video {
    /// A byte stream (Annex B), whose key frames carry their parameter sets.
    pub fn byte_stream(codec: Codec) -> Self {
        Self {
            codec,
            framing: Framing::AnnexB,
            sets: ParameterSets::default(),
            started: SystemTime::UNIX_EPOCH,
        }
    }

    /// What stands in MP4 and Matroska, beside which the container keeps this decoder configuration: the content of `avcC` or `hvcC`, `CodecPrivate`
    /// in Matroska.
    ///
    /// # Errors
    /// If that is no such record.
    pub fn with_configuration(codec: Codec, record: &[u8]) -> Result<Self, PutError> {
        let unreadable = || PutError::Malformed(format!("the decoder configuration is none of {codec}"));
        let (framing, sets) = read_configuration(codec, record).ok_or_else(unreadable)?;
        sets.track(codec)?;
        Ok(Self { framing, sets, ..Self::byte_stream(codec) })
    }

    /// When timestamp zero was; unless told, the first unit is taken to be of the moment when it is put.
    #[must_use]
    pub fn started(mut self, started: SystemTime) -> Self {
        self.started = started;
        self
    }
}

impl From<&StreamInfo> for Video {
    fn from(stream: &StreamInfo) -> Self {
        Self::byte_stream(stream.codec).started(stream.started)
    }
}
