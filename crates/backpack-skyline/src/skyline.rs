use std::sync::Arc;
use std::time::{Duration, Instant};

use backpack_core::{Frame, FrameRef, Timestamp};

use crate::session::{Ended, Session, Setup};
use crate::warm_up::WarmUp;
use crate::{
    EncoderFactory, Event, Events, FrameInput, FrameRate, Output, OutputStats, Put, PutError, RemovedOutput,
    SizeChange, SkyLineBuilder, StartError, State, Stats, StopError, Subscription, VideoSpec,
};

/// The sides of a picture that encoders take, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=16384;

/// A stream of frames to everywhere it is watched: encoded once, sent to any number of [`Output`]s.
///
/// [`put`](SkyLine::put) never waits: frames are converted and encoded on a thread of the SkyLine's own, and each output has a thread and a bounded
/// queue of its own. What cannot be kept up with is dropped, oldest first, and counted in [`stats`](SkyLine::stats).
///
/// Call [`stop`](SkyLine::stop) at the end, which finalises recordings and says what went wrong. Dropping a running SkyLine stops it too, for at
/// most two seconds, and can only log problems.
pub struct SkyLine {
    encoder: Arc<dyn EncoderFactory>,
    config: SkyLineBuilder,
    outputs: Vec<Box<dyn Output>>,
    /// The names of all outputs, also of those that were given up.
    names: Vec<String>,
    run: Run,
    /// Where the time of frames without a timestamp begins.
    begun: Instant,
    last: Option<Timestamp>,
    not_later: u64,
    refused: u64,
    ended: Stats,
    /// What the last session was started with, or changed to.
    last_spec: Option<VideoSpec>,
    events: Events,
    span: tracing::Span,
}

enum Run {
    Stopped,
    Measuring(WarmUp),
    Streaming(Session),
    /// The session could not even be started.
    Failed(String),
}

impl SkyLine {
    /// Begins the description of a stream.
    pub fn builder() -> SkyLineBuilder {
        SkyLineBuilder::default()
    }

    pub(crate) fn from_builder(mut config: SkyLineBuilder) -> Result<Self, StartError> {
        let mut skyline = Self {
            encoder: config.encoder.take().ok_or(StartError::NoEncoder)?,
            names: config.outputs.iter().map(|output| output.name()).collect(),
            outputs: std::mem::take(&mut config.outputs),
            run: Run::Stopped,
            begun: config.clock.now(),
            last: None,
            not_later: 0,
            refused: 0,
            ended: Stats::default(),
            last_spec: None,
            events: Events::default(),
            span: tracing::info_span!("skyline", stream = config.name),
            config,
        };
        skyline.start_again()?;
        Ok(skyline)
    }

    /// Starts a stopped or failed stream again, with the same encoder and outputs. Timestamps and counters begin anew.
    ///
    /// # Errors
    /// As for [`SkyLineBuilder::start`]; [`StartError::Running`] if the stream is running; [`StartError::OutputLost`] if an output did not end
    /// in time when the stream was last stopped.
    pub fn start_again(&mut self) -> Result<(), StartError> {
        self.start_as(self.config.size.zip(self.config.frame_rate))
    }

    /// Starts a stopped or failed stream again with the size and rate that it had, so that nothing needs to be measured.
    ///
    /// # Errors
    /// As for [`start_again`](SkyLine::start_again); [`StartError::NothingBefore`] if the stream never had a frame.
    pub fn start_as_before(&mut self) -> Result<(), StartError> {
        let last = self.video().or(self.last_spec).ok_or(StartError::NothingBefore)?;
        self.start_as(Some(((last.width, last.height), last.frame_rate)))
    }

