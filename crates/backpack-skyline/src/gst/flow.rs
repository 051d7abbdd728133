use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::lock::lock;

/// How much may wait at the beginning of a pipeline, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) buffers: usize,
    pub(crate) bytes: usize,
    /// A pipeline that takes nothing for so long while something waits has stalled.
    pub(crate) stall: Duration,
}

/// What waits at the beginning of a pipeline, and what became of the pipeline.
#[derive(Debug)]
pub(crate) struct Flow {
    limits: Limits,
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug)]
struct Inner {
    buffers: usize,
    bytes: usize,
    /// When a buffer was taken last, or when one began to wait. In real time, because it bounds the wait of a thread.
    progress: Instant,
    problem: Option<String>,
    ended: bool,
}

impl Flow {
    pub(crate) fn new(limits: Limits) -> Self {
        let inner = Inner { buffers: 0, bytes: 0, progress: Instant::now(), problem: None, ended: false };
        Self { limits, inner: Mutex::new(inner), changed: Condvar::new() }
    }

    /// Waits for room for a buffer and counts it in. One buffer may always wait, whatever its size.
    pub(crate) fn admit(&self, bytes: usize) -> Result<(), String> {
        let Limits { stall, .. } = self.limits;
        let mut inner = lock(&self.inner);
        loop {
            if let Some(problem) = &inner.problem {
                return Err(problem.clone());
            }
            if inner.buffers == 0 {
                inner.progress = Instant::now();
                break;
            }
            let left = stall.saturating_sub(inner.progress.elapsed());
            if left.is_zero() {
                let problem = format!("stalled: nothing was taken for {stall:?}");
                inner.problem = Some(problem.clone());
                return Err(problem);
            }
            if inner.buffers < self.limits.buffers && inner.bytes + bytes <= self.limits.bytes {
                break;
            }
            (inner, _) = self.changed.wait_timeout(inner, left).unwrap_or_else(PoisonError::into_inner);
        }
        inner.buffers += 1;
        inner.bytes += bytes;
        Ok(())
    }

    /// A buffer was taken.
    pub(crate) fn left(&self, bytes: usize) {
        self.change(|inner| {
            inner.buffers = inner.buffers.saturating_sub(1);
            inner.bytes = inner.bytes.saturating_sub(bytes);
            inner.progress = Instant::now();
        });
    }

    /// The pipeline failed; the first reason is kept, as others follow from it.
    pub(crate) fn fail(&self, reason: String) {
        self.change(|inner| {
            inner.problem.get_or_insert(reason);
        });
    }

    /// All that went in has come out at the end.
    pub(crate) fn end(&self) {
        self.change(|inner| inner.ended = true);
    }

    pub(crate) fn problem(&self) -> Option<String> {
        lock(&self.inner).problem.clone()
    }

    pub(crate) fn wait_for_end(&self, patience: Duration) -> Result<(), String> {
        let inner = lock(&self.inner);
        let running = |inner: &mut Inner| !inner.ended && inner.problem.is_none();
        let (inner, _) =
            self.changed.wait_timeout_while(inner, patience, running).unwrap_or_else(PoisonError::into_inner);
        match &inner.problem {
            Some(problem) => Err(problem.clone()),
            None if inner.ended => Ok(()),
            None => Err(format!("the pipeline did not end within {patience:?}")),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut lock(&self.inner));
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    const SECOND: Duration = Duration::from_secs(1);

    fn flow(stall: Duration) -> Flow {
        Flow::new(Limits { buffers: 2, bytes: 10, stall })
    }

    #[test]
    fn a_buffer_that_is_too_large_waits_alone() {
        let flow = Arc::new(flow(20 * SECOND));
        flow.admit(100).unwrap();
        let taker = Arc::clone(&flow);
        let thread = std::thread::spawn(move || taker.left(100));
        flow.admit(1).unwrap();
        flow.admit(9).unwrap();
        thread.join().unwrap();
        let inner = lock(&flow.inner);
        assert_eq!((inner.buffers, inner.bytes), (2, 10));
    }

    #[test]
    fn what_nobody_takes_is_a_stall_even_while_there_is_room() {
        let flow = flow(Duration::from_millis(30));
        flow.admit(1).unwrap();
        std::thread::sleep(Duration::from_millis(40));
        let problem = flow.admit(1).unwrap_err();
        assert_eq!(problem, "stalled: nothing was taken for 30ms");
        assert_eq!(flow.wait_for_end(20 * SECOND), Err(problem));
    }

    #[test]
    fn a_pause_in_what_comes_is_no_stall() {
        let flow = flow(Duration::from_millis(30));
        flow.admit(1).unwrap();
        flow.left(1);
        std::thread::sleep(Duration::from_millis(40));
        flow.admit(1).unwrap();
        flow.admit(1).unwrap();
    }

    #[test]
    fn a_failure_lets_go_of_who_waits_for_room() {
        let flow = Arc::new(flow(20 * SECOND));
        flow.admit(10).unwrap();
        let failing = Arc::clone(&flow);
        let thread = std::thread::spawn(move || {
            failing.fail("the disk is full".into());
            failing.fail("streaming stopped".into());
        });
        assert_eq!(flow.admit(1).unwrap_err(), "the disk is full");
        thread.join().unwrap();
    }
}
