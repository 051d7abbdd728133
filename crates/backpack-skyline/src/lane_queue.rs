use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use backpack_core::Timestamp;

use crate::lock::lock;
use crate::{AccessUnit, KeyFrameRequest, QueueLimit, StreamInfo};

/// The bounded queue before one output.
///
/// When it is full, the oldest units are dropped up to the next key frame, so that what remains can be decoded.
pub(crate) struct LaneQueue {
    inner: Mutex<Inner>,
    changed: Condvar,
    limit: QueueLimit,
    key_frame: KeyFrameRequest,
}

#[derive(Default)]
struct Inner {
    units: VecDeque<Queued>,
    bytes: usize,
    /// Nothing is taken until a key frame comes, because what it would refer to was dropped.
    needs_key_frame: bool,
    /// When the newest unit that came is shown, also if it was dropped.
    newest: Option<Timestamp>,
    closed: bool,
    dropped: u64,
}

/// A unit and the stream that it belongs to.
struct Queued {
    unit: AccessUnit,
    stream: Arc<StreamInfo>,
}

impl LaneQueue {
    pub(crate) fn new(limit: QueueLimit, key_frame: KeyFrameRequest) -> Self {
        let inner = Inner { needs_key_frame: true, ..Inner::default() };
        let limit = QueueLimit { units: limit.units.max(1), ..limit };
        Self { inner: Mutex::new(inner), changed: Condvar::new(), limit, key_frame }
    }

    /// Adds a unit, dropping older ones if there is no room. Never waits for the output.
    pub(crate) fn push(&self, unit: AccessUnit, stream: &Arc<StreamInfo>) {
        let mut inner = lock(&self.inner);
        inner.newest = Some(unit.pts);
        if inner.closed || (inner.needs_key_frame && !unit.keyframe) {
            inner.dropped += 1;
            return;
        }
        inner.needs_key_frame = false;
        inner.bytes += unit.data.len();
        inner.units.push_back(Queued { unit, stream: Arc::clone(stream) });
        while inner.units.len() > self.limit.units || inner.bytes > self.limit.bytes {
            inner.drop_oldest_group();
        }
        drop(inner);
        self.changed.notify_one();
    }

    /// The next unit of this stream; waits for one, and returns `None` when another stream begins, or when the queue is closed and empty.
    pub(crate) fn pop(&self, stream: &Arc<StreamInfo>) -> Option<AccessUnit> {
        let mut inner = self.wait_for_unit();
        let Queued { unit, .. } = inner.units.pop_front_if(|next| Arc::ptr_eq(&next.stream, stream))?;
        inner.bytes -= unit.data.len();
        Some(unit)
    }

    /// Waits until a key frame is next, dropping what comes before it, and returns its stream; `None` if the queue ends before.
    ///
    /// The key frame stays inside, so that it and what follows are not lost if the output cannot be opened.
    pub(crate) fn wait_for_key_frame(&self) -> Option<Arc<StreamInfo>> {
        loop {
            let mut inner = self.wait_for_unit();
            let next = inner.units.iter().position(|next| next.unit.keyframe);
            let undecodable = next.unwrap_or(inner.units.len());
            inner.drop_oldest(undecodable);
            if let Some(next) = inner.units.front() {
                return Some(Arc::clone(&next.stream));
            }
            if inner.closed {
                return None;
            }
        }
    }

    /// Waits until there is a unit or the queue is closed.
    fn wait_for_unit(&self) -> MutexGuard<'_, Inner> {
        let inner = lock(&self.inner);
        // Asked for when the output is ready for it: while the output is stuck, key frames would only cost the others bits.
        // A stream begins with a key frame anyway.
        if inner.units.is_empty() && inner.needs_key_frame && inner.newest.is_some() {
            self.key_frame.ask();
        }
        self.changed
            .wait_while(inner, |inner| inner.units.is_empty() && !inner.closed)
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits out `time`; returns early, and `false`, if the queue is closed meanwhile.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        let inner = lock(&self.inner);
        let (inner, _) = self
            .changed
            .wait_timeout_while(inner, time, |inner| !inner.closed)
            .unwrap_or_else(PoisonError::into_inner);
        !inner.closed
    }

    /// Takes no more units; those inside can still be popped.
    pub(crate) fn close(&self) {
        lock(&self.inner).closed = true;
        self.changed.notify_all();
    }

    /// Drops everything inside.
    pub(crate) fn clear(&self) {
        let mut inner = lock(&self.inner);
        let all = inner.units.len();
        inner.drop_oldest(all);
    }

    /// Whether less than half of what may wait is waiting.
    pub(crate) fn has_room(&self) -> bool {
        let inner = lock(&self.inner);
        2 * inner.units.len() <= self.limit.units && 2 * inner.bytes <= self.limit.bytes
    }

    pub(crate) fn count_dropped(&self, units: u64) {
        lock(&self.inner).dropped += units;
    }

    /// When the newest unit that came is shown.
    pub(crate) fn newest(&self) -> Option<Timestamp> {
        lock(&self.inner).newest
    }

    pub(crate) fn dropped(&self) -> u64 {
        lock(&self.inner).dropped
    }
}

impl Inner {
    /// Drops the oldest unit and those after it up to the next key frame.
    fn drop_oldest_group(&mut self) {
        let next = self
            .units
            .iter()
            .skip(1)
            .position(|next| next.unit.keyframe)
            .map_or(self.units.len(), |at| at + 1);
        self.drop_oldest(next);
        self.needs_key_frame = self.units.is_empty();
    }

