use std::io;

use crate::batch::{Batch, Place};
use crate::disk::Disk;
use crate::memory::Memory;
use crate::record::Record;

/// What waits to be sent, in the order in which it was reported: on disk if asked for, else, and where the disk does not do, in memory.
#[derive(Debug)]
pub(crate) struct Backlog {
    namespace: String,
    memory: Memory,
    disk: Option<Disk>,
}

impl Backlog {
    pub(crate) fn new(namespace: String, memory: Memory, disk: Option<Disk>) -> Self {
        Self { namespace, memory, disk }
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.memory.len() + self.disk.as_ref().map_or(0, Disk::len)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all there is is on disk.
    pub(crate) fn is_kept(&self) -> bool {
        self.memory.len() == 0
    }

    /// Whether there is a request's worth.
    pub(crate) fn fills_a_request(&self) -> bool {
        self.memory.fills_a_request() || self.disk.as_ref().is_some_and(Disk::fills_a_request)
    }

    /// Adds the newest record. Returns how many of the oldest had to go for it, and why it could not be written if it could not.
    pub(crate) fn push(&mut self, record: Record) -> (u64, io::Result<()>) {
        match self.disk.as_mut().map(|disk| disk.push(&record)) {
            Some(Ok(dropped)) => (dropped, Ok(())),
            Some(Err(error)) => (self.memory.push(record), Err(error)),
            None => (self.memory.push(record), Ok(())),
        }
    }

    /// Brings what was written to the disk itself.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.disk.as_ref().map_or(Ok(()), Disk::sync)
    }

    /// Takes the oldest records, as many as fit in a request.
    pub(crate) fn take(&mut self) -> io::Result<Option<Batch>> {
        if let Some(batch) = self.disk.as_mut().map_or(Ok(None), Disk::take)? {
            return Ok(Some(batch));
        }
        let (records, namespace) = (self.memory.take(), self.namespace.clone());
        let batch = Batch { namespace, records, done: 0, place: Place::Memory };
        Ok((!batch.records.is_empty()).then_some(batch))
    }

    /// Notes how much of a batch is done with, so that it is not sent again.
    pub(crate) fn progress(&mut self, batch: &Batch) -> io::Result<()> {
        match (batch.place, &mut self.disk) {
            (Place::Disk { file, .. }, Some(disk)) => disk.progress(file, batch.done),
            _ => Ok(()),
        }
    }

    /// Puts back what of a batch is not done with, and returns how many of the oldest had to go, because others came meanwhile.
    pub(crate) fn put_back(&mut self, batch: Batch) -> u64 {
        match (batch.place, &mut self.disk) {
            (Place::Disk { file, .. }, Some(disk)) => disk.put_back(file),
            _ => self.memory.put_back(batch.records.into_iter().skip(batch.done)),
        }
    }
}
