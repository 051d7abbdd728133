//! The byte stream format of H.264 and H.265 (Annex B of both): NAL units, each behind a start code.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::Codec;

/// What every NAL unit stands behind.
const START_CODE: [u8; 3] = [0, 0, 1];

/// The NAL units of a byte stream, without their start codes; empty ones are left out.
///
/// What stands before the first start code is ignored, as are zero bytes after a NAL unit.
pub fn nal_units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = start_code(stream).map(|(_, begin)| &stream[begin..]);
    std::iter::from_fn(move || {
        loop {
            let unit = rest?;
            let (end, next) = match start_code(unit) {
                Some((end, begin)) => (end, Some(&unit[begin..])),
                None => (unit.len(), None),
            };
            rest = next;
            let trimmed = unit[..end].iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            if trimmed > 0 {
                return Some(&unit[..trimmed]);
            }
        }
    })
}

/// Where the first start code begins and where it ends.
fn start_code(stream: &[u8]) -> Option<(usize, usize)> {
    static FINDER: LazyLock<Finder> = LazyLock::new(|| Finder::new(&START_CODE));
    FINDER.find(stream).map(|at| (at, at + START_CODE.len()))
}

/// The kind of a NAL unit (ITU-T H.264, table 7-1; ITU-T H.265, table 7-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NalKind {
    /// A slice of a picture at which decoding can begin: type 5, in H.265 types 16 to 21.
    KeyFrame,
    /// A video parameter set: only in H.265, type 32.
    Vps,
    /// A sequence parameter set: type 7, in H.265 33.
    Sps,
    /// A picture parameter set: type 8, in H.265 34.
    Pps,
    /// An access unit delimiter: type 9, in H.265 35.
    Delimiter,
    /// Anything else.
    Other,
}

impl NalKind {
    /// The kind of a NAL unit, from its first byte.
    pub fn of(codec: Codec, unit: &[u8]) -> Self {
        let Some(&first) = unit.first() else { return Self::Other };
        match codec {
            Codec::H264 => match first & 0x1f {
                5 => Self::KeyFrame,
                7 => Self::Sps,
                8 => Self::Pps,
                9 => Self::Delimiter,
                _ => Self::Other,
            },
            Codec::H265 => match first >> 1 & 0x3f {
                16..=21 => Self::KeyFrame,
                32 => Self::Vps,
                33 => Self::Sps,
                34 => Self::Pps,
                35 => Self::Delimiter,
                _ => Self::Other,
            },
        }
    }

    /// Whether units of this kind belong among the pictures of a container, and not into its header or nowhere.
    fn is_picture_data(self) -> bool {
        matches!(self, Self::KeyFrame | Self::Other)
    }
}

/// The same NAL units with their length in four bytes (big endian) instead of a start code, as MP4 and Matroska store them.
///
/// Parameter sets and delimiters are left out, because those containers store the former once and do not want the latter.
pub fn to_length_prefixed(codec: Codec, stream: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(stream.len() + 16);
    for unit in nal_units(stream) {
        if !NalKind::of(codec, unit).is_picture_data() {
            continue;
        }
        // A NAL unit beyond 4 GiB cannot occur: level limits end far below.
        out.extend_from_slice(&u32::try_from(unit.len()).unwrap_or(u32::MAX).to_be_bytes());
        out.extend_from_slice(unit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn units_are_found_behind_short_and_long_start_codes() {
        let stream = [9, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 0, 0, 0, 1, 0, 0, 1, 0x65, 0, 0, 2, 0];
        let units: Vec<_> = nal_units(&stream).collect();
        assert_eq!(units, [&[0x67, 1][..], &[0x68], &[0x65, 0, 0, 2]]);
        assert_eq!(to_length_prefixed(Codec::H264, &stream), [0, 0, 0, 4, 0x65, 0, 0, 2]);
    }

    proptest! {
        #[test]
        fn what_is_written_with_start_codes_is_read_back(
            units in prop::collection::vec(prop::collection::vec(1u8..=255, 1..40), 0..10), long in any::<bool>(),
        ) {
            let mut stream = Vec::new();
            for unit in &units {
                stream.extend_from_slice(if long { &[0, 0, 0, 1] } else { &[0, 0, 1] });
                stream.extend_from_slice(unit);
            }
            prop_assert_eq!(nal_units(&stream).collect::<Vec<_>>(), units);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(stream in prop::collection::vec(0u8..3, 0..60)) {
            let total: usize = nal_units(&stream).map(<[u8]>::len).sum();
            prop_assert!(total <= stream.len());
            to_length_prefixed(Codec::H264, &stream);
            to_length_prefixed(Codec::H265, &stream);
        }
    }
}
