use std::io::{self, Read, Write};

use backpack_skyline::Codec;
use bytes::Bytes;

use crate::track::Track;

/// The first bytes of a file: what it is, and in which version.
const MAGIC: [u8; 8] = *b"BPKVS\0\0\x01";

/// More than the largest fragment the service takes.
const LARGEST: u32 = 64 << 20;

/// A part of a fragment on disk. Each has a checksum of its own, so that what was cut off by a crash is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Record {
    Begin { track: Track, timecode: u64 },
    Picture { bytes: Bytes, time: u64 },
    End { tags: Bytes },
}

impl Record {
    /// Writes the record at the end of a file; the first one is to be a beginning.
    pub(crate) fn write(&self, file: &mut impl Write) -> io::Result<()> {
        let mut fixed = Vec::with_capacity(32);
        let (kind, rest) = match self {
            Self::Begin { track, timecode } => {
                file.write_all(&MAGIC)?;
                fixed.extend(timecode.to_le_bytes());
                fixed.extend(track.width.to_le_bytes());
                fixed.extend(track.height.to_le_bytes());
                fixed.push(if track.codec == Codec::H265 { 5 } else { 4 });
                (1, &track.codec_private)
            }
            Self::Picture { bytes, time } => {
                fixed.extend(time.to_le_bytes());
                (2, bytes)
            }
            Self::End { tags } => (3, tags),
        };
        let length = u32::try_from(fixed.len() + rest.len())
            .ok()
            .filter(|&length| length <= LARGEST)
            .ok_or_else(|| io::Error::other("a picture is too large for the spool"))?;
        let mut head = [0; 9];
        head[4..8].copy_from_slice(&length.to_le_bytes());
        head[8] = kind;
        let mut checksum = crc32fast::Hasher::new();
        [&head[4..], &fixed, rest].into_iter().for_each(|part| checksum.update(part));
        head[..4].copy_from_slice(&checksum.finalize().to_le_bytes());
        file.write_all(&head)?;
        file.write_all(&fixed)?;
        file.write_all(rest)
    }
}

/// Reads the records of a file one after the other.
#[derive(Debug)]
pub(crate) struct Records<R> {
    file: R,
}

impl<R: Read> Records<R> {
    /// Reads what the file begins with; `None` if that is no fragment.
    pub(crate) fn open(mut file: R) -> Option<(Self, Track, u64)> {
        let mut magic = [0; 8];
        file.read_exact(&mut magic).ok()?;
        let mut records = Self { file };
        match records.next() {
            Some(Record::Begin { track, timecode }) if magic == MAGIC => Some((records, track, timecode)),
            _ => None,
        }
    }

    fn read(&mut self) -> Option<Record> {
        let mut head = [0; 9];
        self.file.read_exact(&mut head).ok()?;
        let length = u32::from_le_bytes(head[4..8].try_into().ok()?);
        if length > LARGEST {
            return None;
        }
        // It grows with what is there, whatever length a broken file tells.
        let mut content = Vec::new();
        self.file.by_ref().take(length.into()).read_to_end(&mut content).ok()?;
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&head[4..]);
        checksum.update(&content);
        if content.len() != length as usize || checksum.finalize().to_le_bytes() != head[..4] {
            return None;
        }
        let mut content = Bytes::from(content);
        match head[8] {
            1 if content.len() >= 17 => {
                let fixed = content.split_to(17);
                let number = |at: usize| Some(u32::from_le_bytes(fixed[at..at + 4].try_into().ok()?));
                let codec = match fixed[16] {
                    4 => Codec::H264,
                    5 => Codec::H265,
                    _ => return None,
                };
                let timecode = u64::from_le_bytes(fixed[..8].try_into().ok()?);
                let track = Track { codec, width: number(8)?, height: number(12)?, codec_private: content };
                Some(Record::Begin { track, timecode })
            }
            2 if content.len() >= 8 => {
                let time = u64::from_le_bytes(content.split_to(8)[..].try_into().ok()?);
                Some(Record::Picture { bytes: content, time })
            }
            3 => Some(Record::End { tags: content }),
            _ => None,
        }
    }
}

/// Ends with the last record that is whole.
impl<R: Read> Iterator for Records<R> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.read()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn begin() -> Record {
        let codec_private = Bytes::from_static(b"avcC");
        Record::Begin {
            track: Track { codec: Codec::H265, width: 640, height: 360, codec_private },
            timecode: 42,
        }
    }

    fn written(records: &[Record]) -> Vec<u8> {
        let mut file = Vec::new();
        records.iter().for_each(|record| record.write(&mut file).unwrap());
        file
    }

    fn read(file: &[u8]) -> Option<Vec<Record>> {
        let (records, track, timecode) = Records::open(file)?;
        Some([Record::Begin { track, timecode }].into_iter().chain(records).collect())
    }

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let bytes = || prop::collection::vec(any::<u8>(), 0..50).prop_map(Bytes::from);
        let picture = (bytes(), any::<u64>()).prop_map(|(bytes, time)| Record::Picture { bytes, time });
        let record = prop_oneof![picture, bytes().prop_map(|tags| Record::End { tags })];
        prop::collection::vec(record, 0..6).prop_map(|rest| [vec![begin()], rest].concat())
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(records in records()) {
            prop_assert_eq!(read(&written(&records)), Some(records));
        }

        #[test]
        fn a_file_that_is_cut_off_gives_the_records_that_are_whole(records in records(), cut in any::<prop::sample::Index>()) {
            let file = written(&records);
            let at = cut.index(file.len());
            let read = read(&file[..at]).unwrap_or_default();
            prop_assert!(read.len() < records.len() || at == file.len());
            prop_assert_eq!(&read[..], &records[..read.len()]);
        }

        #[test]
        fn a_changed_bit_is_noticed(records in records(), place in any::<prop::sample::Index>(), bit in 0..8) {
            let mut file = written(&records);
            let at = place.index(file.len());
            file[at] ^= 1_u8 << bit;
            let read = read(&file).unwrap_or_default();
            prop_assert!(read.len() < records.len());
            prop_assert_eq!(&read[..], &records[..read.len()]);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(file in prop::collection::vec(any::<u8>(), 0..200)) {
            read(&[&MAGIC, &file[..]].concat());
        }
    }
}
