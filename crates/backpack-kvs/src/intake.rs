use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use backpack_skyline::AccessUnit;
use backpack_timepiece::Clock;
use bytes::Bytes;

use crate::cutter::{Cutter, LONGEST, Step};
use crate::events::Events;
use crate::spool::{Record, Store};
use crate::track::Track;
use crate::video::Video;
use crate::{Event, PutError};

/// Puts access units into the spool, as fragments.
pub(crate) struct Intake {
    pub(crate) cutter: Cutter,
    store: Store,
    clock: Clock,
    events: Events,
    open: Option<Open>,
    has_disk_failed: bool,
    last: Instant,
    pub(crate) units: u64,
    pub(crate) refused: u64,
}

/// The fragment that is being made.
struct Open {
    id: u64,
    file: Option<BufWriter<File>>,
}

impl Intake {
    pub(crate) fn new(cutter: Cutter, store: Store, clock: Clock, events: Events) -> Self {
        let last = clock.now();
        Self { cutter, store, clock, events, open: None, has_disk_failed: false, last, units: 0, refused: 0 }
    }

    pub(crate) fn begin(&mut self, video: &Video) {
        let steps = self.cutter.begin(video.codec, video.framing, video.sets.clone(), video.started);
        self.follow(steps);
    }

    pub(crate) fn put(&mut self, unit: &AccessUnit) -> Result<(), PutError> {
        if self.store.is_closing() {
            return Err(PutError::ShutDown);
        }
        self.last = self.clock.now();
        let restarts = self.cutter.restarts;
        let (steps, result) = self.cutter.put(unit);
        self.follow(steps);
        if self.cutter.restarts > restarts {
            tracing::warn!("timestamps went back: the stream's time is counted anew");
            self.events.publish(Event::TimeRestarted);
        }
        match &result {
            Ok(()) => self.units += 1,
            Err(_) => self.refused += 1,
        }
        result
    }

    /// Ends the fragment, if there is one.
    pub(crate) fn end(&mut self) {
        let steps = self.cutter.end();
        self.follow(steps);
    }

    /// Ends the fragment if nothing came for so long that nothing can follow in it any more; whether there is none now.
    pub(crate) fn end_if_idle(&mut self) -> bool {
        if self.cutter.is_open() && self.idle() > LONGEST {
            self.end();
        }
        !self.cutter.is_open() && self.idle() > LONGEST
    }

    fn idle(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.last)
    }

    fn follow(&mut self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Begin { track, timecode } => self.begin_fragment(track, timecode),
                Step::Picture { bytes, time } => self.add(Record::Picture { bytes, time }),
                Step::End { tags } => self.end_fragment(tags),
            }
        }
    }

    fn begin_fragment(&mut self, track: Arc<Track>, timecode: u64) {
        let record = Record::Begin { track: Track::clone(&track), timecode };
        let created = self.create(&record);
        let created = created.map_err(|error| self.disk_failed(&error)).ok().flatten();
        let (file, path) = created.unzip();
        if file.is_some() && self.has_disk_failed {
            self.has_disk_failed = false;
            self.events.publish(Event::DiskRecovered);
        }
        let id = self.store.begin(track, timecode, path);
        self.open = Some(Open { id, file });
    }

    fn create(&self, record: &Record) -> io::Result<Option<(BufWriter<File>, PathBuf)>> {
        let Some(folder) = self.store.folder() else { return Ok(None) };
        let (file, path) = folder.create(self.store.next_id())?;
        let mut file = BufWriter::with_capacity(1 << 16, file);
        if let Err(error) = record.write(&mut file) {
            // What cannot be written has most likely no room; the empty file would take a name.
            let _ = std::fs::remove_file(&path);
            return Err(error);
        }
        Ok(Some((file, path)))
    }

    /// Adds a part to the fragment, on disk first.
    fn add(&mut self, record: Record) {
        self.write(&record, false);
        self.keep(record);
    }

    /// Adds a part to the fragment in memory.
    fn keep(&self, record: Record) {
        let Some(open) = &self.open else { return };
        let is_there = match record {
            Record::Picture { bytes, time } => self.store.append(open.id, bytes, time),
            Record::End { tags } if !tags.is_empty() => self.store.append(open.id, tags, 0),
            _ => true,
        };
        if !is_there {
            tracing::debug!("a picture came for a fragment that is set aside");
        }
    }

    fn end_fragment(&mut self, tags: Option<Bytes>) {
        let record = Record::End { tags: tags.unwrap_or_default() };
        self.write(&record, self.store.config().disk.as_ref().is_some_and(|disk| disk.sync));
        self.keep(record);
        if let Some(open) = self.open.take() {
            self.store.end(open.id);
        }
    }

    fn write(&mut self, record: &Record, sync: bool) {
        let Some(Open { id, file: Some(file) }) = &mut self.open else { return };
        let written = record.write(file).and_then(|()| file.flush());
        let synced = written.and_then(|()| if sync { file.get_ref().sync_data() } else { Ok(()) });
        if let Err(error) = synced {
            let id = *id;
            self.disk_failed(&error);
            self.store.forget_file(id);
            if let Some(open) = &mut self.open {
                open.file = None;
            }
        }
    }

    fn disk_failed(&mut self, error: &io::Error) {
        if !self.has_disk_failed {
            self.has_disk_failed = true;
            tracing::warn!(%error, "the spool's disk fails: fragments are kept in memory");
            self.events.publish(Event::DiskFailed { error: error.to_string() });
        }
    }
}
