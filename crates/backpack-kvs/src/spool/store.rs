use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant, UNIX_EPOCH};

use backpack_timepiece::Clock;
use bytes::Bytes;
use tokio::sync::Notify;

use super::config::Spool;
use super::entry::{Entry, PART, Place};
use super::folder::Folder;
use crate::events::Events;
use crate::stats::Fragments;
use crate::track::Track;
use crate::{Ack, DropReason, Event, mkv};

/// The fragments that are not persisted yet, in their order. The lock is held for moments only, never while a disk or a network does something.
#[derive(Debug, Clone)]
pub(crate) struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    config: Spool,
    /// How long pictures are gathered before they are sent.
    linger: Duration,
    folder: Option<Folder>,
    clock: Clock,
    events: Events,
    /// Something is to be sent, or there is nothing more to come.
    changed: Notify,
    /// A fragment is gone: persisted, dropped or set aside.
    settled: Condvar,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) entries: VecDeque<Entry>,
    pub(super) next_id: u64,
    bytes: usize,
    memory: usize,
    /// Who sends, and waits for more.
    pub(super) sleeper: Option<Sleeper>,
    /// The connection is to end before the next fragment.
    pub(super) turn: bool,
    /// The connection is to end when all fragments below this number are sent, and there are no others.
    pub(super) flush: u64,
    /// There will be no more fragments.
    pub(super) is_closing: bool,
    pub(super) counts: Counts,
}

/// A sender that has nothing to do.
#[derive(Debug)]
pub(super) struct Sleeper {
    waker: Waker,
    since: Instant,
}

/// What happened to fragments so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    pub(crate) persisted: u64,
    pub(crate) dropped: u64,
    pub(crate) dropped_bytes: u64,
    pub(crate) set_aside: u64,
    /// Bytes given to connections.
    pub(crate) sent_bytes: u64,
    /// Fragments that were given to a connection whole or in part, and then to another.
    pub(crate) resent: u64,
    /// When the newest picture is shown that came, and that is persisted, in milliseconds since 1970.
    pub(crate) newest: Option<u64>,
    pub(crate) newest_persisted: Option<u64>,
    oldest: Option<u64>,
}

/// A fragment that is gone, and what has to be done about it once nothing is locked.
#[derive(Debug)]
struct Gone {
    timecode: u64,
    bytes: usize,
    path: Option<PathBuf>,
    reason: DropReason,
}

/// A fragment that the service refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) timecode: u64,
    pub(crate) is_set_aside: bool,
}

