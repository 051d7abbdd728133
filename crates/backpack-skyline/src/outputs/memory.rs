use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::lock::lock;
use crate::{AccessUnit, Output, OutputError, StreamInfo};

/// An output that keeps every unit in memory without a limit, for tests.
#[derive(Debug, Default)]
pub struct Memory(MemoryContents);

/// What a [`Memory`] output has received; clones look at the same output.
#[derive(Debug, Clone, Default)]
pub struct MemoryContents(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    streams: Vec<StreamInfo>,
    units: Vec<AccessUnit>,
    closed: bool,
}

impl Memory {
    /// An empty output.
    pub fn new() -> Self {
        Self::default()
    }

    /// A view of what this output receives.
    pub fn contents(&self) -> MemoryContents {
        self.0.clone()
    }
}

impl MemoryContents {
    /// The streams that were opened, the first one first.
    pub fn streams(&self) -> Vec<StreamInfo> {
        lock(&self.0.inner).streams.clone()
    }

    /// All units so far.
    pub fn units(&self) -> Vec<AccessUnit> {
        lock(&self.0.inner).units.clone()
    }

    /// Whether the output was closed after its last stream.
    pub fn is_closed(&self) -> bool {
        lock(&self.0.inner).closed
    }

    /// Waits until there are `count` units; `false` if that takes longer than `patience`.
    pub fn wait_for_units(&self, count: usize, patience: Duration) -> bool {
        let inner = lock(&self.0.inner);
        let (inner, _) = self
            .0
            .changed
            .wait_timeout_while(inner, patience, |inner| inner.units.len() < count)
            .unwrap_or_else(PoisonError::into_inner);
        inner.units.len() >= count
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut lock(&self.0.inner));
        self.0.changed.notify_all();
    }
}

impl Output for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.0.change(|inner| {
            inner.streams.push(stream.clone());
            inner.closed = false;
        });
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        self.0.change(|inner| inner.units.push(unit.clone()));
        Ok(())
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.0.change(|inner| inner.closed = true);
        Ok(())
    }
}
