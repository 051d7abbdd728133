use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use backpack_core::Frame;

use crate::lock::lock;
use crate::{Dropped, Put};

/// The bounded queue between the frame loop and the encoder's thread: when it is full, the oldest frame goes.
///
/// It holds more while the encoder opens, so that the beginning of the stream is not lost, and shrinks as that backlog is worked off. An
/// encoder that is too slow for the backlog gives it up bit by bit, with the frames it displaces.
pub(crate) struct FrameQueue {
    inner: Mutex<Inner>,
    changed: Condvar,
}

struct Inner {
    frames: VecDeque<Frame>,
    /// How many frames may wait now.
    capacity: usize,
    /// How many frames may wait once there is no backlog.
    usual: usize,
    /// How many frames may wait while an encoder is opened.
    opening: usize,
    closed: bool,
    dropped: Dropped,
}

impl FrameQueue {
    /// A queue of `usual` frames that holds up to `opening` frames before [`opened`](FrameQueue::opened).
    pub(crate) fn new(usual: usize, opening: usize) -> Self {
        let inner = Inner {
            frames: VecDeque::new(),
            capacity: opening.max(usual),
            usual,
            opening,
            closed: false,
            dropped: Dropped::default(),
        };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    /// Adds a frame, dropping the oldest one if there is no room.
    pub(crate) fn push(&self, frame: Frame) -> Put {
        let mut inner = lock(&self.inner);
        if inner.closed {
            return Put::Stopped;
        }
        let displaced = inner.make_room();
        inner.frames.push_back(frame);
        drop(inner);
        self.changed.notify_all();
        if displaced.is_empty() { Put::Queued } else { Put::Displaced }
    }

    /// Adds a frame as soon as there is room in the usual length; drops it if that takes longer than `patience`.
    pub(crate) fn push_within(&self, frame: Frame, patience: Duration) -> Put {
        let inner = lock(&self.inner);
        let (mut inner, _) = self
            .changed
            .wait_timeout_while(inner, patience, |inner| inner.frames.len() >= inner.usual && !inner.closed)
            .unwrap_or_else(PoisonError::into_inner);
        if inner.closed {
            return Put::Stopped;
        }
        if inner.frames.len() >= inner.usual {
            inner.dropped.no_room += 1;
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
        inner.shrink();
        drop(inner);
        self.changed.notify_all();
        frame
    }

    /// An encoder is being opened: until it is, frames may wait as they may at the beginning.
    pub(crate) fn opening(&self) {
        let mut inner = lock(&self.inner);
        inner.capacity = inner.opening.max(inner.usual);
    }

    /// The encoder is open: from now on only the backlog may be longer than usual.
    pub(crate) fn opened(&self) {
        lock(&self.inner).shrink();
    }

    /// Takes no more frames; those inside can still be popped.
    pub(crate) fn close(&self) {
        lock(&self.inner).closed = true;
        self.changed.notify_all();
    }

    /// Drops everything inside.
    pub(crate) fn clear(&self) {
        let mut inner = lock(&self.inner);
        inner.dropped.unfinished += inner.frames.len() as u64;
        inner.frames.clear();
    }

    pub(crate) fn dropped(&self) -> Dropped {
        lock(&self.inner).dropped
    }
}

impl Inner {
    /// Takes out the oldest frames until one more fits. They are returned, because freeing them takes time that the lock need not be held.
    fn make_room(&mut self) -> Vec<Frame> {
        let excess = (self.frames.len() + 1).saturating_sub(self.capacity);
        let displaced: Vec<Frame> = self.frames.drain(..excess).collect();
        self.dropped.displaced += displaced.len() as u64;
        if !displaced.is_empty() {
            self.capacity = (self.capacity - 1).max(self.usual);
        }
        displaced
    }

    /// Lets the capacity follow the backlog down.
    fn shrink(&mut self) {
        self.capacity = self.capacity.min(self.frames.len() + self.usual);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backpack_core::{PixelFormat, Timestamp};

    fn frame(id: u64) -> Frame {
        Frame::black(1, 1, PixelFormat::Gray8).unwrap().with_timestamp(Timestamp::from_nanos(id))
    }

    fn put(queue: &FrameQueue, ids: std::ops::Range<u64>) -> Vec<Put> {
        ids.map(|id| queue.push(frame(id))).collect()
    }

    fn pop(queue: &FrameQueue) -> u64 {
        queue.pop().and_then(|frame| frame.timestamp()).unwrap().as_nanos()
    }

    #[test]
    fn what_came_while_the_encoder_opened_is_kept_if_the_encoder_can_follow() {
        let queue = FrameQueue::new(3, 20);
        assert_eq!(put(&queue, 0..10), [Put::Queued; 10]);
        queue.opened();
        for id in 0..10 {
            assert_eq!(queue.push(frame(10 + id)), Put::Queued);
            assert_eq!((pop(&queue), pop(&queue)), (2 * id, 2 * id + 1));
        }
        assert_eq!(put(&queue, 20..24), [Put::Queued, Put::Queued, Put::Queued, Put::Displaced]);
    }

    #[test]
    fn an_encoder_that_is_too_slow_does_not_lag_behind_for_ever() {
        let queue = FrameQueue::new(3, 20);
        put(&queue, 0..20);
        queue.opened();
        let mut newest = 20;
        for _ in 0..40 {
            put(&queue, newest..newest + 2);
            newest += 2;
            pop(&queue);
        }
        assert!(newest - pop(&queue) <= 4, "only the usual few frames wait");
    }
}