impl Store {
    /// An empty store, or one with what an earlier run left on disk.
    pub(crate) fn open(config: Spool, linger: Duration, clock: Clock, events: Events) -> io::Result<Self> {
        let folder = config.disk.as_ref().map(|disk| Folder::open(&disk.path)).transpose()?;
        let mut state = State::default();
        if let Some(folder) = &folder {
            let (found, unreadable) = folder.scan()?;
            let (now, wall) = (clock.now(), clock.wall());
            for found in found {
                let age = wall.duration_since(UNIX_EPOCH + Duration::from_millis(found.timecode));
                let arrived = age.ok().and_then(|age| now.checked_sub(age)).unwrap_or(now);
                let before = state.entries.back().map(|before| Arc::clone(&before.track));
                let track = before.filter(|track| **track == found.track);
                state.next_id = found.id + 1;
                state.bytes += found.bytes;
                state.entries.push_back(Entry {
                    id: found.id,
                    timecode: found.timecode,
                    last: found.timecode,
                    track: track.unwrap_or_else(|| Arc::new(found.track)),
                    parts: None,
                    path: Some(found.path),
                    bytes: found.bytes,
                    is_open: false,
                    arrived,
                    place: Place::Waiting,
                    refusals: 0,
                });
            }
            state.counts.oldest = state.entries.front().map(|entry| entry.timecode);
            state.counts.set_aside = unreadable;
            if unreadable > 0 {
                tracing::warn!(files = unreadable, "files of the spool cannot be read and are set aside");
            }
            if !state.entries.is_empty() {
                let (fragments, bytes) = (state.entries.len(), state.bytes);
                tracing::info!(fragments, bytes, "fragments of an earlier run are in the spool");
                events.publish(Event::SpoolFound { fragments: fragments as u64, bytes: bytes as u64 });
            }
        }
        let store = Self(Arc::new(Shared {
            state: Mutex::new(state),
            config,
            linger,
            folder,
            clock,
            events,
            changed: Notify::new(),
            settled: Condvar::new(),
        }));
        store.make_room();
        Ok(store)
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn folder(&self) -> Option<&Folder> {
        self.0.folder.as_ref()
    }

    pub(crate) fn config(&self) -> &Spool {
        &self.0.config
    }

    /// Waits until there may be something to do.
    pub(crate) async fn changed(&self) {
        self.0.changed.notified().await;
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.state().next_id
    }

    /// A fragment begins; it is in this file too, if there is one.
    pub(crate) fn begin(&self, track: Arc<Track>, timecode: u64, path: Option<PathBuf>) -> u64 {
        let cluster = mkv::cluster(timecode);
        let mut state = self.state();
        let id = state.next_id;
        state.next_id += 1;
        state.counts.oldest.get_or_insert(timecode);
        state.entries.push_back(Entry {
            id,
            timecode,
            last: timecode,
            track,
            parts: Some(Vec::new()),
            path,
            bytes: 0,
            is_open: true,
            arrived: self.0.clock.now(),
            place: Place::Waiting,
            refusals: 0,
        });
        drop(state);
        self.append(id, cluster, timecode);
        self.0.changed.notify_one();
        id
    }

    /// A fragment goes on; `false` if it is not there any more.
    pub(crate) fn append(&self, id: u64, part: Bytes, time: u64) -> bool {
        let mut state = self.state();
        let added = part.len() + PART;
        let Some(entry) = state.entries.back_mut().filter(|entry| entry.id == id) else { return false };
        // Until it has a picture the service does not know that the fragment before has ended, so the first one is not gathered.
        let is_first = entry.parts.as_ref().is_some_and(|parts| parts.len() == 1);
        entry.last = entry.last.max(time);
        entry.bytes += added;
        if let Some(parts) = &mut entry.parts {
            parts.push(part);
        }
        state.bytes += added;
        state.memory += added;
        state.counts.newest = state.counts.newest.max(Some(time));
        let is_full = state.bytes > self.0.config.limit() || state.memory > self.0.config.memory;
        let sleeper = if is_first { state.sleeper.take() } else { self.due_sleeper(&mut state) };
        drop(state);
        wake(sleeper);
        if is_full {
            self.make_room();
        }
        true
    }

    /// A fragment has ended.
    pub(crate) fn end(&self, id: u64) {
        let mut state = self.state();
        if let Some(entry) = state.entries.back_mut().filter(|entry| entry.id == id) {
            entry.is_open = false;
        }
        let sleeper = self.due_sleeper(&mut state);
        drop(state);
        wake(sleeper);
        self.0.changed.notify_one();
        self.make_room();
    }

    /// The file of this fragment lacks something, so that memory alone holds it.
    pub(crate) fn forget_file(&self, id: u64) {
        let path = self.state().find(id).and_then(|entry| entry.path.take());
        self.delete(path);
    }

    /// There will be no more fragments.
    pub(crate) fn close(&self) {
        self.change(|state| state.is_closing = true);
    }

    /// The connection is to end before the next fragment.
    pub(crate) fn turn(&self) {
        self.change(|state| state.turn = true);
    }

    /// The connection is to end after the fragments so far, so that the last one is persisted without waiting for another.
    pub(crate) fn flush(&self) -> u64 {
        self.change(|state| state.flush = state.next_id);
        self.next_id()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state();
        change(&mut state);
        let sleeper = state.sleeper.take();
        drop(state);
        wake(sleeper);
        self.0.changed.notify_one();
    }

    /// Has what was gathered sent, if it has been for long enough: nothing may come after it that would.
    pub(crate) fn send_gathered(&self) {
        let sleeper = self.due_sleeper(&mut self.state());
        wake(sleeper);
    }

    /// The sender, if it has slept for long enough.
    fn due_sleeper(&self, state: &mut State) -> Option<Sleeper> {
        state.sleeper.take_if(|sleeper| sleeper.since.elapsed() >= self.0.linger)
    }

    /// Waits until no fragment below this number is left, until then; whether that is so.
    pub(crate) fn wait_until_settled(&self, below: u64, deadline: Instant) -> bool {
        let is_left = |state: &mut State| state.entries.front().is_some_and(|entry| entry.id < below);
        let patience = deadline.saturating_duration_since(Instant::now());
        let waited = self.0.settled.wait_timeout_while(self.state(), patience, is_left);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        !is_left(&mut state)
    }

    /// What is left, and whether all of it is on disk.
    pub(crate) fn left(&self) -> (u64, u64, bool) {
        let state = self.state();
        let is_on_disk = state.entries.iter().all(|entry| entry.path.is_some());
        (state.entries.len() as u64, state.bytes as u64, is_on_disk)
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.state().is_closing
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.state().entries.is_empty()
    }

    /// The fragment that would be sent first.
    pub(crate) fn first(&self) -> Option<(Arc<Track>, u64)> {
        let state = self.state();
        let entry = state.entries.iter().find(|entry| entry.place == Place::Waiting)?;
        Some((Arc::clone(&entry.track), entry.timecode))
    }

    /// How many fragments, or parts of one, are with a connection.
    pub(crate) fn in_flight(&self) -> usize {
        self.state().entries.iter().filter(|entry| entry.place != Place::Waiting).count()
    }

    /// Whether a whole fragment awaits an answer, whether more could be sent but is not taken, and how many bytes were.
    pub(crate) fn outstanding(&self) -> (bool, bool, u64) {
        let state = self.state();
        let awaits_ack = state.entries.iter().any(|entry| entry.place >= Place::Sent);
        let is_stuck =
            state.sleeper.is_none() && state.entries.iter().any(|entry| entry.place == Place::Sending);
        (awaits_ack, is_stuck, state.counts.sent_bytes)
    }

    /// Whether everything was given to a connection, and nothing is being made.
    pub(crate) fn has_nothing_to_send(&self) -> bool {
        self.state().entries.iter().all(|entry| !entry.is_open && entry.place >= Place::Sent)
    }

    /// The connection is gone: what it had is to be sent once more.
    pub(crate) fn release(&self) {
        let mut state = self.state();
        state.turn = false;
        state.sleeper = None;
        let mut resent = 0;
        for entry in state.entries.iter_mut().filter(|entry| entry.place != Place::Waiting) {
            entry.place = Place::Waiting;
            resent += 1;
        }
        state.counts.resent += resent;
    }

    /// Notes what the service says about a fragment.
    pub(crate) fn acknowledge(&self, ack: &Ack) {
        let (timecode, place) = match ack {
            Ack::Buffering { timecode } => (*timecode, Place::Buffering),
            Ack::Received { timecode } | Ack::Persisted { timecode, .. } => (*timecode, Place::Received),
            Ack::Error { .. } | Ack::Idle => return,
        };
        let mut state = self.state();
        let is_meant = |entry: &Entry| entry.timecode == timecode && entry.place >= Place::Sent;
        let Some(at) = state.entries.iter().position(is_meant) else { return };
        let entry = &mut state.entries[at];
        entry.place = entry.place.max(place);
        let Ack::Persisted { number, .. } = ack else { return };
        let Some(entry) = state.remove(at) else { return };
        state.counts.persisted += 1;
        state.counts.newest_persisted = state.counts.newest_persisted.max(Some(entry.last));
        drop(state);
        self.0.events.publish(Event::Persisted { timecode, number: number.clone() });
        self.delete(entry.path);
    }

    /// The service refuses a fragment, which is set aside after the second time. If it does not say which, the oldest that it has not received is
    /// the one in question, and is sent on its own next.
    pub(crate) fn refuse(&self, timecode: Option<u64>) -> Option<Refused> {
        let mut state = self.state();
        let mut in_flight =
            state.entries.iter().enumerate().filter(|(_, entry)| entry.place != Place::Waiting);
        let is_alone = in_flight.clone().count() == 1;
        let named = in_flight.clone().find(|(_, entry)| Some(entry.timecode) == timecode);
        let is_certain = named.is_some() || is_alone;
        let (at, _) = named.or_else(|| in_flight.find(|(_, entry)| entry.place < Place::Received))?;
        let entry = &mut state.entries[at];
        entry.refusals = if is_certain { entry.refusals + 1 } else { 1 };
        let refused = Refused { timecode: entry.timecode, is_set_aside: entry.refusals > 1 };
        if refused.is_set_aside {
            let entry = state.remove(at);
            state.counts.set_aside += 1;
            drop(state);
            self.put_aside(entry.and_then(|entry| entry.path));
        }
        Some(refused)
    }

    /// A fragment on disk cannot be read any more.
    pub(crate) fn give_up(&self, id: u64) {
        let mut state = self.state();
        let Some(at) = state.entries.iter().position(|entry| entry.id == id) else { return };
        let Some(entry) = state.remove(at) else { return };
        state.counts.set_aside += 1;
        drop(state);
        self.put_aside(entry.path);
        self.0.events.publish(Event::SetAside {
            timecode: entry.timecode,
            reason: "it cannot be read from the disk".into(),
        });
    }

    fn put_aside(&self, path: Option<PathBuf>) {
        self.0.settled.notify_all();
        if let (Some(folder), Some(path)) = (&self.0.folder, path)
            && let Err(error) = folder.set_aside(&path)
        {
            tracing::warn!(path = %path.display(), %error, "a fragment's file cannot be moved aside");
        }
    }

    fn delete(&self, path: Option<PathBuf>) {
        self.0.settled.notify_all();
        let Some(path) = path else { return };
        if let Err(error) = fs::remove_file(&path) {
            // It would be sent again after a restart, which is allowed, but it takes room.
            tracing::warn!(path = %path.display(), %error, "a fragment's file cannot be deleted");
        }
    }

    /// Drops what is beyond the limits.
    pub(crate) fn make_room(&self) {
        let mut gone = Vec::new();
        let mut state = self.state();
        if let Some(limit) = self.0.config.age {
            let now = self.0.clock.now();
            while let Some(at) = state
                .entries
                .iter()
                .position(|entry| entry.can_go() && now.saturating_duration_since(entry.arrived) > limit)
            {
                gone.extend(state.remove(at).map(|entry| Gone::new(entry, DropReason::Age)));
            }
        }
        while state.bytes > self.0.config.limit() {
            let Some(at) = state.expendable(|_| true) else { break };
            gone.extend(state.remove(at).map(|entry| Gone::new(entry, DropReason::Space)));
        }
        while state.memory > self.0.config.memory {
            if state.leave_to_disk() {
                continue;
            }
            let Some(at) = state.expendable(|entry| entry.parts.is_some()) else { break };
            gone.extend(state.remove(at).map(|entry| Gone::new(entry, DropReason::Space)));
        }
        for gone in &gone {
            state.counts.dropped += 1;
            state.counts.dropped_bytes += gone.bytes as u64;
        }
        drop(state);
        for gone in gone {
            tracing::warn!(timecode = gone.timecode, bytes = gone.bytes, "a fragment is dropped, unsent");
            self.0.events.publish(Event::Dropped { timecode: gone.timecode, reason: gone.reason });
            self.delete(gone.path);
        }
    }

    pub(crate) fn persisted(&self) -> u64 {
        self.state().counts.persisted
    }

    pub(crate) fn counts(&self) -> Counts {
        self.state().counts.clone()
    }

    /// The fragments by how far they have come, and the bytes of all.
    pub(crate) fn fragments(&self) -> (Fragments, u64) {
        let state = self.state();
        let mut fragments = Fragments {
            persisted: state.counts.persisted,
            dropped: state.counts.dropped,
            set_aside: state.counts.set_aside,
            ..Fragments::default()
        };
        for entry in &state.entries {
            let count = match entry.place {
                _ if entry.is_open => &mut fragments.open,
                Place::Waiting => &mut fragments.waiting,
                Place::Sending | Place::Sent => &mut fragments.sent,
                Place::Buffering => &mut fragments.buffering,
                Place::Received => &mut fragments.received,
            };
            *count += 1;
        }
        (fragments, state.bytes as u64)
    }

    /// How far the service is behind the newest picture.
    pub(crate) fn lag(&self) -> Duration {
        let state = self.state();
        let counts = &state.counts;
        let behind = counts.newest_persisted.or(counts.oldest);
        let lag = counts.newest.zip(behind).map(|(newest, behind)| newest.saturating_sub(behind));
        Duration::from_millis(lag.unwrap_or_default())
    }
}

impl Gone {
    fn new(entry: Entry, reason: DropReason) -> Self {
        Self { timecode: entry.timecode, bytes: entry.bytes, path: entry.path, reason }
    }
}

fn wake(sleeper: Option<Sleeper>) {
    if let Some(sleeper) = sleeper {
        sleeper.waker.wake();
    }
}

impl State {
    /// Nothing is sent until more comes, or something is to be done.
    pub(super) fn sleep(&mut self, waker: &Waker) {
        self.sleeper = Some(Sleeper { waker: waker.clone(), since: Instant::now() });
    }

