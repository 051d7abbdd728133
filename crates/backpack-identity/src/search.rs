use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::{Cancel, Host, ProviderError};

/// How waits are spent, where not by waiting.
pub(crate) type Waits = Arc<dyn Fn(Duration) + Send + Sync>;

/// A search for the identity, as its [`Provider`](crate::Provider)s see it: the machine to look at, and the means to wait.
pub struct Search {
    host: Host,
    cancel: Cancel,
    /// Set when nobody waits for the result any more.
    abandoned: Arc<AtomicBool>,
    waits: Option<Waits>,
}

impl Search {
    pub(crate) fn new(host: Host, cancel: Cancel, abandoned: Arc<AtomicBool>, waits: Option<Waits>) -> Self {
        Self { host, cancel, abandoned, waits }
    }

    /// The machine: its variables and files.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Whether it was called off. To be asked between steps that take their time.
    pub fn is_cancelled(&self) -> bool {
        self.is_abandoned() || self.cancel.is_cancelled()
    }

    /// Waits for so long, before trying again for example.
    ///
    /// # Errors
    /// [`ProviderError::Cancelled`] as soon as the search is called off.
    pub fn wait(&self, duration: Duration) -> Result<(), ProviderError> {
        self.check()?;
        match &self.waits {
            Some(waits) => waits(duration),
            None => self.cancel.wait(duration, || self.is_abandoned()),
        }
        self.check()
    }

    /// Fails if it was called off.
    pub(crate) fn check(&self) -> Result<(), ProviderError> {
        if self.is_cancelled() { Err(ProviderError::Cancelled) } else { Ok(()) }
    }

    fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::Acquire)
    }
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("host", &self.host)
            .field("cancel", &self.cancel)
            .finish_non_exhaustive()
    }
}
