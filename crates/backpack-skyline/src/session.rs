use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::{Frame, Timestamp};
use backpack_timepiece::Clock;

use crate::frame_queue::FrameQueue;
use crate::lock::lock;
use crate::warm_up::{self, WarmUp};
use crate::{
    Backoff, Codec, EncoderError, EncoderFactory, Fanout, Output, OutputState, OutputStats, Put, StartError,
    State, Stats, StreamInfo, UnitSink, VideoEncoder, VideoSpec,
};

/// How many bytes of frames may wait while the encoder opens, so that the beginning of the stream is not lost.
const OPENING_BYTES: usize = 64 << 20;

/// What a session is started with.
pub(crate) struct Setup {
    pub(crate) encoder: Arc<dyn EncoderFactory>,
    pub(crate) outputs: Vec<Box<dyn Output>>,
    pub(crate) clock: Clock,
    pub(crate) backoff: Backoff,
    pub(crate) queue: usize,
    pub(crate) patience: Duration,
}

/// One run of a stream, from the opening of its encoder to the closing of its outputs, on a thread of its own.
pub(crate) struct Session {
    spec: VideoSpec,
    queue: Arc<FrameQueue>,
    shared: Arc<Shared>,
    opened: mpsc::Receiver<Result<(), EncoderError>>,
    ended: mpsc::Receiver<Ended>,
    origin: Option<Timestamp>,
    frames: u64,
    patience: Duration,
}

