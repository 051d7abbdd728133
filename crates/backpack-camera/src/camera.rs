use std::fmt;
use std::iter::FusedIterator;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use backpack_core::Frame;
use gstreamer as gst;

use crate::builder::{CameraBuilder, OnEvent, Settings};
use crate::inbox::{Arrival, Inbox, NoFrame};
use crate::pipeline::Pipeline;
use crate::stream::Stream;
use crate::timeline::{Step, Timeline};
use crate::{CameraError, Event, Info, Pace, Source, Stats, StopHandle};

/// How long an unwilling pipeline may hold up the thread that drops a camera or brings it back.
const DROP_LIMIT: Duration = Duration::from_millis(500);

/// How long [`Camera::close`] waits.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// Frames from a source, one after the other.
///
/// It is an iterator, too; it ends when the stream ends, after an error, and when it is [stopped](StopHandle::stop).
pub struct Camera {
    settings: Settings,
    on_event: Option<OnEvent>,
    inbox: Arc<Inbox>,
    pipeline: Option<Pipeline>,
    stream: Stream,
    live: bool,
    timeline: Timeline,
    stats: Stats,
    /// Whether there was a frame since the stream last began.
    fruitful: bool,
    ended: bool,
}

impl Camera {
    /// A camera to be set up.
    pub fn builder(source: impl Into<Source>) -> CameraBuilder {
        CameraBuilder::new(source.into())
    }

    /// Opens a source as it is, and waits for its first frame.
    ///
    /// # Errors
    /// As [`CameraBuilder::open`].
    pub fn open(source: impl Into<Source>) -> Result<Self, CameraError> {
        Self::builder(source).open()
    }

    pub(crate) fn start(
        settings: Settings,
        on_event: Option<OnEvent>,
        inbox: Arc<Inbox>,
    ) -> Result<Self, CameraError> {
        gst::init().map_err(|error| CameraError::Start { message: error.to_string() })?;
        let (pipeline, stream, live) = connect(&settings, &inbox)?;
        let mut camera = Self {
            // What was live once comes back live.
            settings: Settings { live: Some(live), ..settings },
            on_event,
            inbox,
            pipeline: Some(pipeline),
            stream,
            live,
            timeline: Timeline::default(),
            stats: Stats::default(),
            fruitful: false,
            ended: false,
        };
        camera.emit(Event::Connected(camera.info()));
        Ok(camera)
    }

