//! Matroska in the form that Kinesis Video Streams takes: one segment without an end, one cluster for each fragment.
//!
//! The element identifiers are those of RFC 9559; sizes and numbers are written as EBML (RFC 8794) has them.

use backpack_skyline::Codec;
use bytes::Bytes;

use crate::track::Track;

/// The tag that ends the last fragment of a connection, which the service otherwise waits for the next one with.
const END_OF_FRAGMENT: &str = "AWS_KINESISVIDEO_END_OF_FRAGMENT";

/// The size of an element that goes on until another of its level begins.
const UNKNOWN_SIZE: [u8; 8] = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

const TRACK_NUMBER: u8 = 1;

/// Everything before the first cluster.
pub(crate) fn header(track: &Track, title: &str, segment: u128) -> Bytes {
    let mut out = Vec::with_capacity(512);
    element(&mut out, &[0x1a, 0x45, 0xdf, 0xa3], |ebml| {
        number(ebml, &[0x42, 0x86], 1);
        number(ebml, &[0x42, 0xf7], 1);
        number(ebml, &[0x42, 0xf2], 4);
        number(ebml, &[0x42, 0xf3], 8);
        text(ebml, &[0x42, 0x82], "matroska");
        number(ebml, &[0x42, 0x87], 2);
        number(ebml, &[0x42, 0x85], 2);
    });
    out.extend([0x18, 0x53, 0x80, 0x67]);
    out.extend(UNKNOWN_SIZE);
    element(&mut out, &[0x15, 0x49, 0xa9, 0x66], |info| {
        binary(info, &[0x73, 0xa4], &segment.to_be_bytes());
        // Timecodes are milliseconds.
        number(info, &[0x2a, 0xd7, 0xb1], 1_000_000);
        text(info, &[0x7b, 0xa9], title);
        let application = concat!("backpack-kvs ", env!("CARGO_PKG_VERSION"));
        text(info, &[0x4d, 0x80], application);
        text(info, &[0x57, 0x41], application);
    });
    element(&mut out, &[0x16, 0x54, 0xae, 0x6b], |tracks| {
        element(tracks, &[0xae], |entry| track_entry(entry, track));
    });
    out.into()
}

fn track_entry(out: &mut Vec<u8>, track: &Track) {
    let codec = match track.codec {
        Codec::H265 => "V_MPEGH/ISO/HEVC",
        _ => "V_MPEG4/ISO/AVC",
    };
    number(out, &[0xd7], TRACK_NUMBER.into());
    number(out, &[0x73, 0xc5], TRACK_NUMBER.into());
    // Video.
    number(out, &[0x83], 1);
    number(out, &[0x9c], 0);
    text(out, &[0x53, 0x6e], "video");
    text(out, &[0x86], codec);
    element(out, &[0xe0], |video| {
        number(video, &[0xb0], track.width.into());
        number(video, &[0xba], track.height.into());
    });
    binary(out, &[0x63, 0xa2], &track.codec_private);
}

/// The beginning of a fragment at this time, in milliseconds since 1970.
pub(crate) fn cluster(timecode: u64) -> Bytes {
    let mut out = Vec::with_capacity(22);
    out.extend([0x1f, 0x43, 0xb6, 0x75]);
    out.extend(UNKNOWN_SIZE);
    binary(&mut out, &[0xe7], &timecode.to_be_bytes());
    out.into()
}

/// One picture of a fragment, as the payload of a block whose time may still be open.
#[derive(Debug)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// Where the time stands.
    offset_at: usize,
}

impl Block {
    /// A block of these NAL units, each behind its length in four bytes.
    pub(crate) fn new(units: &[&[u8]], is_key: bool) -> Self {
        let payload = 4 + units.iter().map(|unit| 4 + unit.len()).sum::<usize>();
        let mut bytes = Vec::with_capacity(payload + 9);
        bytes.push(0xa3);
        size(&mut bytes, payload);
        bytes.push(0x80 | TRACK_NUMBER);
        let offset_at = bytes.len();
        bytes.extend([0, 0, if is_key { 0x80 } else { 0 }]);
        for unit in units {
            // A NAL unit beyond 4 GiB cannot occur: fragments end far below.
            bytes.extend(u32::try_from(unit.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(unit);
        }
        Self { bytes, offset_at }
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The block so many milliseconds after the beginning of its cluster.
    pub(crate) fn at(mut self, offset: i16) -> Bytes {
        self.bytes[self.offset_at..][..2].copy_from_slice(&offset.to_be_bytes());
        self.bytes.into()
    }
}

/// Names and values for the fragment before.
pub(crate) fn tags<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Bytes {
    let mut out = Vec::new();
    element(&mut out, &[0x12, 0x54, 0xc3, 0x67], |tags| {
        element(tags, &[0x73, 0x73], |tag| {
            for (name, value) in pairs {
                element(tag, &[0x67, 0xc8], |simple| {
                    text(simple, &[0x45, 0xa3], name);
                    text(simple, &[0x44, 0x87], value);
                });
            }
        });
    });
    out.into()
}

/// Ends the last fragment of a connection.
pub(crate) fn end_of_fragment() -> Bytes {
    tags([(END_OF_FRAGMENT, "")])
}

fn element(out: &mut Vec<u8>, id: &[u8], content: impl FnOnce(&mut Vec<u8>)) {
    let mut inner = Vec::new();
    content(&mut inner);
    binary(out, id, &inner);
}

fn binary(out: &mut Vec<u8>, id: &[u8], data: &[u8]) {
    out.extend_from_slice(id);
    size(out, data.len());
    out.extend_from_slice(data);
}

fn text(out: &mut Vec<u8>, id: &[u8], text: &str) {
    binary(out, id, text.as_bytes());
}

/// A number in as many bytes as it needs.
fn number(out: &mut Vec<u8>, id: &[u8], number: u64) {
    let bytes = number.to_be_bytes();
    let used = bytes.iter().position(|&byte| byte != 0).unwrap_or(7);
    binary(out, id, &bytes[used..]);
}

/// The size of an element in one, four or eight bytes; those with all bits set are kept for unknown sizes.
fn size(out: &mut Vec<u8>, size: usize) {
    let wide = size as u64;
    if wide < 0x7f {
        out.push(0x80 | wide as u8);
    } else if wide < 0x0fff_ffff {
        out.extend((0x1000_0000 | wide as u32).to_be_bytes());
    } else {
        out.extend((0x0100_0000_0000_0000 | wide).to_be_bytes());
    }
}
