//! The form of a file of the backlog: a mark, and entries, each with its length and its checksum. It is only ever appended to, so that whatever
//! ends a program leaves whole entries and at most a part of one behind them.

use serde::{Deserialize, Serialize};

use crate::record::Record;

/// The last byte is the version of the form.
const MARK: [u8; 5] = *b"BPCW\x01";
/// In front of an entry: its length and its CRC-32, both with the lowest byte first.
const HEAD: usize = 8;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Entry {
    /// Comes first: the one to which all reports of the file go.
    Namespace(String),
    Report(Record),
    /// So many reports, counted from the first, are done with.
    Done(u32),
}

/// What is in a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Contents {
    pub(crate) namespace: String,
    /// Those that are done with included.
    pub(crate) records: Vec<Record>,
    pub(crate) done: usize,
    /// How many bytes of the file were understood; behind them something is torn or damaged.
    pub(crate) length: usize,
}

/// The beginning of a file.
pub(crate) fn begin(namespace: &str) -> Vec<u8> {
    let mut bytes = MARK.to_vec();
    append(&mut bytes, &Entry::Namespace(namespace.to_owned()));
    bytes
}

pub(crate) fn append(bytes: &mut Vec<u8>, entry: &Entry) {
    // Nothing in an entry can fail to be written to memory.
    let Ok(payload) = postcard::to_stdvec(entry) else { return };
    let Ok(length) = u32::try_from(payload.len()) else { return };
    bytes.extend(length.to_le_bytes());
    bytes.extend(crc32fast::hash(&payload).to_le_bytes());
    bytes.extend(payload);
}

/// Reads as far as the bytes are whole; `None` if not even the beginning is.
pub(crate) fn read(bytes: &[u8]) -> Option<Contents> {
    let mut rest = bytes.strip_prefix(&MARK)?;
    let Entry::Namespace(namespace) = take(&mut rest)? else { return None };
    let (mut records, mut done) = (Vec::new(), 0);
    let mut length = bytes.len() - rest.len();
    while let Some(entry) = take(&mut rest) {
        match entry {
            Entry::Report(record) => records.push(record),
            Entry::Done(count) => done = done.max(count as usize),
            Entry::Namespace(_) => break,
        }
        length = bytes.len() - rest.len();
    }
    let done = done.min(records.len());
    Some(Contents { namespace, records, done, length })
}

/// Takes the next entry off, if it is whole.
fn take(rest: &mut &[u8]) -> Option<Entry> {
    let (head, behind) = rest.split_first_chunk::<HEAD>()?;
    let [a, b, c, d, checksum @ ..] = *head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let (payload, behind) = behind.split_at_checked(length)?;
    if crc32fast::hash(payload) != u32::from_le_bytes(checksum) {
        return None;
    }
    let (entry, unread) = postcard::take_from_bytes(payload).ok()?;
    *rest = behind;
    unread.is_empty().then_some(entry)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::record::{Data, Metric};
    use crate::{Resolution, Unit};

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let number = -1e9..1e9;
        let data = prop_oneof![
            (number.clone(), number.clone(), number.clone(), number.clone())
                .prop_map(|(count, sum, min, max)| Data::Statistics { count, sum, min, max }),
            prop::collection::vec((number.clone(), number), 0..20).prop_map(Data::Values),
        ];
        let dimensions = prop::collection::vec((".*", ".*"), 0..4);
        let record = (".*", dimensions, any::<i64>(), any::<i64>(), data);
        let record = record.prop_map(|(name, dimensions, time, epoch, data)| {
            let (unit, resolution) = (Unit::Milliseconds, Resolution::High);
            let metric = Arc::new(Metric { name, dimensions, unit, resolution });
            Record { metric, time, epoch, data }
        });
        prop::collection::vec(record, 0..8)
    }

    /// The bytes of a file, and where each of its records ends.
    fn written(records: &[Record]) -> (Vec<u8>, Vec<usize>) {
        let mut bytes = begin("Yard");
        let mut ends = Vec::new();
        for record in records {
            append(&mut bytes, &Entry::Report(record.clone()));
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(records in records(), done in 0u32..10) {
            let (mut bytes, _) = written(&records);
            append(&mut bytes, &Entry::Done(done));
            let contents = read(&bytes).unwrap();
            prop_assert_eq!((&contents.namespace[..], contents.length), ("Yard", bytes.len()));
            prop_assert_eq!(contents.done, records.len().min(done as usize));
            prop_assert_eq!(contents.records, records);
        }

        #[test]
        fn a_torn_file_gives_every_record_that_is_whole(records in records(), at in any::<prop::sample::Index>()) {
            let (bytes, ends) = written(&records);
            let cut = at.index(bytes.len() + 1);
            let whole = ends.iter().filter(|&&end| end <= cut).count();
            match read(&bytes[..cut]) {
                Some(contents) => {
                    prop_assert_eq!(&contents.records[..], &records[..whole]);
                    prop_assert!(contents.length <= cut);
                }
                None => prop_assert!(cut < begin("Yard").len()),
            }
        }

        #[test]
        fn a_damaged_byte_costs_nothing_before_it(records in records(), at in any::<prop::sample::Index>(), flip in 1u8..) {
            let (mut bytes, ends) = written(&records);
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            let before = ends.iter().filter(|&&end| end <= at).count();
            match read(&bytes) {
                Some(contents) => prop_assert_eq!(&contents.records[..], &records[..before]),
                None => prop_assert!(at < begin("Yard").len()),
            }
        }

        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let marked = [&MARK[..], &bytes].concat();
            for bytes in [&bytes, &marked] {
                if let Some(contents) = read(bytes) {
                    prop_assert!(contents.length <= bytes.len() && contents.done <= contents.records.len());
                }
            }
        }
    }
}
