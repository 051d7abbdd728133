use std::collections::VecDeque;

use crate::limits;
use crate::record::Record;

/// Records in memory, from the oldest on, up to a number of bytes.
#[derive(Debug)]
pub(crate) struct Memory {
    records: VecDeque<Record>,
    bytes: usize,
    limit: usize,
}

impl Memory {
    pub(crate) fn new(limit: usize) -> Self {
        Self { records: VecDeque::new(), bytes: 0, limit }
    }

    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is a request's worth.
    pub(crate) fn fills_a_request(&self) -> bool {
        self.records.len() >= limits::METRICS || self.request() < self.records.len()
    }

    /// Adds the newest record, and returns how many of the oldest had to go for it.
    pub(crate) fn push(&mut self, record: Record) -> u64 {
        self.bytes += record.memory();
        self.records.push_back(record);
        self.shrink()
    }

    /// Takes out the oldest, as many as fit in a request.
    pub(crate) fn take(&mut self) -> Vec<Record> {
        let records: Vec<_> = self.records.drain(..self.request()).collect();
        self.bytes -= records.iter().map(Record::memory).sum::<usize>();
        records
    }

    /// Puts back what was taken, and returns how many of the oldest had to go, because others came meanwhile.
    pub(crate) fn put_back(&mut self, records: impl DoubleEndedIterator<Item = Record>) -> u64 {
        for record in records.rev() {
            self.bytes += record.memory();
            self.records.push_front(record);
        }
        self.shrink()
    }

    fn shrink(&mut self) -> u64 {
        let mut dropped = 0;
        while self.bytes > self.limit {
            let Some(oldest) = self.records.pop_front() else { break };
            self.bytes -= oldest.memory();
            dropped += 1;
        }
        dropped
    }

    /// How many of the oldest records fit in a request.
    fn request(&self) -> usize {
        let mut wire = 0;
        let fits = |record: &&Record| {
            wire += record.wire();
            wire <= limits::REQUEST
        };
        self.records.iter().take(limits::METRICS).take_while(fits).count()
    }
}