/// What the frame loop can see of the session's thread.
struct Shared {
    names: Vec<String>,
    anchor: OnceLock<SystemTime>,
    encoder: OnceLock<String>,
    fanout: OnceLock<Fanout>,
    units: AtomicU64,
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
    pub(crate) fn start(spec: VideoSpec, setup: Setup, warm_up: WarmUp) -> Result<Self, StartError> {
        let frame_bytes = (spec.width as usize * spec.height as usize * 3).max(1);
        let opening = (OPENING_BYTES / frame_bytes).clamp(warm_up::FRAMES, 256);
        let queue = Arc::new(FrameQueue::new(setup.queue, opening));
        let shared = Arc::new(Shared {
            names: setup.outputs.iter().map(|output| output.name()).collect(),
            anchor: OnceLock::new(),
            encoder: OnceLock::new(),
            fanout: OnceLock::new(),
            units: AtomicU64::new(0),
            failed: Mutex::new(None),
        });
        let (send_opened, opened) = mpsc::channel();
        let (send_ended, ended) = mpsc::channel();
        let mut session = Self {
            spec,
            queue: Arc::clone(&queue),
            shared: Arc::clone(&shared),
            opened,
            ended,
            origin: None,
            frames: 0,
            patience: setup.patience,
        };
        // Before the thread runs, so that there is room for all of them.
        for (frame, timestamp, wall) in warm_up.into_frames() {
            session.put(frame, timestamp, wall, None);
        }
        let worker = Worker { spec, setup, queue, shared };
        thread::Builder::new().name("skyline encode".into()).spawn(move || {
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

    pub(crate) fn spec(&self) -> &VideoSpec {
        &self.spec
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
        let frame = frame.with_timestamp(Timestamp::from(timestamp.since(origin)));
        self.frames += 1;
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

    pub(crate) fn stats(&self, state: State) -> Stats {
        Stats {
            state,
            encoder: self.shared.encoder.get().cloned(),
            frames: self.frames,
            frames_dropped: self.queue.dropped(),
            frames_late: 0,
            units: self.shared.units.load(Ordering::Relaxed),
            outputs: match self.shared.fanout.get() {
                Some(fanout) => fanout.stats(),
                None => self.shared.names.iter().cloned().map(OutputStats::waiting).collect(),
            },
        }
    }

    pub(crate) fn ask_for_key_frame(&self) {
        if let Some(fanout) = self.shared.fanout.get() {
            fanout.key_frame_request().ask();
        }
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

impl OutputStats {
    pub(crate) fn waiting(name: String) -> Self {
        let state = OutputState::Waiting;
        Self { name, state, units: 0, bytes: 0, dropped: 0, failures: 0, last_error: None, viewers: None }
    }
}

struct Worker {
    spec: VideoSpec,
    setup: Setup,
    queue: Arc<FrameQueue>,
    shared: Arc<Shared>,
}

impl Worker {
    /// Runs, and ends the outputs in order even if the encoder fails or panics.
    fn run(mut self, opened: &mpsc::Sender<Result<(), EncoderError>>) -> Ended {
        let mut encoder = None;
        let result = catch_unwind(AssertUnwindSafe(|| self.open_and_encode(&mut encoder, opened)))
            .unwrap_or_else(|_| Err("the encoder's thread panicked".into()));
        if let Err(reason) = &result {
            tracing::error!(%reason, "the stream has failed");
            self.shared.fail(reason.clone());
            self.queue.close();
            self.queue.clear();
        }
        let (outputs, mut problems) = match self.shared.fanout.get() {
            Some(fanout) => fanout.stop(self.setup.patience),
            None => (self.setup.outputs, Vec::new()),
        };
        problems.splice(0..0, result.err());
        // Only now, because an encoder may hang when it is let go.
        if catch_unwind(AssertUnwindSafe(|| drop(encoder))).is_err() {
            problems.push("the encoder panicked when it was closed".into());
        }
        Ended { outputs, problems }
    }

    fn open_and_encode(
        &mut self,
        encoder: &mut Option<Box<dyn VideoEncoder>>,
        opened: &mpsc::Sender<Result<(), EncoderError>>,
    ) -> Result<(), String> {
        // The sender's other end is gone when nobody waits for the opening.
        match self.open() {
            Ok(open) => {
                let _ = opened.send(Ok(()));
                self.encode(&mut **encoder.insert(open))
            }
            Err(error) => {
                let text = error.to_string();
                let _ = opened.send(Err(error));
                Err(text)
            }
        }
    }

    fn open(&self) -> Result<Box<dyn VideoEncoder>, EncoderError> {
        // The encoder must not keep the fan-out alive, or the outputs would outlive a session that was given up.
        let shared = Arc::downgrade(&self.shared);
        let sink = UnitSink::new(move |unit| {
            let Some(shared) = shared.upgrade() else { return };
            shared.units.fetch_add(1, Ordering::Relaxed);
            if let Some(fanout) = shared.fanout.get() {
                fanout.send(&unit);
            }
        });
        let encoder = self.setup.encoder.open(&self.spec, sink)?;
        self.shared.encoder.get_or_init(|| encoder.name().to_owned());
        self.queue.opened();
        Ok(encoder)
    }

    fn encode(&mut self, encoder: &mut dyn VideoEncoder) -> Result<(), String> {
        while let Some(frame) = self.queue.pop() {
            if self.shared.fanout.get().is_none() {
                self.start_fanout(encoder.codec())
                    .map_err(|error| format!("a thread could not be started: {error}"))?;
            }
            let keyframe = self.shared.fanout.get().is_some_and(|fanout| fanout.key_frame_request().take());
            encoder.encode(frame, keyframe).map_err(|error| error.to_string())?;
        }
        encoder.finish().map_err(|error| error.to_string())
    }

    /// The outputs begin with the first frame, when it is known what time it was at timestamp zero.
    fn start_fanout(&mut self, codec: Codec) -> std::io::Result<()> {
        let (width, height) = self.spec.encoded_size();
        let started = *self.shared.anchor.get_or_init(|| self.setup.clock.wall());
        let stream = StreamInfo { codec, width, height, frame_rate: self.spec.frame_rate, started };
        let outputs = std::mem::take(&mut self.setup.outputs);
        let fanout = Fanout::start(outputs, stream, &self.setup.clock, self.setup.backoff)?;
        self.shared.fanout.get_or_init(|| fanout);
        Ok(())
    }
}
