use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use backpack_core::Frame;

use crate::Put;
use crate::lock::lock;

/// The bounded queue between the frame loop and the encoder's thread: when it is full, the oldest frame goes.
pub(crate) struct FrameQueue {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    frames: VecDeque<Frame>,
    capacity: usize,
    closed: bool,
    dropped: u64,
}

impl FrameQueue {
    pub(crate) fn new(capacity: usize) -> Self {
        let inner = Inner { frames: VecDeque::with_capacity(capacity), capacity, closed: false, dropped: 0 };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    /// Adds a frame, dropping the oldest one if there is no room.
    pub(crate) fn push(&self, frame: Frame) -> Put {
        let mut inner = lock(&self.inner);
        if inner.closed {
            return Put::Stopped;
        }
        let displaced = if inner.frames.len() >= inner.capacity { inner.frames.pop_front() } else { None };
        inner.dropped += u64::from(displaced.is_some());
        inner.frames.push_back(frame);
        drop(inner);
        self.changed.notify_all();
        if displaced.is_some() { Put::Displaced } else { Put::Queued }
    }

    /// Adds a frame as soon as there is room; drops it if that takes longer than `patience`.
    pub(crate) fn push_within(&self, frame: Frame, patience: Duration) -> Put {
        let inner = lock(&self.inner);
        let (mut inner, _) = self
            .changed
            .wait_timeout_while(inner, patience, |inner| {
                inner.frames.len() >= inner.capacity && !inner.closed
            })
            .unwrap_or_else(PoisonError::into_inner);
        if inner.closed {
            return Put::Stopped;
        }
        if inner.frames.len() >= inner.capacity {
            inner.dropped += 1;
            return Put::NoRoom;
        }
        inner.frames.push_back(frame);
        drop(inner);
        self.changed.notify_all();
        Put::Queued
    }

    /// The oldest frame; waits for one, and returns `None` when the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<Frame> {
        let inner = lock(&self.inner);
        let mut inner = self
            .changed
            .wait_while(inner, |inner| inner.frames.is_empty() && !inner.closed)
            .unwrap_or_else(PoisonError::into_inner);
        let frame = inner.frames.pop_front();
        drop(inner);
        self.changed.notify_all();
        frame
    }

    /// Changes how many frames may wait; those that wait already are kept.
    pub(crate) fn set_capacity(&self, capacity: usize) {
        lock(&self.inner).capacity = capacity;
    }

    /// Takes no more frames; those inside can still be popped.
    pub(crate) fn close(&self) {
        lock(&self.inner).closed = true;
        self.changed.notify_all();
    }

    pub(crate) fn dropped(&self) -> u64 {
        lock(&self.inner).dropped
    }
}
