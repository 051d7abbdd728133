use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use backpack_skyline::{AccessUnit, KeyFrameRequest};

use crate::connection::Skew;
use crate::control::Control;
use crate::control_plane::ControlPlane;
use crate::credentials::{Cache, SharedCredentialsProvider};
use crate::cutter::{Cut, Cutter};
use crate::events::{self, Events};
use crate::intake::Intake;
use crate::spool::{Spool, Store};
use crate::worker::{Settings, Worker};
use crate::{
    BuildError, MetadataError, Notice, Persistence, ProducerBuilder, ProducerStats, PutError, Remaining,
    Subscription, Video,
};

/// How long the thread may take to end once it is told to.
const LAST: Duration = Duration::from_secs(2);

/// Sends access units to a stream of Kinesis Video Streams, and keeps them until they are persisted.
///
/// [`put`](Self::put) waits for no network. With a spool on disk it writes to the disk, which may take its time: where that matters, a
/// [`KvsOutput`](crate::KvsOutput) in a SkyLine or a fan-out has a queue and a thread in front.
///
/// Dropping a producer gives up what is not persisted, and logs that; [`shutdown`](Self::shutdown) waits.
#[derive(Debug)]
pub struct Producer {
    shared: Shared,
    thread: Option<thread::JoinHandle<()>>,
}

/// What others may look at while the producer runs.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) intake: Arc<Mutex<Intake>>,
    pub(crate) control: Arc<Control>,
    pub(crate) events: Events,
}

/// What a producer is started with.
pub(crate) struct Parts {
    pub(crate) cut: Cut,
    pub(crate) control_plane: ControlPlane,
    pub(crate) credentials: SharedCredentialsProvider,
    pub(crate) settings: Settings,
    pub(crate) spool: Spool,
    pub(crate) linger: Duration,
    pub(crate) video: Video,
}

impl Producer {
    /// A producer for the stream of this name.
    pub fn builder(stream: impl Into<String>) -> ProducerBuilder {
        ProducerBuilder::new(stream.into())
    }

