use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Does work that may hang on a thread of its own; `None` if it takes longer than `patience`, or if there is no thread to be had.
///
/// Work that hangs keeps its thread until it comes to an end.
pub(crate) fn within<T: Send + 'static>(
    thread: &str,
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (send, done) = mpsc::channel();
    let work = move || {
        // Nobody receives what comes too late.
        let _ = send.send(work());
    };
    let thread = thread::Builder::new().name(thread.into()).spawn(work).ok()?;
    let result = done.recv_timeout(patience).ok()?;
    // It has nothing left to do.
    let _ = thread.join();
    Some(result)
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
