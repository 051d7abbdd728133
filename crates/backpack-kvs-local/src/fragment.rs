use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A piece of a stream from a key frame on, as it was sent.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Fragment {
    /// The service's number, growing from fragment to fragment.
    pub number: String,
    /// The cluster's timestamp as it was sent, in milliseconds.
    pub timecode: i64,
    /// When it begins by the producer's clock, in milliseconds since 1970.
    pub producer_timestamp: i64,
    /// When it had arrived by the service's clock, in milliseconds since 1970.
    pub server_timestamp: i64,
    /// What its frames belong to.
    pub tracks: Arc<[Track]>,
    /// In the order in which they were sent.
    pub frames: Vec<Frame>,
    /// The metadata, without the tag that ends a fragment.
    pub tags: Vec<(String, String)>,
    /// The bytes of the cluster, headers included.
    pub bytes: u64,
}

/// A frame of a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Frame {
    /// The number of its track.
    pub track: u64,
    /// When it is shown by the producer's clock, in milliseconds since 1970.
    pub timestamp: i64,
    /// Whether a decoder can begin here.
    pub is_key: bool,
    /// What was in the block.
    pub data: Bytes,
}

/// What was announced before the first fragment of a connection.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Track {
    /// By which blocks refer to it.
    pub number: u64,
    /// A number that is to be the same on all connections.
    pub uid: u64,
    /// What it carries.
    pub kind: TrackKind,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Matroska's name of the codec, for example `V_MPEG4/ISO/AVC`.
    pub codec_id: String,
    /// What a decoder needs beforehand: for H.264 the avcC record.
    pub codec_private: Bytes,
}

/// What a track carries.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum TrackKind {
    /// Pictures.
    Video {
        /// In pixels.
        width: u64,
        /// In pixels.
        height: u64,
    },
    /// Sound.
    Audio {
        /// In Hz.
        sampling_rate: f64,
        /// How many.
        channels: u64,
    },
}

impl Fragment {
    /// From its begin to its last frame.
    pub fn duration(&self) -> Duration {
        let last = self.frames.iter().map(|frame| frame.timestamp).max().unwrap_or(self.producer_timestamp);
        Duration::from_millis(u64::try_from(last.saturating_sub(self.producer_timestamp)).unwrap_or(0))
    }
}

impl Track {
    /// Whether it carries pictures.
    pub fn is_video(&self) -> bool {
        matches!(self.kind, TrackKind::Video { .. })
    }
}