    /// Starts with this size and rate, or measures them.
    fn start_as(&mut self, known: Option<((u32, u32), FrameRate)>) -> Result<(), StartError> {
        match self.state() {
            State::Stopped => {}
            State::Failed(_) => drop(self.stop()),
            State::Measuring | State::Streaming => return Err(StartError::Running),
        }
        self.check_outputs()?;
        for output in &mut self.outputs {
            let prepared = output.prepare();
            prepared.map_err(|source| StartError::Output { name: output.name(), source })?;
        }
        self.begun = self.config.clock.now();
        self.last = None;
        self.not_later = 0;
        self.refused = 0;
        self.events.forget();
        let outputs = self.names.iter().cloned().map(OutputStats::waiting).collect();
        self.ended = Stats { outputs, ..Stats::default() };
        let Some(((width, height), frame_rate)) = known else {
            self.run = Run::Measuring(WarmUp::default());
            self.publish_state();
            return Ok(());
        };
        let session = self.session(VideoSpec { width, height, frame_rate }, WarmUp::default())?;
        match session.wait_open() {
            Ok(()) => {
                self.run = Run::Streaming(session);
                self.publish_state();
                Ok(())
            }
            Err(error) => {
                self.end(&session, self.config.patience);
                Err(error)
            }
        }
    }

