use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::inbox::{Ending, Inbox};
use crate::run::Run;
use crate::{Builder, MetricBuilder, ShutdownError, Stats};

/// So long the worker goes on when nobody is left who could shut it down.
const GRACE: Duration = Duration::from_secs(5);
/// So much longer than its deadline a shutdown may take, for the worker to put everything in its place.
const TIDY: Duration = Duration::from_secs(2);

/// A namespace of Amazon CloudWatch to which tachometers report, and the thread that sends their reports there.
///
/// A clone is another handle to the same. When the last handle and the last reporter are gone, the thread tries for five more seconds to send
/// what waits; to wait for that, and to know how it went, there is [`shutdown`](CloudWatch::shutdown).
///
/// ```no_run
/// use std::time::Duration;
///
/// use backpack_cwtacho::CloudWatch;
/// use backpack_timepiece::Tachometer;
///
/// let cloudwatch = CloudWatch::builder("Yard").region("eu-west-1").build()?;
/// let frames = cloudwatch.metric("FrameInterval").dimension("Camera", "gate").percentiles().reporter()?;
/// let mut tachometer = Tachometer::new(Duration::from_secs(60), frames);
/// for _frame in 0..3000 {
///     tachometer.tick();
/// }
/// tachometer.flush();
/// cloudwatch.shutdown(Duration::from_secs(10))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[doc(alias = "CWTachometer")]
pub struct CloudWatch(pub(crate) Arc<Owner>);

/// Ends the worker when it is dropped.
pub(crate) struct Owner {
    pub(crate) namespace: String,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) run: Run,
    pub(crate) thread: Mutex<Option<JoinHandle<()>>>,
}

impl CloudWatch {
    /// Describes where and how to send, beginning with the namespace: 1 to 255 letters, digits, spaces and `.-_/#:`.
    pub fn builder(namespace: impl Into<String>) -> Builder {
        Builder::new(namespace.into())
    }

    /// Describes a metric, beginning with its name: 1 to 255 characters of printable ASCII.
    pub fn metric(&self, name: impl Into<String>) -> MetricBuilder {
        MetricBuilder::new(self.0.clone(), name.into())
    }

    /// How the reports have fared.
    pub fn stats(&self) -> Stats {
        self.0.inbox.stats()
    }

    /// Takes no more reports, and waits until those that wait are sent; so long at most, and up to two seconds more if
    /// the disk or the machine is slow.
    ///
    /// Tachometers are to be [flushed](backpack_timepiece::Tachometer::flush) before.
    ///
    /// # Errors
    /// [`ShutdownError`] if reports were not sent in time; it tells how many, and whether they are on disk for the next run.
    pub fn shutdown(&self, deadline: Duration) -> Result<(), ShutdownError> {
        self.0.inbox.close(deadline);
        let ending = self.0.inbox.wait(deadline.saturating_add(TIDY));
        let thread = self.0.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread.filter(|_| ending.has_ended) {
            // If it panicked, that shows in what waits.
            let _ = thread.join();
        }
        let Ending { waiting, is_kept, last_error: reason, .. } = ending;
        if waiting == 0 { Ok(()) } else { Err(ShutdownError { waiting, deadline, is_kept, reason }) }
    }
}

impl fmt::Debug for CloudWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CloudWatch")
            .field("namespace", &self.namespace)
            .field("stats", &self.inbox.stats())
            .finish_non_exhaustive()
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.inbox.close(GRACE);
    }
}