    fn drop_oldest(&mut self, count: usize) {
        for Queued { unit, .. } in self.units.drain(..count) {
            self.bytes -= unit.data.len();
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    thread_local!(static STREAM: Arc<StreamInfo> = stream());

    fn stream() -> Arc<StreamInfo> {
        Arc::new(StreamInfo::h264(16, 16, crate::FrameRate::new(25, 1).unwrap()))
    }

    fn unit(id: u64, keyframe: bool) -> AccessUnit {
        AccessUnit::new(vec![0; 10], Timestamp::from_nanos(id), keyframe)
    }

    fn queue(units: usize, bytes: usize) -> LaneQueue {
        LaneQueue::new(QueueLimit { units, bytes }, KeyFrameRequest::default())
    }

    fn push(queue: &LaneQueue, unit: AccessUnit) {
        STREAM.with(|stream| queue.push(unit, stream));
    }

    fn pop(queue: &LaneQueue) -> Option<AccessUnit> {
        STREAM.with(|stream| queue.pop(stream))
    }

    fn drain(queue: &LaneQueue) -> Vec<u64> {
        queue.close();
        std::iter::from_fn(|| pop(queue)).map(|unit| unit.pts.as_nanos()).collect()
    }

    #[test]
    fn a_full_queue_drops_its_oldest_group_of_pictures() {
        let queue = queue(5, 1000);
        for id in 0..6 {
            push(&queue, unit(id, id % 3 == 0));
        }
        assert_eq!(queue.dropped(), 3);
        assert_eq!(drain(&queue), [3, 4, 5]);
    }

    #[test]
    fn a_group_longer_than_the_queue_is_dropped_whole_and_a_key_frame_asked_for() {
        let queue = queue(100, 35);
        for id in 0..4 {
            push(&queue, unit(id, id == 0));
        }
        assert!(!queue.key_frame.take(), "nobody is waiting yet");
        push(&queue, unit(4, false));
        push(&queue, unit(5, true));
        assert_eq!(queue.dropped(), 5);
        assert_eq!(drain(&queue), [5]);
    }

    #[test]
    fn an_output_that_waits_for_a_key_frame_asks_for_one_but_not_at_the_beginning() {
        let queue = queue(9, 100);
        queue.close();
        assert!(queue.wait_for_key_frame().is_none());
        assert!(!queue.key_frame.take(), "a stream begins with a key frame");
        let queue = self::queue(9, 100);
        push(&queue, unit(0, false));
        queue.close();
        assert!(queue.wait_for_key_frame().is_none());
        assert!(queue.key_frame.take());
    }

    #[test]
    fn a_pause_ends_when_the_queue_is_closed() {
        let queue = std::sync::Arc::new(queue(1, 100));
        let closer = std::sync::Arc::clone(&queue);
        let thread = std::thread::spawn(move || closer.close());
        assert!(!queue.pause(Duration::from_secs(60)));
        thread.join().unwrap();
    }

    #[test]
    fn waiting_for_a_key_frame_drops_what_nobody_could_decode_and_keeps_the_rest() {
        let queue = queue(10, 1000);
        for id in 0..5 {
            push(&queue, unit(id, id == 0 || id == 3));
        }
        assert_eq!(pop(&queue).map(|unit| unit.keyframe), Some(true));
        assert!(queue.wait_for_key_frame().is_some());
        assert!(queue.wait_for_key_frame().is_some(), "it is still there");
        assert_eq!(queue.dropped(), 2);
        assert_eq!(drain(&queue), [3, 4]);
        assert!(queue.wait_for_key_frame().is_none());
    }

    #[test]
    fn one_stream_ends_where_the_next_begins() {
        let queue = queue(10, 1000);
        let (first, second) = (stream(), stream());
        queue.push(unit(0, true), &first);
        queue.push(unit(1, true), &second);
        queue.close();
        assert!(queue.wait_for_key_frame().is_some_and(|next| Arc::ptr_eq(&next, &first)));
        assert!(queue.pop(&first).is_some());
        assert!(queue.pop(&first).is_none());
        assert!(queue.wait_for_key_frame().is_some_and(|next| Arc::ptr_eq(&next, &second)));
        assert!(queue.pop(&second).is_some());
        assert!(queue.wait_for_key_frame().is_none());
    }

    proptest! {
        #[test]
        fn whatever_is_dropped_every_unit_that_is_popped_can_be_decoded(
            steps in prop::collection::vec((any::<bool>(), any::<bool>()), 0..200), limit in 1usize..8,
        ) {
            let queue = queue(limit, 1000);
            let mut popped = Vec::new();
            let mut waiting = 0u64;
            for (id, &(keyframe, take)) in steps.iter().enumerate() {
                push(&queue, unit(id as u64, keyframe));
                waiting = id as u64 + 1;
                if take && !lock(&queue.inner).units.is_empty() {
                    popped.push(pop(&queue).unwrap());
                }
            }
            queue.close();
            popped.extend(std::iter::from_fn(|| pop(&queue)));
            let mut next = None;
            for unit in &popped {
                let id = unit.pts.as_nanos();
                prop_assert!(unit.keyframe || next == Some(id), "unit {} follows a gap", id);
                next = Some(id + 1);
            }
            prop_assert_eq!(popped.len() as u64 + queue.dropped(), waiting);
        }
    }
}
