//! A tiny writer of Matroska in the service's form, by the specification.

use std::time::{SystemTime, UNIX_EPOCH};

/// A time that no clock limits: 2024-01-01.
pub const START: u64 = 1_704_067_200_000;

const UNKNOWN: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/// The bytes of a PutMedia body.
#[derive(Debug, Clone, Default)]
pub struct Media(pub Vec<u8>);

impl Media {
    /// With the headers of one track of video.
    pub fn new() -> Self {
        Self::default().ebml().segment().info().tracks(&[video(1, &avc_config())])
    }

    pub fn ebml(self) -> Self {
        let parts = [
            element(&[0x42, 0x86], &[1]),
            element(&[0x42, 0xf7], &[1]),
            element(&[0x42, 0xf2], &[4]),
            element(&[0x42, 0xf3], &[8]),
            element(&[0x42, 0x82], b"matroska"),
            element(&[0x42, 0x87], &[2]),
            element(&[0x42, 0x85], &[2]),
        ];
        self.raw(&element(&[0x1a, 0x45, 0xdf, 0xa3], &parts.concat()))
    }

    pub fn segment(self) -> Self {
        self.raw(&[0x18, 0x53, 0x80, 0x67]).raw(&UNKNOWN)
    }

    pub fn info(self) -> Self {
        let parts = [
            element(&[0x2a, 0xd7, 0xb1], &1_000_000u32.to_be_bytes()),
            element(&[0x73, 0xa4], &[7; 16]),
            element(&[0x4d, 0x80], b"test"),
            element(&[0x57, 0x41], b"test"),
        ];
        self.raw(&element(&[0x15, 0x49, 0xa9, 0x66], &parts.concat()))
    }

    pub fn tracks(self, entries: &[Vec<u8>]) -> Self {
        self.raw(&element(&[0x16, 0x54, 0xae, 0x6b], &entries.concat()))
    }

    /// The begin of a cluster, of unknown size.
    pub fn cluster(self, timecode: u64) -> Self {
        self.raw(&[0x1f, 0x43, 0xb6, 0x75]).raw(&UNKNOWN).raw(&element(&[0xe7], &timecode.to_be_bytes()))
    }

    pub fn block(self, track: u8, offset: i16, is_key: bool, data: &[u8]) -> Self {
        let mut block = vec![0x80 | track];
        block.extend(offset.to_be_bytes());
        block.push(if is_key { 0x80 } else { 0 });
        block.extend(data);
        self.raw(&element(&[0xa3], &block))
    }

    /// A cluster of so many frames of track 1, 40 ms each.
    pub fn fragment(mut self, timecode: u64, frames: u8) -> Self {
        self = self.cluster(timecode);
        for index in 0..frames {
            self = self.block(1, i16::from(index) * 40, index == 0, &picture(index));
        }
        self
    }

    pub fn tag(self, name: &str, value: &str) -> Self {
        self.tags(&[(name, value)])
    }

    pub fn tags(self, tags: &[(&str, &str)]) -> Self {
        let simple = tags.iter().map(|(name, value)| {
            let parts = [element(&[0x45, 0xa3], name.as_bytes()), element(&[0x44, 0x87], value.as_bytes())];
            element(&[0x67, 0xc8], &parts.concat())
        });
        let tag = element(&[0x73, 0x73], &simple.collect::<Vec<_>>().concat());
        self.raw(&element(&[0x12, 0x54, 0xc3, 0x67], &tag))
    }

    /// The tag that ends a fragment.
    pub fn end(self) -> Self {
        self.tag("AWS_KINESISVIDEO_END_OF_FRAGMENT", "")
    }

    pub fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }
}

/// A track entry of H.264 video.
pub fn video(number: u8, codec_private: &[u8]) -> Vec<u8> {
    let size = [element(&[0xb0], &[0x02, 0x80]), element(&[0xba], &[0x01, 0x68])].concat();
    let mut parts = vec![
        element(&[0xd7], &[number]),
        element(&[0x73, 0xc5], &[number]),
        element(&[0x83], &[1]),
        element(&[0x86], b"V_MPEG4/ISO/AVC"),
        element(&[0xe0], &size),
    ];
    if !codec_private.is_empty() {
        parts.push(element(&[0x63, 0xa2], codec_private));
    }
    element(&[0xae], &parts.concat())
}

/// An avcC record with an SPS and a PPS.
pub fn avc_config() -> Vec<u8> {
    let (sps, pps) = ([0x67, 0x42, 0xc0, 0x1e, 0xd9], [0x68, 0xce, 0x3c, 0x80]);
    let mut config = vec![1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 5];
    config.extend(sps);
    config.extend([1, 0, 4]);
    config.extend(pps);
    config
}

/// A slice that looks like one, with its length before it.
pub fn picture(index: u8) -> Vec<u8> {
    let slice = [if index == 0 { 0x65 } else { 0x41 }, index, 1, 2, 3];
    [&(slice.len() as u32).to_be_bytes()[..], &slice].concat()
}

pub fn element(id: &[u8], data: &[u8]) -> Vec<u8> {
    let size = (data.len() as u64 | 0x0100_0000_0000_0000).to_be_bytes();
    [id, &size, data].concat()
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}
