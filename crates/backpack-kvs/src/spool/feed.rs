use std::fs::File;
use std::io::BufReader;
use std::sync::Arc;
use std::task::Waker;
use std::time::Instant;

use bytes::Bytes;

use super::entry::Place;
use super::pace::Pace;
use super::record::{Record, Records};
use super::store::Store;
use crate::mkv;
use crate::track::Track;

/// What one connection sends: the header, whole fragments, and a tag at the end.
#[derive(Debug)]
pub(crate) struct Feed {
    store: Store,
    title: Arc<str>,
    track: Option<Arc<Track>>,
    current: Option<Current>,
    /// When the last picture so far is shown.
    last: u64,
    /// What is below this number has been sent, or is left to another connection.
    next: u64,
    fragments: u64,
    /// The only fragment, as the service refused it before.
    is_alone: bool,
    end: End,
    pace: Pace,
}

#[derive(Debug)]
struct Current {
    id: u64,
    at: usize,
    file: Option<Records<BufReader<File>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    /// The tag is to be sent.
    Tag,
    Done,
}

/// What comes next.
#[derive(Debug)]
pub(crate) enum Next {
    Part(Bytes),
    /// Nothing, until the waker is called.
    Wait,
    /// Nothing until then.
    WaitUntil(Instant),
    End,
    /// The fragment that is being sent is gone, so that the connection must be given up.
    Broken,
}

impl Feed {
    pub(crate) fn new(store: Store, title: Arc<str>, pace: Pace) -> Self {
        Self {
            store,
            title,
            track: None,
            current: None,
            last: 0,
            next: 0,
            fragments: 0,
            is_alone: false,
            end: End::NotYet,
            pace,
        }
    }

    pub(crate) fn next(&mut self, waker: &Waker) -> Next {
        let next = loop {
            let next = match &self.current {
                Some(current) => self.go_on(current.id, waker),
                None => self.begin(waker),
            };
            if let Some(next) = next {
                break next;
            }
        };
        if let Next::Part(part) = &next {
            self.pace.spend(part.len());
            self.store.state().counts.sent_bytes += part.len() as u64;
        }
        next
    }

    /// Looks for the next fragment; `None` if there is one.
    fn begin(&mut self, waker: &Waker) -> Option<Next> {
        match self.end {
            End::Tag => {
                self.end = End::Done;
                return Some(Next::Part(mkv::end_of_fragment()));
            }
            End::Done => return Some(Next::End),
            End::NotYet => {}
        }
        let store = self.store.clone();
        let mut state = store.state();
        let turn = state.turn;
        let is_over = turn || state.is_closing || state.flush >= state.next_id || self.is_alone;
        let waiting =
            state.entries.iter_mut().find(|entry| entry.place == Place::Waiting && entry.id >= self.next);
        let Some(entry) = waiting else {
            if is_over {
                self.finish();
                return None;
            }
            state.sleep(waker);
            return Some(Next::Wait);
        };
        let is_other = self.track.as_ref().is_some_and(|track| *track != entry.track);
        let is_back = self.fragments > 0 && entry.timecode <= self.last;
        let is_suspect = entry.refusals > 0;
        if turn || is_other || is_back || self.is_alone || (is_suspect && self.fragments > 0) {
            self.finish();
            return None;
        }
        if let Some(later) = self.pace.wait_for_fragment() {
            return Some(Next::WaitUntil(later));
        }
        if self.track.is_none() {
            self.track = Some(Arc::clone(&entry.track));
            return Some(Next::Part(mkv::header(&entry.track, &self.title, fastrand::u128(..))));
        }
        self.pace.begin_fragment();
        self.is_alone = is_suspect;
        self.fragments += 1;
        self.next = entry.id + 1;
        self.current = Some(Current { id: entry.id, at: 0, file: None });
        entry.place = Place::Sending;
        None
    }

    fn finish(&mut self) {
        self.end = if self.fragments > 0 { End::Tag } else { End::Done };
    }

    /// Sends more of the fragment; `None` when it is all sent.
    fn go_on(&mut self, id: u64, waker: &Waker) -> Option<Next> {
        if let Some(later) = self.pace.wait_for_bytes() {
            return Some(Next::WaitUntil(later));
        }
        let current = self.current.as_mut()?;
        if let Some(file) = &mut current.file {
            match file.next() {
                Some(Record::Picture { bytes, time }) => {
                    self.last = self.last.max(time);
                    return Some(Next::Part(bytes));
                }
                Some(Record::End { tags }) if !tags.is_empty() => return Some(Next::Part(tags)),
                // A file that is cut off holds whole pictures all the same.
                _ => return self.sent(id),
            }
        }
        let mut state = self.store.state();
        let Some(entry) = state.find(id) else { return Some(Next::Broken) };
        let Some(parts) = &entry.parts else {
            let (path, timecode) = (entry.path.clone(), entry.timecode);
            drop(state);
            let file = path.and_then(|path| Records::open(BufReader::new(File::open(path).ok()?)));
            let Some((file, ..)) = file else {
                self.store.give_up(id);
                return Some(Next::Broken);
            };
            current.file = Some(file);
            return Some(Next::Part(mkv::cluster(timecode)));
        };
        if let Some(part) = parts.get(current.at) {
            current.at += 1;
            return Some(Next::Part(part.clone()));
        }
        if entry.is_open {
            state.sleep(waker);
            return Some(Next::Wait);
        }
        self.last = self.last.max(entry.last);
        drop(state);
        self.sent(id)
    }

    fn sent(&mut self, id: u64) -> Option<Next> {
        self.current = None;
        let mut state = self.store.state();
        let last = self.last;
        if let Some(entry) = state.find(id) {
            entry.place = Place::Sent;
            entry.last = entry.last.max(last);
        }
        None
    }
}
