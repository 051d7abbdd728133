use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::naming::Naming;

/// How much of a recording is kept; each limit that is set holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Retention {
    pub(super) bytes: Option<u64>,
    pub(super) files: Option<usize>,
    pub(super) time: Option<Duration>,
}

/// A finished segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub(super) path: PathBuf,
    pub(super) begins: SystemTime,
    pub(super) bytes: u64,
}

/// The segment that is being written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing {
    pub(super) begins: SystemTime,
    pub(super) bytes: u64,
    /// When its newest picture was taken.
    pub(super) now: SystemTime,
}

/// The finished segments of a recording, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Archive(Vec<Kept>);

impl Archive {
    /// What earlier runs have left in the folder.
    pub(super) fn load(naming: &Naming) -> io::Result<Self> {
        let mut kept = Vec::new();
        for entry in fs::read_dir(naming.folder())? {
            let entry = entry?;
            let Some((begins, number)) = naming.parse(&naming.folder().join(entry.file_name())) else {
                continue;
            };
            // A link or a folder of such a name was put there by somebody else.
            let metadata = entry.metadata()?;
            if metadata.is_file() {
                kept.push((number, Kept { path: entry.path(), begins, bytes: metadata.len() }));
            }
        }
        kept.sort_by_key(|(number, kept)| (kept.begins, *number));
        Ok(Self(kept.into_iter().map(|(_, kept)| kept).collect()))
    }

    pub(super) fn add(&mut self, kept: Kept) {
        let at = self.0.partition_point(|other| other.begins <= kept.begins);
        self.0.insert(at, kept);
    }

    /// Takes out the segments that must go.
    pub(super) fn take_expired(&mut self, retention: Retention, writing: Writing) -> Vec<Kept> {
        let mut bytes = writing.bytes + self.0.iter().map(|kept| kept.bytes).sum::<u64>();
        let mut files = self.0.len() + 1;
        let ends = self.0.iter().skip(1).map(|next| next.begins).chain([writing.begins]);
        let expired = self.0.iter().zip(ends).take_while(|(kept, ends)| {
            let age = writing.now.duration_since(*ends).unwrap_or_default();
            let goes = retention.bytes.is_some_and(|limit| bytes > limit)
                || retention.files.is_some_and(|limit| files > limit)
                || retention.time.is_some_and(|limit| age > limit);
            bytes -= kept.bytes;
            files -= 1;
            goes
        });
        let count = expired.count();
        self.0.drain(..count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// Segments of 10 bytes and 60 seconds, the last of which is being written; how many of the finished ones are left.
    fn left(retention: Retention) -> Vec<u64> {
        let mut archive = Archive::default();
        for begins in [120, 0, 60, 180] {
            archive.add(Kept { path: begins.to_string().into(), begins: at(begins), bytes: 10 });
        }
        archive.take_expired(retention, Writing { begins: at(240), bytes: 5, now: at(270) });
        archive.0.iter().map(|kept| kept.begins.duration_since(at(0)).unwrap().as_secs()).collect()
    }

    #[test]
    fn the_oldest_segments_go_until_each_limit_holds() {
        let limits =
            |bytes, files, time| Retention { bytes, files, time: Option::map(time, Duration::from_secs) };
        assert_eq!(left(limits(None, None, None)), [0, 60, 120, 180]);
        assert_eq!(left(limits(Some(45), None, None)), [0, 60, 120, 180]);
        assert_eq!(left(limits(Some(44), None, None)), [60, 120, 180]);
        assert_eq!(left(limits(Some(1), None, None)), [0; 0]);
        assert_eq!(left(limits(None, Some(3), None)), [120, 180]);
        assert_eq!(left(limits(None, Some(1), None)), [0; 0]);
        assert_eq!(left(limits(None, None, Some(90))), [120, 180]);
        assert_eq!(left(limits(None, None, Some(89))), [180]);
        assert_eq!(left(limits(None, None, Some(29))), [0; 0]);
        assert_eq!(left(limits(Some(44), Some(3), Some(1000))), [120, 180]);
    }
}
