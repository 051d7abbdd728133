use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

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
            Err(_) => Err(StartError::Timeout(self.patience)),
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
            Some(patience) => self.queue.push_within(frame, patience),
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
        self.ended.recv_timeout(patience).unwrap_or_else(|_| Ended {
            outputs: Vec::new(),
            problems: vec![format!("the stream did not end within {patience:?} and was given up")],
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.queue.close();
    }
}

impl OutputStats {
    fn waiting(name: String) -> Self {
        let state = OutputState::Waiting;
        Self { name, state, units: 0, bytes: 0, dropped: 0, failures: 0, last_error: None }
    }
}

struct Worker {
    spec: VideoSpec,
    setup: Setup,
    queue: Arc<FrameQueue>,
    shared: Arc<Shared>,
}

impl Worker {
    fn run(mut self, opened: &mpsc::Sender<Result<(), EncoderError>>) -> Ended {
        // The sender's other end is gone when nobody waits for the opening.
        let result = match self.open() {
            Ok(mut encoder) => {
                let _ = opened.send(Ok(()));
                self.encode(&mut *encoder)
            }
            Err(error) => {
                let text = error.to_string();
                let _ = opened.send(Err(error));
                Err(text)
            }
        };
        if let Err(reason) = &result {
            tracing::error!(%reason, "the stream has failed");
            *lock(&self.shared.failed) = Some(reason.clone());
            self.queue.close();
        }
        let (outputs, mut problems) = match self.shared.fanout.get() {
            Some(fanout) => fanout.stop(self.setup.patience),
            None => (self.setup.outputs, Vec::new()),
        };
        problems.splice(0..0, result.err());
        Ended { outputs, problems }
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
                self.start_fanout().map_err(|error| format!("a thread could not be started: {error}"))?;
            }
            let keyframe = self.shared.fanout.get().is_some_and(|fanout| fanout.key_frame_request().take());
            encoder.encode(frame, keyframe).map_err(|error| error.to_string())?;
        }
        encoder.finish().map_err(|error| error.to_string())
    }

    /// The outputs begin with the first frame, when it is known what time it was at timestamp zero.
    fn start_fanout(&mut self) -> std::io::Result<()> {
        let (width, height) = self.spec.encoded_size();
        let started = *self.shared.anchor.get_or_init(|| self.setup.clock.wall());
        let stream =
            StreamInfo { codec: Codec::H264, width, height, frame_rate: self.spec.frame_rate, started };
        let outputs = std::mem::take(&mut self.setup.outputs);
        let fanout = Fanout::start(outputs, &stream, &self.setup.clock, self.setup.backoff)?;
        self.shared.fanout.get_or_init(|| fanout);
        Ok(())
    }
}
