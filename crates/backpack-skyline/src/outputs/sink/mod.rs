mod description;
mod secrets;
mod token;

use std::fmt;
use std::time::Duration;

use description::Description;

use crate::gst::{Alive, Feed, Limits, UnitFeed, configure};
use crate::{AccessUnit, Output, OutputError, StreamInfo};

/// Any sink of GStreamer: RTMP, SRT, RTP over UDP, Amazon Kinesis Video Streams and others.
///
/// The description says, as for `gst-launch-1.0`, what follows the parsed H.264 or H.265 stream:
///
/// | to | description |
/// |---|---|
/// | RTMP | `flvmux streamable=true ! rtmp2sink location=rtmp://host/live/key` |
/// | SRT, calling | `mpegtsmux alignment=7 ! srtsink uri=srt://host:9000` |
/// | SRT, being called | `mpegtsmux alignment=7 ! srtsink uri=srt://127.0.0.1:9000?mode=listener wait-for-connection=false` |
/// | RTP | `rtph264pay config-interval=-1 ! udpsink host=192.0.2.1 port=5004` |
/// | Kinesis Video Streams | `kvssink stream-name=yard` |
///
/// Each time the sink is opened, a new pipeline begins with a key frame at its time zero. Sinks send what they get at once (`sync=false`) and do not
/// connect again by themselves (`auto-reconnect=false`), unless the description says so: SkyLine opens a failed output again, with back-off.
///
/// Passwords, keys and tokens in the description are masked in errors and are not in the output's name. GStreamer's own log, which is off unless
/// `GST_DEBUG` is set, may hold them.
pub struct Sink {
    description: Description,
    name: Option<String>,
    stall_timeout: Duration,
    open: Option<UnitFeed>,
    alive: Alive,
}

impl Sink {
    /// A sink by its description.
    ///
    /// # Errors
    /// If the description is no pipeline that can follow H.264 or H.265 and ends in a sink; the error names elements that are not installed.
    pub fn new(description: &str) -> Result<Self, OutputError> {
        Ok(Self {
            description: Description::new(description)?,
            name: None,
            stall_timeout: Duration::from_secs(5),
            open: None,
            alive: Alive::default(),
        })
    }

    /// Calls the output by this name, which must not contain secrets; by its sink's element and host unless told.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How long the sink may take to connect, or may take nothing, before that is an error; 5 s unless told.
    ///
    /// For a connection over TCP this begins when the system's buffers are full.
    #[must_use]
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    fn start(&self, stream: &StreamInfo) -> Result<UnitFeed, String> {
        if self.alive.others() > 0 {
            return Err("the pipeline before hangs and has not ended yet".into());
        }
        let (pipeline, source) = self.description.launch(stream.codec)?;
        configure(&source, stream);
        let limits = Limits { buffers: 64, bytes: 4 << 20, stall: self.stall_timeout };
        Feed::start_pipeline(pipeline, source, limits, self.alive.clone()).map(UnitFeed::new)
    }

    fn error(&self, reason: &str) -> OutputError {
        OutputError::new(self.description.mask(reason))
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink")
            .field("name", &self.name())
            .field("stall_timeout", &self.stall_timeout)
            .field("is_open", &self.open.is_some())
            .finish_non_exhaustive()
    }
}

impl Output for Sink {
    fn name(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.description.name().to_owned())
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        self.open = Some(self.start(stream).map_err(|reason| self.error(&reason))?);
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        let Some(feed) = &mut self.open else { return Err(OutputError::new("the sink is not open")) };
        feed.write(unit).map_err(|reason| self.error(&reason))
    }

    fn close(&mut self) -> Result<(), OutputError> {
        let Some(feed) = self.open.take() else { return Ok(()) };
        feed.finish(self.stall_timeout).map_err(|reason| self.error(&reason))
    }
}