    pub(crate) fn start(mut parts: Parts) -> Result<Self, BuildError> {
        let events = events::new();
        let clock = parts.settings.clock.clone();
        let folder = parts.spool.disk.as_ref().map(|disk| disk.path.display().to_string());
        let store =
            Store::open(parts.spool, parts.linger, clock.clone(), events.clone()).map_err(|error| {
                BuildError::Spool { path: folder.unwrap_or_default(), error: error.to_string() }
            })?;
        let cutter = Cutter::new(parts.cut, clock.clone());
        let mut intake = Intake::new(cutter, store.clone(), clock, events.clone());
        intake.begin(&parts.video);
        if parts.video.codec == backpack_skyline::Codec::H265 {
            parts.control_plane.media_type = "video/h265";
        }
        let name = format!("kvs {}", parts.control_plane.stream);
        let shared = Shared { store, intake: Arc::new(Mutex::new(intake)), control: Arc::default(), events };
        let worker = Worker {
            settings: parts.settings,
            store: shared.store.clone(),
            intake: Arc::clone(&shared.intake),
            control: Arc::clone(&shared.control),
            control_plane: parts.control_plane,
            credentials: Cache::new(parts.credentials),
            events: shared.events.clone(),
            skew: Skew::default(),
            failures: 0,
            connected: None,
            persisted: 0,
        };
        let no_thread = |error: std::io::Error| BuildError::Thread(error.to_string());
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(no_thread)?;
        let span = tracing::Span::current();
        let run = move || {
            let _entered = span.entered();
            // A task is woken without a system call, unlike what the runtime blocks on.
            let task = runtime.spawn(worker.run());
            if runtime.block_on(task).is_err() {
                tracing::error!("the producer panicked");
            }
            // A name that is being looked up must not be waited for.
            runtime.shutdown_background();
        };
        let thread = thread::Builder::new().name(name).spawn(run).map_err(no_thread)?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Goes on with video of another kind, whose first unit must be a key frame.
    pub fn begin(&self, video: &Video) {
        self.shared.intake().begin(video);
    }

    /// Takes the next access unit, in the order in which they are decoded.
    ///
    /// # Errors
    /// If the unit cannot be sent. It is counted; what was taken before stays, and the next unit may be taken.
    pub fn put(&self, unit: &AccessUnit) -> Result<(), PutError> {
        self.shared.intake().put(unit)
    }

    /// Gives the fragment that is being made a tag, which the service stores beside it.
    ///
    /// # Errors
    /// If the tag is beyond the service's limits: ten tags, names of 128 and values of 256 bytes, no name that begins with AWS.
    pub fn tag(&self, name: &str, value: &str, persistence: Persistence) -> Result<(), MetadataError> {
        self.shared.intake().cutter.metadata.set(name, value, persistence)
    }

    /// Ends a tag that is on each fragment.
    pub fn remove_tag(&self, name: &str) {
        self.shared.intake().cutter.metadata.remove(name);
    }

    /// Asks the service to do something with the fragment that is being made.
    ///
    /// # Errors
    /// If the prefix of an image is longer than 256 bytes.
    pub fn notice(&self, notice: Notice) -> Result<(), MetadataError> {
        self.shared.intake().cutter.metadata.notice(notice)
    }

    /// What the encoder is asked for key frames with: whoever feeds this producer [looks](KeyFrameRequest::take) before each frame, if it can.
    pub fn key_frame_request(&self) -> KeyFrameRequest {
        self.shared.intake().cutter.key_frames.clone()
    }

    /// Asks with this instead.
    pub fn ask_with(&self, request: KeyFrameRequest) {
        self.shared.intake().cutter.key_frames = request;
    }

    /// Counters since the start.
    pub fn stats(&self) -> ProducerStats {
        self.shared.stats()
    }

    /// What happened so far, at most the last 1024 events, and everything that will happen.
    pub fn events(&self) -> Subscription {
        self.shared.events.subscribe()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Ends the fragment that is being made, and waits until everything so far is persisted; the next unit must be a key frame.
    ///
    /// # Errors
    /// If that takes longer than `patience`; what remains is tried on.
    pub fn flush(&self, patience: Duration) -> Result<(), Remaining> {
        let deadline = Instant::now() + patience;
        self.shared.intake().end();
        let store = &self.shared.store;
        let below = store.flush();
        if store.wait_until_settled(below, deadline) { Ok(()) } else { Err(self.remaining()) }
    }

    /// Ends the stream: takes no more units, and waits until everything is persisted.
    ///
    /// # Errors
    /// If that takes longer than `patience`; the error tells what remains.
    pub fn shutdown(mut self, patience: Duration) -> Result<(), Remaining> {
        let deadline = Instant::now() + patience;
        self.shared.intake().end();
        let store = &self.shared.store;
        store.close();
        let is_settled = store.wait_until_settled(u64::MAX, deadline);
        let remaining = if is_settled { Ok(()) } else { Err(self.remaining()) };
        self.end();
        remaining
    }

    fn remaining(&self) -> Remaining {
        let (fragments, bytes, is_on_disk) = self.shared.store.left();
        let last_error = self.shared.control.status().last_error.clone();
        Remaining { fragments, bytes, is_on_disk, last_error }
    }

    /// Ends the thread.
    fn end(&mut self) {
        self.shared.control.stop();
        let Some(thread) = self.thread.take() else { return };
        let deadline = Instant::now() + LAST;
        while !thread.is_finished() {
            if Instant::now() > deadline {
                tracing::warn!("the producer's thread hangs and is left to itself");
                return;
            }
            thread::sleep(Duration::from_millis(1));
        }
        // It has told of a panic itself.
        let _ = thread.join();
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        if self.thread.is_none() {
            return;
        }
        self.shared.intake().end();
        self.shared.store.close();
        self.end();
        let remaining = self.remaining();
        if remaining.fragments > 0 {
            tracing::warn!(%remaining, "a producer was dropped before everything was persisted");
        }
    }
}

impl Shared {
    pub(crate) fn intake(&self) -> MutexGuard<'_, Intake> {
        self.intake.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stats(&self) -> ProducerStats {
        let (units, refused_units, time_restarts) = {
            let intake = self.intake();
            (intake.units, intake.refused, intake.cutter.restarts)
        };
        let status = self.control.status().clone();
        let (fragments, backlog_bytes) = self.store.fragments();
        let counts = self.store.counts();
        ProducerStats {
            connection: status.connection,
            fragments,
            backlog_bytes,
            sent_bytes: counts.sent_bytes,
            resent: counts.resent,
            lag: self.store.lag(),
            units,
            refused_units,
            time_restarts,
            connections: status.connections,
            reconnects: status.reconnects,
            failures: status.failures,
            last_error: status.last_error,
        }
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}
