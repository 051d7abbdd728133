use std::io;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Work that may hang, on a thread of its own.
///
/// Work that is not waited for any longer keeps its thread until it comes to an end.
#[derive(Debug)]
pub(crate) struct Work<T> {
    result: mpsc::Receiver<T>,
    thread: thread::JoinHandle<()>,
}

impl<T: Send + 'static> Work<T> {
    pub(crate) fn start(thread: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<Self> {
        let (send, result) = mpsc::channel();
        let work = move || {
            // Nobody receives what comes too late.
            let _ = send.send(work());
        };
        let thread = thread::Builder::new().name(thread.into()).spawn(work)?;
        Ok(Self { result, thread })
    }

    /// The result; `None` if the work takes longer than `patience`.
    pub(crate) fn wait(self, patience: Duration) -> Option<T> {
        let result = self.result.recv_timeout(patience).ok()?;
        // It has nothing left to do.
        let _ = self.thread.join();
        Some(result)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.thread.is_finished()
    }
}

/// Does work that may hang; `None` if it takes longer than `patience`, or if there is no thread to be had.
pub(crate) fn within<T: Send + 'static>(
    thread: &str,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    Work::start(thread, work).ok()?.wait(patience)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_hangs_is_not_waited_for() {
        let (keep, blocked) = mpsc::channel::<()>();
        let hung = within("hangs", Duration::from_millis(10), move || blocked.recv().is_ok());
        assert_eq!(hung, None);
        drop(keep);
        assert_eq!(within("works", Duration::from_secs(20), || 7), Some(7));
    }
}