    /// Puts a frame into the stream: an owned [`Frame`] is moved, a borrowed one is converted once. Never waits.
    ///
    /// The frame is shown at its timestamp, counted from the first frame's; a frame without one is shown at the time of this call.
    ///
    /// # Errors
    /// [`PutError::Size`], [`PutError::Sides`] or [`PutError::Format`] if the frame does not fit into the stream, which goes on;
    /// [`PutError::Failed`] if the stream has failed.
    pub fn put<'a>(&mut self, frame: impl Into<FrameInput<'a>>) -> Result<Put, PutError> {
        self.put_with(frame.into(), None)
    }

    /// Puts a frame as soon as there is room, for programs that would rather wait than lose a frame, such as one that works through a file.
    ///
    /// It waits for room at the encoder and at every output that is up; the frame is dropped if the encoder has no room within `patience`.
    ///
    /// # Errors
    /// As for [`put`](SkyLine::put).
    pub fn put_within<'a>(
        &mut self,
        frame: impl Into<FrameInput<'a>>,
        patience: Duration,
    ) -> Result<Put, PutError> {
        self.put_with(frame.into(), Some(patience))
    }

    fn put_with(&mut self, frame: FrameInput<'_>, patience: Option<Duration>) -> Result<Put, PutError> {
        if let Some(reason) = self.failure() {
            return Err(PutError::Failed(reason));
        }
        if let Run::Stopped = self.run {
            return Ok(Put::Stopped);
        }
        let view = frame.view();
        self.check_size(&view).inspect_err(|_| self.refused += 1)?;
        let now = self.config.clock.now();
        let timestamp = view.timestamp().unwrap_or_else(|| Timestamp::from(now.duration_since(self.begun)));
        if self.last.is_some_and(|last| timestamp <= last) {
            self.not_later += 1;
            return Ok(Put::NotLater);
        }
        let frame = self.own(frame).inspect_err(|_| self.refused += 1)?;
        self.last = Some(timestamp);
        let wall = self.config.clock.wall();
        match &mut self.run {
            Run::Stopped | Run::Failed(_) => Ok(Put::Stopped),
            Run::Streaming(session) => Ok(session.put(frame, timestamp, wall, patience)),
            Run::Measuring(warm_up) => {
                warm_up.add(frame, timestamp, wall);
                self.measured()?;
                Ok(Put::Measuring)
            }
        }
    }

    fn own(&self, frame: FrameInput<'_>) -> Result<Frame, PutError> {
        match frame {
            FrameInput::Owned(frame) => Ok(frame),
            FrameInput::Borrowed(frame) => {
                self.encoder.take_in(&frame).map_err(|error| PutError::Format(error.to_string()))
            }
        }
    }

    /// Begins to stream if enough is known.
    fn measured(&mut self) -> Result<(), PutError> {
        let Run::Measuring(warm_up) = &self.run else { return Ok(()) };
        if self.config.frame_rate.is_some() || warm_up.is_complete() { self.begin() } else { Ok(()) }
    }

    /// Begins to stream with what the warm-up has shown so far.
    fn begin(&mut self) -> Result<(), PutError> {
        let Run::Measuring(warm_up) = &mut self.run else { return Ok(()) };
        let warm_up = std::mem::take(warm_up);
        self.run = Run::Stopped;
        // A stream without a frame needs no encoder to end.
        let Some(first) = warm_up.size() else { return Ok(()) };
        let (width, height) = self.config.size.unwrap_or(first);
        let measured = self.config.frame_rate.or_else(|| warm_up.frame_rate());
        let frame_rate = measured.unwrap_or(FrameRate::new(1000, 1).expect("1000/1 is a rate"));
        match self.session(VideoSpec { width, height, frame_rate }, warm_up) {
            Ok(session) => {
                self.run = Run::Streaming(session);
                self.publish_state();
                Ok(())
            }
            Err(error) => {
                self.run = Run::Failed(error.to_string());
                self.publish_state();
                Err(PutError::Failed(error.to_string()))
            }
        }
    }

    fn session(&mut self, spec: VideoSpec, warm_up: WarmUp) -> Result<Session, StartError> {
        let (width, height) = (spec.width, spec.height);
        if !SIDES.contains(&width) || !SIDES.contains(&height) {
            return Err(StartError::Size { width, height });
        }
        let setup = Setup {
            encoder: Arc::clone(&self.encoder),
            clock: self.config.clock.clone(),
            backoff: self.config.backoff,
            queue: self.config.queue,
            patience: self.config.patience,
            size_change: self.config.size_change,
            events: self.events.clone(),
            span: self.span.clone(),
        };
        self.last_spec = Some(spec);
        Session::start(spec, setup, std::mem::take(&mut self.outputs), warm_up)
    }

    /// Refuses to go on without outputs that the stream once had.
    fn check_outputs(&self) -> Result<(), StartError> {
        let mut names = self.names.clone();
        for output in &self.outputs {
            if let Some(at) = names.iter().position(|name| *name == output.name()) {
                names.swap_remove(at);
            }
        }
        if names.is_empty() { Ok(()) } else { Err(StartError::OutputLost { names }) }
    }

    fn check_size(&self, frame: &FrameRef<'_>) -> Result<(), PutError> {
        let (width, height) = (frame.width(), frame.height());
        match self.config.size_change {
            SizeChange::Scale => return Ok(()),
            SizeChange::NewSegment if SIDES.contains(&width) && SIDES.contains(&height) => return Ok(()),
            SizeChange::NewSegment => return Err(PutError::Sides { width, height }),
            SizeChange::Refuse => {}
        }
        let expected = match &self.run {
            Run::Streaming(_) => self.video().map(|video| (video.width, video.height)),
            Run::Measuring(warm_up) => self.config.size.or(warm_up.size()),
            Run::Stopped | Run::Failed(_) => None,
        };
        match expected {
            Some((expected_width, expected_height))
                if (width, height) != (expected_width, expected_height) =>
            {
                Err(PutError::Size { width, height, expected_width, expected_height })
            }
            _ => Ok(()),
        }
    }

    fn failure(&self) -> Option<String> {
        match &self.run {
            Run::Streaming(session) => session.failure(),
            Run::Failed(reason) => Some(reason.clone()),
            Run::Stopped | Run::Measuring(_) => None,
        }
    }

    /// What the stream is doing.
    pub fn state(&self) -> State {
        match &self.run {
            Run::Stopped => State::Stopped,
            Run::Measuring(_) => State::Measuring,
            Run::Streaming(session) => session.failure().map_or(State::Streaming, State::Failed),
            Run::Failed(reason) => State::Failed(reason.clone()),
        }
    }

    /// The size and rate of the stream, once they are known.
    pub fn video(&self) -> Option<VideoSpec> {
        match &self.run {
            Run::Streaming(session) => Some(session.spec()),
            _ => None,
        }
    }

    /// Counters of the running stream, or of the last one.
    pub fn stats(&self) -> Stats {
        let mut stats = match &self.run {
            Run::Streaming(session) => session.stats(self.state()),
            _ => Stats { state: self.state(), ..self.ended.clone() },
        };
        stats.dropped.not_later = self.not_later;
        stats.dropped.refused = self.refused;
        stats
    }

    /// The events of the stream: those since its last start, and all that will come, also after it is started again.
    pub fn subscribe(&self) -> Subscription {
        self.events.subscribe()
    }

    fn publish_state(&self) {
        self.events.publish(Event::State(self.state()));
    }

    /// Changes the mean bit rate, in kilobits per second and at least 1, before the next frame; if the encoder refuses, that is an
    /// [event](Event::BitrateRefused). Does nothing unless the stream is running.
    pub fn set_bitrate_kbps(&self, kbps: u32) {
        if let Run::Streaming(session) = &self.run {
            session.set_bitrate(kbps.max(1));
        }
    }

    /// Gives the stream to one more output, also while it runs; the output begins at a key frame, for which it asks.
    ///
    /// # Errors
    /// If the output cannot work, or the system refuses to start a thread.
    pub fn add_output(&mut self, output: impl Output + 'static) -> Result<(), StartError> {
        let mut output: Box<dyn Output> = Box::new(output);
        let name = output.name();
        output.prepare().map_err(|source| StartError::Output { name: name.clone(), source })?;
        match &self.run {
            Run::Streaming(session) => self.span.in_scope(|| session.add(output))?,
            Run::Stopped | Run::Measuring(_) | Run::Failed(_) => self.outputs.push(output),
        }
        self.names.push(name);
        Ok(())
    }

    /// Takes the first output of this name out of a stream that has had its first frame, to be closed on its own thread; `None` if there is none.
    pub fn remove_output(&mut self, name: &str) -> Option<RemovedOutput> {
        let Run::Streaming(session) = &self.run else { return None };
        let removed = session.remove(name)?;
        if let Some(at) = self.names.iter().position(|known| known == name) {
            self.names.remove(at);
        }
        Some(removed)
    }

    /// Makes the next frame a key frame.
    pub fn request_key_frame(&self) {
        if let Run::Streaming(session) = &self.run {
            session.ask_for_key_frame();
        }
    }

    /// Encodes the frames that wait, ends the stream and closes every output; does nothing if the stream is stopped.
    ///
    /// # Errors
    /// If something may be incomplete; the rest was ended in order all the same, and the stream is stopped.
    pub fn stop(&mut self) -> Result<(), StopError> {
        // The encoder and the outputs each have this patience, one after the other; opening the encoder may come before both.
        self.stop_within(self.config.patience * 3)
    }

    fn stop_within(&mut self, patience: Duration) -> Result<(), StopError> {
        let was_stopped = matches!(self.run, Run::Stopped);
        // A stream shorter than the warm-up is not lost.
        let mut problems: Vec<String> =
            self.begin().err().map(|error| error.to_string()).into_iter().collect();
        if let Run::Failed(reason) = &self.run {
            problems = vec![format!("the stream has failed: {reason}")];
        }
        if let Run::Streaming(session) = std::mem::replace(&mut self.run, Run::Stopped) {
            problems.extend(self.end(&session, patience));
        }
        if !was_stopped {
            self.publish_state();
        }
        if problems.is_empty() { Ok(()) } else { Err(StopError { problems }) }
    }

    /// Ends a session, takes its outputs back and keeps its last counters.
    fn end(&mut self, session: &Session, patience: Duration) -> Vec<String> {
        let Ended { outputs, problems } = session.stop(patience);
        self.ended = session.stats(State::Stopped);
        self.last_spec = Some(session.spec());
        self.outputs = outputs;
        problems
    }
}

impl Drop for SkyLine {
    fn drop(&mut self) {
        if let Err(error) = self.stop_within(Duration::from_secs(2)) {
            tracing::warn!(%error, "a SkyLine was dropped without a stop");
        }
    }
}
