mod worker;

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::{Frame, Timestamp};
use backpack_timepiece::Clock;

use crate::frame_queue::FrameQueue;
use crate::lock::lock;
use crate::traffic::Traffic;
use crate::warm_up::{self, WarmUp};
use crate::{
    Backoff, EncoderError, EncoderFactory, Events, Fanout, Output, OutputStats, Put, RemovedOutput,
    SizeChange, StartError, State, Stats, VideoSpec,
};
use worker::Worker;

/// How many bytes of frames may wait while the encoder opens, so that the beginning of the stream is not lost.
const OPENING_BYTES: usize = 64 << 20;

/// What a session is started with.
pub(crate) struct Setup {
    pub(crate) encoder: Arc<dyn EncoderFactory>,
    pub(crate) clock: Clock,
    pub(crate) backoff: Backoff,
    pub(crate) queue: usize,
    pub(crate) patience: Duration,
    pub(crate) size_change: SizeChange,
    pub(crate) events: Events,
    pub(crate) span: tracing::Span,
}

/// One run of a stream, from the opening of its encoder to the closing of its outputs, on a thread of its own.
pub(crate) struct Session {
    queue: Arc<FrameQueue>,
    shared: Arc<Shared>,
    clock: Clock,
    opened: mpsc::Receiver<Result<(), EncoderError>>,
    ended: mpsc::Receiver<Ended>,
    origin: Option<Timestamp>,
    /// The size of the last frame.
    size: (u32, u32),
    frames: u64,
    size_change: SizeChange,
    patience: Duration,
}

/// What the frame loop can see of the session's thread. The locks are held for moments only.
struct Shared {
    anchor: OnceLock<SystemTime>,
    spec: Mutex<VideoSpec>,
    encoder: Mutex<Option<String>>,
    fanout: OnceLock<Fanout>,
    /// Outputs for the fan-out, until it is started. Locked while it is, so that none is forgotten.
    waiting: Mutex<Vec<Box<dyn Output>>>,
    traffic: Mutex<Traffic>,
    /// The bit rate that the encoder is to change to, in kilobits per second; 0 if it is to stay as it is.
    bitrate: AtomicU32,
    failed: Mutex<Option<String>>,
}

impl Shared {
    fn fail(&self, reason: String) {
        *lock(&self.failed) = Some(reason);
    }
}

/// What a session leaves behind.
pub(crate) struct Ended {
    pub(crate) outputs: Vec<Box<dyn Output>>,
    pub(crate) problems: Vec<String>,
}

impl Session {
    /// Begins with the frames of a warm-up, if there was one.
    pub(crate) fn start(
        spec: VideoSpec,
        setup: Setup,
        outputs: Vec<Box<dyn Output>>,
        warm_up: WarmUp,
    ) -> Result<Self, StartError> {
        let frame_bytes = (spec.width as usize * spec.height as usize * 3).max(1);
        let opening = (OPENING_BYTES / frame_bytes).clamp(warm_up::FRAMES, 256);
        let queue = Arc::new(FrameQueue::new(setup.queue, opening));
        let shared = Arc::new(Shared {
            anchor: OnceLock::new(),
            spec: Mutex::new(spec),
            encoder: Mutex::new(None),
            fanout: OnceLock::new(),
            waiting: Mutex::new(outputs),
            traffic: Mutex::new(Traffic::default()),
            bitrate: AtomicU32::new(0),
            failed: Mutex::new(None),
        });
        let (send_opened, opened) = mpsc::channel();
        let (send_ended, ended) = mpsc::channel();
        let mut session = Self {
            queue: Arc::clone(&queue),
            shared: Arc::clone(&shared),
            clock: setup.clock.clone(),
            opened,
            ended,
            origin: None,
            size: (spec.width, spec.height),
            frames: 0,
            size_change: setup.size_change,
            patience: setup.patience,
        };
        // Before the thread runs, so that there is room for all of them.
        for (frame, timestamp, wall) in warm_up.into_frames() {
            session.put(frame, timestamp, wall, None);
        }
        let worker = Worker { spec, setup, queue, shared };
        thread::Builder::new().name("skyline encode".into()).spawn(move || {
            let _entered = worker.setup.span.clone().entered();
            // Nobody receives when the SkyLine was dropped meanwhile.
            let _ = send_ended.send(worker.run(&send_opened));
        })?;
        Ok(session)
    }