    pub(super) fn find(&mut self, id: u64) -> Option<&mut Entry> {
        let at = self.entries.partition_point(|entry| entry.id < id);
        self.entries.get_mut(at).filter(|entry| entry.id == id)
    }

    fn remove(&mut self, at: usize) -> Option<Entry> {
        let entry = self.entries.remove(at)?;
        self.bytes -= entry.bytes;
        self.memory -= entry.memory();
        Some(entry)
    }

    /// The oldest fragment that can be dropped: rather one that waits than one that the service may have.
    fn expendable(&self, is_meant: impl Fn(&Entry) -> bool) -> Option<usize> {
        let can_go = |entry: &Entry| entry.can_go() && is_meant(entry);
        self.entries
            .iter()
            .position(|entry| can_go(entry) && entry.place == Place::Waiting)
            .or_else(|| self.entries.iter().position(can_go))
    }

    /// Forgets the newest fragment in memory that is on disk too; `false` if there is none.
    fn leave_to_disk(&mut self) -> bool {
        let newest = self
            .entries
            .iter_mut()
            .rev()
            .find(|entry| entry.can_go() && entry.path.is_some() && entry.parts.is_some());
        let Some(entry) = newest else { return false };
        self.memory -= entry.memory();
        entry.parts = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use backpack_skyline::Codec;

    use super::super::feed::{Feed, Next};
    use super::super::pace::Pace;
    use super::*;
    use crate::events;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a sender is woken for the first picture of a fragment, for two more and the end, and when nothing may wait.
    fn wakes(linger: Duration) -> [usize; 3] {
        let store = Store::open(Spool::memory(1 << 20), linger, Clock::manual().0, events::new()).unwrap();
        let mut feed = Feed::new(store.clone(), "yard".into(), Pace::unlimited());
        let wakes = Arc::new(Wakes::default());
        let waker = Waker::from(Arc::clone(&wakes));
        let mut send_all = || while matches!(feed.next(&waker), Next::Part(_)) {};
        let track = Track { codec: Codec::H264, width: 64, height: 48, codec_private: Bytes::new() };
        let id = store.begin(Arc::new(track), 1, None);
        let mut add = |time| {
            send_all();
            assert!(store.append(id, Bytes::from_static(b"picture"), time));
        };
        let count = || wakes.0.swap(0, Ordering::Relaxed);
        add(1);
        let first = count();
        add(2);
        add(3);
        send_all();
        store.end(id);
        let gathered = count();
        send_all();
        store.flush();
        [first, gathered, count()]
    }

    #[test]
    fn a_sender_is_woken_for_each_picture_only_if_none_are_gathered_but_always_for_the_first() {
        assert_eq!(wakes(Duration::ZERO), [1, 3, 1]);
        assert_eq!(wakes(Duration::from_secs(3600)), [1, 0, 1]);
    }
}
