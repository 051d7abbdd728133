use backpack_skyline::Codec;
use bytes::Bytes;

/// What a decoder must know before the first picture. A connection carries pictures of one track alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) codec: Codec,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The decoder configuration record: `avcC` or `hvcC`.
    pub(crate) codec_private: Bytes,
}
