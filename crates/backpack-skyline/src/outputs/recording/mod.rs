mod archive;
mod container;
mod naming;
mod segment;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use archive::{Archive, Kept, Retention};
pub use container::Container;
use naming::Naming;
use segment::{Finished, Segment};

use crate::gst::{Alive, Limits, Work, within};
use crate::{AccessUnit, KeyFrameRequest, Output, OutputError, StreamInfo};

/// How long the files may take that are finished when the recording is closed.
const CLOSE: Duration = Duration::from_secs(9);

/// How many files may be finished beside the one that is being written.
const FINISHING: usize = 2;

/// How many pipelines and tasks may hang before nothing new is begun.
const HANGING: usize = 8;

/// A video file, or one after the other.
///
/// Nothing that exists is overwritten. If there is a `yard.mkv` already, because of an earlier run, or because the stream was stopped and started again
/// or writing failed and is tried again, the next files are `yard-2.mkv`, `yard-3.mkv` and so on.
///
/// With [`segment_duration`](Self::segment_duration) or [`segment_bytes`](Self::segment_bytes) the recording is cut into files that follow each other
/// without a gap, each beginning with a key frame. Their names hold the time at which they begin (in UTC, by the stream's own time), such as
/// `yard-20260102T030405Z.mkv`, and sort by it; a second file of the same second ends in `Z_2.mkv`. [`keep_bytes`](Self::keep_bytes),
/// [`keep_files`](Self::keep_files) and [`keep_for`](Self::keep_for) limit what stays of them, earlier runs included: the oldest files with such names in
/// that folder are deleted, nothing else. Two recordings must not share a path.
///
/// When the disk is full the recording fails, is tried again and goes on in a new file when there is room.
#[derive(Debug)]
pub struct Recording {
    naming: Naming,
    container: Option<Container>,
    segment_duration: Option<Duration>,
    segment_bytes: Option<u64>,
    retention: Retention,
    stall_timeout: Duration,
    key_frames: KeyFrameRequest,
    stream: Option<StreamInfo>,
    current: Option<Segment>,
    finishing: Vec<Work<Finished>>,
    /// Kept if there is a limit on it.
    archive: Option<Archive>,
    /// What went wrong beside the file that is being written.
    problem: Option<String>,
    alive: Alive,
}

