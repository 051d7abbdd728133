use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::record::{Record, Records};
use crate::track::Track;

/// How many files that the service refused, or that cannot be read, are kept for whoever wants to know why.
const ASIDE: usize = 16;

/// The folder of a spool: one file for each fragment, named by its number.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Held so that no other producer uses the folder.
    _lock: File,
}

/// A fragment of an earlier run.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) id: u64,
    pub(crate) path: PathBuf,
    pub(crate) track: Track,
    pub(crate) timecode: u64,
    pub(crate) bytes: usize,
}

impl Folder {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path.join("aside"))?;
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.join("lock"))?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => io::Error::other("another producer uses it"),
            fs::TryLockError::Error(error) => error,
        })?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// The fragments of earlier runs, the oldest first, and how many files were no fragments and are set aside.
    pub(crate) fn scan(&self) -> io::Result<(Vec<Found>, u64)> {
        let mut found = Vec::new();
        let mut unreadable = 0;
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            let Some(id) = number(&path) else { continue };
            match look_at(&path) {
                Some((track, timecode, bytes)) => found.push(Found { id, path, track, timecode, bytes }),
                None => {
                    unreadable += 1;
                    self.set_aside(&path)?;
                }
            }
        }
        found.sort_by_key(|found| found.id);
        Ok((found, unreadable))
    }

    /// A new file for the fragment of this number.
    pub(crate) fn create(&self, id: u64) -> io::Result<(File, PathBuf)> {
        let path = self.path.join(format!("{id:020}.fragment"));
        // What a camera sees is nobody else's business.
        Ok((OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?, path))
    }

    /// Moves a file out of the way, and deletes the oldest of those.
    pub(crate) fn set_aside(&self, path: &Path) -> io::Result<()> {
        let aside = self.path.join("aside");
        if let Some(name) = path.file_name() {
            fs::rename(path, aside.join(name))?;
        }
        let mut kept: Vec<_> = fs::read_dir(&aside)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        kept.sort();
        let excess = kept.len().saturating_sub(ASIDE);
        kept.iter().take(excess).try_for_each(fs::remove_file)
    }
}

/// The number in the name of a fragment's file.
fn number(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_suffix(".fragment")?.parse().ok()
}

fn look_at(path: &Path) -> Option<(Track, u64, usize)> {
    let file = File::open(path).ok()?;
    let bytes = usize::try_from(file.metadata().ok()?.len()).ok()?;
    let (mut records, track, timecode) = Records::open(BufReader::new(file))?;
    // Without a picture there is nothing to send.
    matches!(records.next(), Some(Record::Picture { .. })).then_some((track, timecode, bytes))
}