    /// Waits for the next frame; `None` at the end of the stream or when the camera is stopped.
    ///
    /// A live source that is lost is brought back here, which takes as long as it takes.
    ///
    /// # Errors
    /// Any [`CameraError`]. After one the camera has ended.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, CameraError> {
        while !self.ended {
            let patience = self.live.then_some(self.settings.stall_timeout);
            let result = match self.inbox.take(patience) {
                Ok(arrival) => return self.deliver(arrival).map(Some).inspect_err(|_| self.ended = true),
                Err(NoFrame::Stopped) => {
                    self.ended = true;
                    Ok(())
                }
                Err(NoFrame::Failed(error)) => self.lose(error),
                Err(NoFrame::TimedOut) => self.lose(CameraError::Stalled {
                    camera: self.settings.source.to_string(),
                    silence: self.settings.stall_timeout,
                }),
                Err(NoFrame::Ended) if self.live => {
                    self.lose(CameraError::Ended { camera: self.settings.source.to_string() })
                }
                Err(NoFrame::Ended) => self.end_or_loop(),
            };
            result.inspect_err(|_| self.ended = true)?;
        }
        Ok(None)
    }

    /// Calls `on_frame` with each frame until it breaks or the frames end.
    ///
    /// # Errors
    /// As [`next_frame`](Self::next_frame).
    pub fn run(&mut self, mut on_frame: impl FnMut(Frame) -> ControlFlow<()>) -> Result<(), CameraError> {
        while let Some(frame) = self.next_frame()? {
            if on_frame(frame).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// A handle that ends the camera from another thread.
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle(Arc::clone(&self.inbox))
    }

    /// What the source gives; by the last frame that was read.
    pub fn info(&self) -> Info {
        self.stream.info(self.live)
    }

    /// What was counted since the camera was opened.
    pub fn stats(&self) -> Stats {
        let (received, dropped) = self.inbox.counts();
        Stats { received, dropped, ..self.stats }
    }

    /// Closes the camera and waits until its threads have ended; dropping it waits no longer than half a second.
    ///
    /// # Errors
    /// [`CameraError::Close`] if that takes longer than five seconds.
    pub fn close(mut self) -> Result<(), CameraError> {
        if self.release(CLOSE_LIMIT) {
            return Ok(());
        }
        Err(CameraError::Close { camera: self.settings.source.to_string(), within: CLOSE_LIMIT })
    }

    /// Lets go of the pipeline; returns whether it has ended within `limit`.
    fn release(&mut self, limit: Duration) -> bool {
        self.pipeline.take().is_none_or(|pipeline| pipeline.end(limit))
    }

    fn deliver(&mut self, arrival: Arrival) -> Result<Frame, CameraError> {
        let Arrival { sample, at } = arrival;
        self.stream.follow(&sample);
        let step = if self.live { Step::Elapsed } else { Step::Of(self.stream.frame_duration(&sample)) };
        let timestamp = self.timeline.stamp(running_time(&sample), at, step);
        let frame = self
            .stream
            .frame(sample)
            .map_err(|error| CameraError::Frame { camera: self.settings.source.to_string(), error })?;
        self.stats.delivered += 1;
        self.fruitful = true;
        Ok(frame.with_timestamp(timestamp))
    }

    /// At the end of a file: from the beginning again, if that is wanted.
    fn end_or_loop(&mut self) -> Result<(), CameraError> {
        if !self.settings.looping {
            self.ended = true;
            self.emit(Event::EndOfStream);
            return Ok(());
        }
        // A file that has no frame at its second reading must not be read for ever.
        let rewound = self.fruitful && self.pipeline.as_ref().is_some_and(Pipeline::rewind);
        if !rewound {
            return Err(CameraError::Rewind { camera: self.settings.source.to_string() });
        }
        self.fruitful = false;
        self.timeline.begin_again();
        self.stats.loops += 1;
        self.emit(Event::Looped { loops: self.stats.loops });
        Ok(())
    }

    /// After the loss of the source: brings a live one back, or returns the error.
    fn lose(&mut self, error: CameraError) -> Result<(), CameraError> {
        let Some(reconnect) = self.settings.reconnect.filter(|_| self.live) else {
            return Err(error);
        };
        self.emit(Event::Lost { error });
        self.release(DROP_LIMIT);
        for attempt in 1.. {
            let wait = reconnect.wait(attempt);
            self.emit(Event::Reconnecting { attempt, wait });
            if !self.inbox.sleep(wait) {
                break;
            }
            match connect(&self.settings, &self.inbox) {
                Ok((pipeline, stream, _)) => {
                    (self.pipeline, self.stream) = (Some(pipeline), stream);
                    self.timeline.begin_again();
                    self.stats.reconnects += 1;
                    self.emit(Event::Reconnected { attempt, info: self.info() });
                    return Ok(());
                }
                Err(CameraError::Stopped { .. }) => break,
                Err(error) => self.emit(Event::AttemptFailed { attempt, error }),
            }
        }
        self.ended = true;
        Ok(())
    }

    fn emit(&mut self, event: Event) {
        let camera = &self.settings.source;
        match &event {
            Event::Connected(info) => tracing::info!(%camera, ?info, "connected"),
            Event::Lost { error } => tracing::warn!(%camera, %error, "lost"),
            Event::Reconnecting { attempt, wait } => tracing::info!(%camera, attempt, ?wait, "reconnecting"),
            Event::AttemptFailed { attempt, error } => {
                tracing::warn!(%camera, attempt, %error, "not back yet")
            }
            Event::Reconnected { attempt, info } => tracing::info!(%camera, attempt, ?info, "reconnected"),
            Event::Looped { loops } => tracing::debug!(%camera, loops, "begins again"),
            Event::EndOfStream => tracing::info!(%camera, "end of stream"),
        }
        if let Some(on_event) = &mut self.on_event {
            on_event(event);
        }
    }
}

/// Starts a pipeline and waits for its first frame, which stays in the inbox.
fn connect(settings: &Settings, inbox: &Arc<Inbox>) -> Result<(Pipeline, Stream, bool), CameraError> {
    let pipeline = Pipeline::start(settings, inbox)?;
    let camera = || settings.source.to_string();
    let no_video = |reason: &str| CameraError::NoVideo { camera: camera(), reason: reason.to_owned() };
    let result = inbox
        .peek(settings.open_timeout)
        .map_err(|no_frame| match no_frame {
            NoFrame::Failed(error) => error,
            NoFrame::Ended => no_video("the stream ends before its first frame"),
            NoFrame::Stopped => CameraError::Stopped { camera: camera() },
            NoFrame::TimedOut => CameraError::NoFrame { camera: camera(), within: settings.open_timeout },
        })
        .and_then(|sample| Stream::of(&sample).ok_or_else(|| no_video("the frames are not raw video")));
    match result {
        Ok(stream) => {
            let live = pipeline.is_live(settings);
            pipeline.set_paced(settings.pace == Pace::RealTime && !live);
            if live {
                inbox.keep_newest_only();
            }
            Ok((pipeline, stream, live))
        }
        Err(error) => {
            pipeline.end(DROP_LIMIT);
            Err(error)
        }
    }
}

/// When a frame is due on the stream's own clock.
fn running_time(sample: &gst::Sample) -> Option<Duration> {
    let segment = sample.segment()?.downcast_ref::<gst::ClockTime>()?;
    segment.to_running_time(sample.buffer()?.pts()?).map(Into::into)
}

impl Iterator for Camera {
    type Item = Result<Frame, CameraError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_frame().transpose()
    }
}

impl FusedIterator for Camera {}

impl Drop for Camera {
    fn drop(&mut self) {
        if !self.release(DROP_LIMIT) {
            tracing::warn!(camera = %self.settings.source, "still closing in the background");
        }
    }
}

impl fmt::Debug for Camera {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Camera")
            .field("source", &self.settings.source)
            .field("info", &self.info())
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}