impl Recording {
    /// A file whose container follows from its extension: `mkv`, `mp4` or `ts`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            container: Container::of(&path),
            naming: Naming { path, timed: false },
            segment_duration: None,
            segment_bytes: None,
            retention: Retention::default(),
            stall_timeout: Duration::from_secs(5),
            key_frames: KeyFrameRequest::default(),
            stream: None,
            current: None,
            finishing: Vec::new(),
            archive: None,
            problem: None,
            alive: Alive::default(),
        }
    }

    /// The same file with this container, whatever its extension.
    #[must_use]
    pub fn container(mut self, container: Container) -> Self {
        self.container = Some(container);
        self
    }

    /// Begins a new file each time one is about so long, at least a second; a key frame is asked for in time.
    #[must_use]
    pub fn segment_duration(mut self, duration: Duration) -> Self {
        self.segment_duration = Some(duration.max(Duration::from_secs(1)));
        self.naming.timed = true;
        self
    }

    /// Begins a new file each time one has about so many bytes, at least 65536.
    #[must_use]
    pub fn segment_bytes(mut self, bytes: u64) -> Self {
        self.segment_bytes = Some(bytes.max(1 << 16));
        self.naming.timed = true;
        self
    }

    /// Deletes the oldest segments when all together have more bytes than this, the one that is being written included.
    #[must_use]
    pub fn keep_bytes(mut self, bytes: u64) -> Self {
        self.retention.bytes = Some(bytes);
        self
    }

    /// Deletes the oldest segments when there are more than so many, the one that is being written included.
    #[must_use]
    pub fn keep_files(mut self, files: usize) -> Self {
        self.retention.files = Some(files);
        self
    }

    /// Deletes segments that ended longer ago than this, by the stream's time.
    #[must_use]
    pub fn keep_for(mut self, time: Duration) -> Self {
        self.retention.time = Some(time);
        self
    }

    /// How long the disk may take nothing, or may take to open or to delete a file, before that is an error; 5 s unless told.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    fn path(&self) -> &Path {
        &self.naming.path
    }

    fn known_container(&self) -> Result<Container, OutputError> {
        self.container.ok_or_else(|| {
            OutputError::new(format!("{}: the extension must be mkv, mp4 or ts", self.path().display()))
        })
    }

    /// Does something with files that may hang.
    fn files<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Naming) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        if self.alive.others() > HANGING {
            return Err("earlier files hang and have not ended yet".into());
        }
        let (naming, alive) = (self.naming.clone(), self.alive.clone());
        let work = move || {
            let result = work(&naming);
            drop(alive);
            result
        };
        match within("skyline files", self.stall_timeout, work) {
            Some(result) => result.map_err(|error| error.to_string()),
            None => Err(format!("the disk did not answer within {:?}", self.stall_timeout)),
        }
    }

    /// A new file that begins with this unit.
    fn begin(&self, unit: &AccessUnit) -> Result<Segment, OutputError> {
        let error = |reason| OutputError::new(format!("{}: {reason}", self.path().display()));
        let stream = self.stream.as_ref().ok_or_else(|| error("the recording is not open".into()))?;
        let begins = stream.started + unit.pts.elapsed();
        let container = self.known_container()?;
        let path = self.files(move |naming| naming.create(begins)).map_err(error)?;
        // Little may wait, because what waits is lost when the disk is full.
        let limits = Limits { buffers: 8, bytes: 4 << 20, stall: self.stall_timeout };
        Segment::begin(path.clone(), container, stream, unit, limits, self.alive.clone()).map_err(|reason| {
            let error = OutputError::new(format!("{}: {reason}", path.display()));
            // Nothing is in it yet; it stays if it cannot be removed, which the error has the reason for.
            let _ = self.files(move |_| remove_trial(&path));
            error
        })
    }

    /// Whether the next segment may begin with this unit, if it is a key frame.
    fn is_due(&self, segment: &Segment, unit: &AccessUnit) -> bool {
        // A key frame that is asked for now comes with the next pictures.
        let ahead = self.stream.as_ref().map_or(Duration::ZERO, |stream| stream.frame_rate.interval() * 2);
        self.segment_duration.is_some_and(|limit| segment.length_at(unit) + ahead >= limit)
            || self.segment_bytes.is_some_and(|limit| segment.bytes() >= limit - limit / 16)
    }

    /// Goes on in a new file; in the same one if there can be none, so that nothing is lost.
    fn cut(&mut self, unit: &AccessUnit) {
        self.collect();
        if self.finishing.len() >= FINISHING {
            return;
        }
        match self.begin(unit) {
            Ok(next) => {
                if let Some(ended) = self.current.replace(next) {
                    self.finish(ended);
                }
            }
            Err(error) => self.note(format!("no new segment: {error}")),
        }
    }

    /// Finishes a file beside the next one, as that may take seconds.
    fn finish(&mut self, segment: Segment) {
        match Work::start("skyline finish", move || segment.finish()) {
            Ok(work) => self.finishing.push(work),
            Err(error) => self.note(format!("a file was not finished, as there is no thread: {error}")),
        }
    }

    /// Takes what was finished meanwhile into the archive.
    fn collect(&mut self) {
        let done: Vec<_> = self.finishing.extract_if(.., |work| work.is_done()).collect();
        if done.is_empty() {
            return;
        }
        for work in done {
            self.put_away(work, Duration::ZERO);
        }
        self.tidy();
    }

    fn put_away(&mut self, work: Work<Finished>, patience: Duration) {
        match work.wait(patience) {
            Some(Finished { kept, problem }) => {
                if let (Some(archive), Some(kept)) = (&mut self.archive, kept) {
                    archive.add(kept);
                }
                if let Some(problem) = problem {
                    self.note(problem);
                }
            }
            None => self.note(format!("{}: a file hangs and was not finished", self.path().display())),
        }
    }

    /// Deletes what is beyond the limits.
    fn tidy(&mut self) {
        let Some(writing) = self.current.as_ref().map(Segment::writing) else { return };
        let Some(archive) = &mut self.archive else { return };
        for Kept { path, .. } in archive.take_expired(self.retention, writing) {
            tracing::info!(path = %path.display(), "an old segment is deleted");
            let shown = path.display().to_string();
            if let Err(reason) = self.files(move |_| remove(&path)) {
                self.note(format!("{shown} cannot be deleted: {reason}"));
            }
        }
    }

    fn note(&mut self, problem: String) {
        tracing::warn!(path = %self.path().display(), %problem, "trouble with a recording");
        self.problem.get_or_insert(problem);
    }
}

/// Removes a file that was just made, but no device and no pipe.
fn remove_trial(path: &Path) -> std::io::Result<()> {
    if path.is_file() { fs::remove_file(path) } else { Ok(()) }
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl Output for Recording {
    fn name(&self) -> String {
        format!("recording {}", self.path().display())
    }

    fn prepare(&mut self) -> Result<(), OutputError> {
        self.known_container()?;
        if self.retention != Retention::default() && !self.naming.timed {
            return Err(OutputError::new(
                "a limit on what is kept needs segments: set segment_duration or segment_bytes",
            ));
        }
        // It is only a trial: a stream without a frame leaves no file.
        let trial = |naming: &Naming| remove_trial(&naming.create(SystemTime::UNIX_EPOCH)?);
        self.files(trial).map_err(|reason| {
            OutputError::new(format!("{} cannot be written: {reason}", self.path().display()))
        })
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        self.key_frames = request;
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        if self.archive.is_none() && self.retention != Retention::default() {
            let error = |reason| OutputError::new(format!("{}: {reason}", self.naming.folder().display()));
            self.archive = Some(self.files(Archive::load).map_err(error)?);
        }
        self.stream = Some(stream.clone());
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        let is_due = self.current.as_ref().is_some_and(|segment| self.is_due(segment, unit));
        if is_due && unit.keyframe {
            self.cut(unit);
        }
        if self.current.is_none() {
            self.current = Some(self.begin(unit)?);
        }
        let Some(segment) = &mut self.current else { return Ok(()) };
        if is_due && !unit.keyframe && !segment.asked {
            segment.asked = true;
            self.key_frames.ask();
        }
        segment.write(unit).map_err(OutputError::new)?;
        self.collect();
        if unit.keyframe {
            self.tidy();
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), OutputError> {
        if let Some(segment) = self.current.take() {
            self.finish(segment);
        }
        let deadline = Instant::now() + CLOSE;
        for work in std::mem::take(&mut self.finishing) {
            self.put_away(work, deadline.saturating_duration_since(Instant::now()));
        }
        self.stream = None;
        match self.problem.take() {
            Some(problem) => Err(OutputError::new(problem)),
            None => Ok(()),
        }
    }
}
