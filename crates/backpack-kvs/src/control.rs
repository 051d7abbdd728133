use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::ConnectionState;

/// What a producer and its thread tell each other.
#[derive(Debug, Default)]
pub(crate) struct Control {
    is_stopped: AtomicBool,
    stopped: Notify,
    status: Mutex<Status>,
}

/// What the thread counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Status {
    pub(crate) connection: ConnectionState,
    pub(crate) connections: u64,
    pub(crate) reconnects: u64,
    pub(crate) failures: u64,
    pub(crate) last_error: Option<String>,
}

impl Control {
    /// Ends the thread, whatever it is doing.
    pub(crate) fn stop(&self) {
        self.is_stopped.store(true, Ordering::Release);
        self.stopped.notify_one();
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Acquire)
    }

    pub(crate) async fn stopped(&self) {
        while !self.is_stopped() {
            self.stopped.notified().await;
        }
    }

    pub(crate) fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