    /// Waits until the encoder is open.
    pub(crate) fn wait_open(&self) -> Result<(), StartError> {
        match self.opened.recv_timeout(self.patience) {
            Ok(result) => Ok(result?),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(StartError::Timeout(self.patience)),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                let reason = self.failure().unwrap_or_default();
                Err(EncoderError::Failed { encoder: "thread".into(), reason }.into())
            }
        }
    }

    pub(crate) fn spec(&self) -> VideoSpec {
        *lock(&self.shared.spec)
    }

    /// Hands a frame with a timestamp to the encoder's thread; waits for room no longer than `patience`, or drops the oldest frame.
    pub(crate) fn put(
        &mut self,
        frame: Frame,
        timestamp: Timestamp,
        wall: SystemTime,
        patience: Option<Duration>,
    ) -> Put {
        let origin = *self.origin.get_or_insert(timestamp);
        self.shared.anchor.get_or_init(|| wall);
        let timestamp = Timestamp::from(timestamp.since(origin));
        let frame = frame.with_timestamp(timestamp);
        self.frames += 1;
        let size = (frame.width(), frame.height());
        let changed = std::mem::replace(&mut self.size, size) != size;
        if changed && self.size_change == SizeChange::NewSegment {
            // The encoder has to be replaced, which takes time.
            self.queue.opening();
        }
        lock(&self.shared.traffic).put(timestamp, self.clock.now());
        match patience {
            None => self.queue.push(frame),
            Some(patience) => {
                let deadline = Instant::now() + patience;
                self.wait_for_outputs(deadline);
                self.queue.push_within(frame, deadline.saturating_duration_since(Instant::now()))
            }
        }
    }

    /// Waits until every output has room, as somebody who would rather wait than lose a frame wants it.
    fn wait_for_outputs(&self, deadline: Instant) {
        let Some(fanout) = self.shared.fanout.get() else { return };
        while !fanout.has_room() && Instant::now() < deadline && self.failure().is_none() {
            thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn failure(&self) -> Option<String> {
        lock(&self.shared.failed).clone()
    }

    fn output_stats(&self) -> Vec<OutputStats> {
        // Locked first, because the outputs move from here into the fan-out.
        let waiting = lock(&self.shared.waiting);
        match self.shared.fanout.get() {
            Some(fanout) => fanout.stats(),
            None => waiting.iter().map(|output| OutputStats::waiting(output.name())).collect(),
        }
    }

    pub(crate) fn stats(&self, state: State) -> Stats {
        let now = self.clock.now();
        let traffic = lock(&self.shared.traffic);
        let (units, bits_per_second, latency) =
            (traffic.units, traffic.bits_per_second(now), traffic.latency());
        drop(traffic);
        Stats {
            state,
            encoder: lock(&self.shared.encoder).clone(),
            frames: self.frames,
            dropped: self.queue.dropped(),
            units,
            bits_per_second,
            latency: latency.map(|(mean, _)| mean),
            longest_latency: latency.map(|(_, longest)| longest),
            outputs: self.output_stats(),
        }
    }

    /// Gives the stream to one more output.
    pub(crate) fn add(&self, output: Box<dyn Output>) -> io::Result<()> {
        let mut waiting = lock(&self.shared.waiting);
        match self.shared.fanout.get() {
            Some(fanout) => fanout.add(output),
            None => {
                waiting.push(output);
                Ok(())
            }
        }
    }

    pub(crate) fn remove(&self, name: &str) -> Option<RemovedOutput> {
        self.shared.fanout.get()?.remove(name)
    }

    pub(crate) fn ask_for_key_frame(&self) {
        if let Some(fanout) = self.shared.fanout.get() {
            fanout.key_frame_request().ask();
        }
    }

    pub(crate) fn set_bitrate(&self, kbps: u32) {
        self.shared.bitrate.store(kbps, Ordering::Relaxed);
    }

    /// Encodes what waits, closes everything, and returns the outputs; gives up what takes longer than `patience`.
    pub(crate) fn stop(&self, patience: Duration) -> Ended {
        self.queue.close();
        self.ended.recv_timeout(patience).unwrap_or_else(|_| {
            // The encoder hangs: the outputs keep what they have so far.
            let ended = self.shared.fanout.get().map(|fanout| fanout.stop(patience));
            let (outputs, mut problems) = ended.unwrap_or_default();
            problems.push(format!("the encoder did not end within {patience:?} and was given up"));
            Ended { outputs, problems }
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.queue.close();
    }
}
