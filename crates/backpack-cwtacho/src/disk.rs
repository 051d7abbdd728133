use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::batch::{Batch, Place};
use crate::error::BuildError;
use crate::journal::{self, Contents, Entry};
use crate::limits;
use crate::record::Record;

/// A file is at most this part of the backlog, as a full backlog is made smaller by whole files.
const FILES: u64 = 16;

/// Records in the files of a directory, from the oldest on, up to a number of bytes.
///
/// Each file holds what fits in one request, and is removed when all of it is done with.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
    limit: u64,
    namespace: String,
    files: VecDeque<Journal>,
    next: u64,
    /// Locked as long as this exists.
    _lock: File,
}

#[derive(Debug)]
struct Journal {
    number: u64,
    /// Of the file, in bytes.
    size: u64,
    /// In a request.
    wire: usize,
    records: usize,
    done: usize,
    /// Whether this run wrote it.
    is_own: bool,
    /// Records are still added.
    is_open: bool,
    /// A batch of it is on its way.
    is_taken: bool,
}

impl Disk {
    /// Opens the directory, which is made if there is none, with what an earlier run left there.
    pub(crate) fn open(folder: &Path, limit: u64, namespace: String) -> Result<Self, BuildError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| BuildError::Disk { path, source }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        let path = folder.join("lock");
        let lock = OpenOptions::new().create(true).append(true).open(&path).map_err(failed(&path))?;
        lock.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => BuildError::InUse(folder.to_owned()),
            TryLockError::Error(source) => failed(&path)(source),
        })?;
        let mut numbers = numbers(folder).map_err(failed(folder))?;
        numbers.sort_unstable();
        let next = numbers.last().map_or(0, |last| last.saturating_add(1));
        let folder = folder.to_owned();
        let mut disk = Self { folder, limit, namespace, files: VecDeque::new(), next, _lock: lock };
        for number in numbers {
            disk.adopt(number).map_err(failed(&disk.path(number)))?;
        }
        Ok(disk)
    }

    /// How many records are not done with.
    pub(crate) fn len(&self) -> usize {
        self.files.iter().map(|file| file.records - file.done).sum()
    }

    /// Whether there is a request's worth.
    pub(crate) fn fills_a_request(&self) -> bool {
        self.files.front().is_some_and(|file| !file.is_open)
    }

    /// Writes the newest record, and returns how many of the oldest had to go for it.
    ///
    /// # Errors
    /// What the system says; then the record has not been written.
    pub(crate) fn push(&mut self, record: &Record) -> io::Result<u64> {
        let mut bytes = Vec::new();
        journal::append(&mut bytes, &Entry::Report(record.clone()));
        let size = bytes.len() as u64;
        let largest = self.limit / FILES;
        let has_room = |file: &Journal| {
            file.is_open
                && file.records < limits::METRICS
                && file.wire + record.wire() <= limits::REQUEST
                && file.size + size <= largest
        };
        if !self.files.back().is_some_and(has_room) {
            self.begin_file()?;
        }
        let number = self.next - 1;
        let before = self.files.back().map_or(0, |file| file.size);
        if let Err(error) = self.append(number, &bytes) {
            // Half an entry would hide those behind it, and a file that cannot be cut is not written to any more.
            let is_cut = self.open_file(number).and_then(|file| file.set_len(before)).is_ok();
            if let Some(file) = self.files.back_mut() {
                file.is_open &= is_cut;
            }
            return Err(error);
        }
        if let Some(file) = self.files.back_mut() {
            file.size += size;
            file.wire += record.wire();
            file.records += 1;
        }
        Ok(self.shrink())
    }

    /// Brings what was written to the disk itself, where it survives a loss of power.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self.files.back().filter(|file| file.is_open) {
            Some(file) => self.open_file(file.number)?.sync_data(),
            None => Ok(()),
        }
    }

    /// The oldest file's records, or why it cannot be read, after which it is out of the way.
    pub(crate) fn take(&mut self) -> io::Result<Option<Batch>> {
        let Some(file) = self.files.front_mut() else { return Ok(None) };
        file.is_open = false;
        file.is_taken = true;
        let (number, is_own) = (file.number, file.is_own);
        let contents = match self.read(number) {
            Ok(contents) => contents,
            Err(error) => {
                // It stays on disk, for the next run, which may have more luck.
                self.files.pop_front();
                return Err(error);
            }
        };
        let Contents { namespace, records, done, .. } = contents;
        if let Some(file) = self.files.front_mut() {
            (file.records, file.done) = (records.len(), done);
        }
        let place = Place::Disk { file: number, is_own };
        Ok(Some(Batch { namespace, records, done, place }))
    }

    /// Notes how many records of a file are done with.
    pub(crate) fn progress(&mut self, number: u64, done: usize) -> io::Result<()> {
        let Some(file) = self.files.iter_mut().find(|file| file.number == number) else { return Ok(()) };
        file.done = done;
        if done >= file.records {
            self.files.retain(|file| file.number != number);
            fs::remove_file(self.path(number))?;
            return self.sync_folder();
        }
        let mut bytes = Vec::new();
        journal::append(&mut bytes, &Entry::Done(u32::try_from(done).unwrap_or(u32::MAX)));
        file.size += bytes.len() as u64;
        self.append(number, &bytes)
    }

    /// A batch could not be sent and is to be taken again.
    pub(crate) fn put_back(&mut self, number: u64) -> u64 {
        if let Some(file) = self.files.iter_mut().find(|file| file.number == number) {
            file.is_taken = false;
        }
        self.shrink()
    }

    /// Removes the oldest files until the others fit, and returns how many records went with them.
    ///
    /// A file on its way stays until it is known what became of it. There is a file's room for what comes meanwhile, so that no younger one has to
    /// go in its place unless very much comes.
    fn shrink(&mut self) -> u64 {
        let mut dropped = 0;
        let removable = |file: &Journal| !file.is_taken && !file.is_open;
        loop {
            let size = self.files.iter().map(|file| file.size).sum::<u64>();
            let oldest = match size {
                size if size > self.limit => self.files.iter().position(removable),
                size if size > self.limit - self.limit / FILES => {
                    self.files.front().is_some_and(removable).then_some(0)
                }
                _ => None,
            };
            let Some(file) = oldest.and_then(|oldest| self.files.remove(oldest)) else { return dropped };
            // If it cannot be removed now, the next run will find it and drop it for the same reason.
            let _ = fs::remove_file(self.path(file.number));
            dropped += (file.records - file.done) as u64;
        }
    }

    fn begin_file(&mut self) -> io::Result<()> {
        let number = self.next;
        let bytes = journal::begin(&self.namespace);
        let size = bytes.len() as u64;
        File::create_new(self.path(number)).and_then(|mut file| file.write_all(&bytes)).inspect_err(
            |_| {
                let _ = fs::remove_file(self.path(number));
            },
        )?;
        self.next += 1;
        if let Some(last) = self.files.back_mut() {
            last.is_open = false;
        }
        let (wire, records, done, is_own) = (0, 0, 0, true);
        self.files.push_back(Journal {
            number,
            size,
            wire,
            records,
            done,
            is_own,
            is_open: true,
            is_taken: false,
        });
        self.sync_folder()
    }

    /// Takes over a file of an earlier run; what is torn behind the whole entries is cut off, so that more can be appended.
    fn adopt(&mut self, number: u64) -> io::Result<()> {
        let path = self.path(number);
        let bytes = fs::read(&path)?;
        let lost = |lost: usize| {
            tracing::warn!(file = %path.display(), bytes = lost, "the end of a file of reports is torn or damaged");
        };
        let Some(contents) = journal::read(&bytes) else {
            lost(bytes.len());
            return fs::remove_file(&path);
        };
        if contents.done == contents.records.len() {
            return fs::remove_file(&path);
        }
        if contents.length < bytes.len() {
            lost(bytes.len() - contents.length);
            OpenOptions::new().write(true).open(&path)?.set_len(contents.length as u64)?;
        }
        self.files.push_back(Journal {
            number,
            size: contents.length as u64,
            wire: contents.records.iter().map(Record::wire).sum(),
            records: contents.records.len(),
            done: contents.done,
            is_own: false,
            is_open: false,
            is_taken: false,
        });
        Ok(())
    }

    fn read(&self, number: u64) -> io::Result<Contents> {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "the file was damaged while in use");
        journal::read(&fs::read(self.path(number))?).ok_or_else(damaged)
    }

    fn append(&self, number: u64, bytes: &[u8]) -> io::Result<()> {
        self.open_file(number)?.write_all(bytes)
    }

    fn open_file(&self, number: u64) -> io::Result<File> {
        OpenOptions::new().append(true).open(self.path(number))
    }

    /// What was made or removed in a directory is on the disk when the directory is.
    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    fn path(&self, number: u64) -> PathBuf {
        self.folder.join(file_name(number))
    }
}

fn file_name(number: u64) -> String {
    format!("{number:020}.reports")
}

/// The numbers of the files in a directory; files of other names are not touched.
fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number = name.to_str().and_then(|name| name.split('.').next()?.parse().ok());
        numbers.extend(number.filter(|&number| *name == *file_name(number)));
    }
    Ok(numbers)
}
