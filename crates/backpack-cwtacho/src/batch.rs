use std::ops::Range;

use crate::record::Record;

/// Reports that fit in one request, from the oldest on.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    pub(crate) namespace: String,
    pub(crate) records: Vec<Record>,
    /// How many of the records, from the first on, are done with: accepted or dropped.
    pub(crate) done: usize,
    pub(crate) place: Place,
}

/// Where a batch was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    /// The number of the file, and whether this run of the program wrote it.
    Disk {
        file: u64,
        is_own: bool,
    },
}

impl Batch {
    pub(crate) fn rest(&self) -> Range<usize> {
        self.done..self.records.len()
    }

    /// Whether this run made the records.
    pub(crate) fn is_own(&self) -> bool {
        !matches!(self.place, Place::Disk { is_own: false, .. })
    }
}
