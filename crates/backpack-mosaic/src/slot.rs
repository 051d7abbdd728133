use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use backpack_core::Frame;

use crate::stage::Stage;

/// What a source and the mosaic share. The two locks are never held both by one that waits for the other.
pub(crate) struct Slot {
    pub name: String,
    /// Held while a frame is scaled, by those who bring frames and never by the mosaic.
    work: Mutex<Work>,
    /// Held for an exchange of pointers only.
    mailbox: Mutex<Mailbox>,
}

/// The workshop, and the picture that is not shown.
pub(crate) struct Work {
    pub stage: Stage,
    pub picture: Option<Frame>,
}

/// The newest picture and what is known of the source.
#[derive(Default)]
pub(crate) struct Mailbox {
    pub picture: Option<Frame>,
    /// Whether the mosaic has not taken the picture yet.
    pub is_new: bool,
    /// When the newest frame came.
    pub updated: Option<Instant>,
    /// Why there will be no more frames.
    pub lost: Option<Arc<str>>,
}

impl Slot {
    pub fn new(name: String, stage: Stage) -> Self {
        let work = Work { stage, picture: None };
        Self { name, work: Mutex::new(work), mailbox: Mutex::default() }
    }

    pub fn work(&self) -> MutexGuard<'_, Work> {
        lock(&self.work)
    }

    pub fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        lock(&self.mailbox)
    }
}

/// Nothing of what the locks guard is ever half done in a way that matters.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
