use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Calls a search off from another thread. Clones are handles to the same thing, and what is called off stays so.
///
/// ```
/// use backpack_identity::{Cancel, Chain, DetectError};
///
/// let cancel = Cancel::new();
/// cancel.cancel();
/// let result = Chain::standard().cancelled_by(&cancel).detect_blocking();
/// assert!(matches!(result, Err(DetectError::Cancelled)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_cancelled: Mutex<bool>,
    changed: Condvar,
}

impl Cancel {
    /// One that nobody has used yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls off what it was given to.
    pub fn cancel(&self) {
        *self.lock() = true;
        self.0.changed.notify_all();
    }

    /// Whether it was called off.
    pub fn is_cancelled(&self) -> bool {
        *self.lock()
    }

    /// Lets those who wait look around again.
    pub(crate) fn wake(&self) {
        // With the lock held nobody can be between looking and waiting.
        let _held = self.lock();
        self.0.changed.notify_all();
    }

    /// Waits for so long, or until it is called off or `is_over`.
    pub(crate) fn wait(&self, duration: Duration, is_over: impl Fn() -> bool) {
        let waits = |cancelled: &mut bool| !*cancelled && !is_over();
        drop(self.0.changed.wait_timeout_while(self.lock(), duration, waits));
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        // A flag cannot be left half written.
        self.0.is_cancelled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
