use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use backpack_core::{Layout, PixelFormat};

use crate::inbox::Inbox;
use crate::{Camera, CameraError, Event, Pace, Reconnect, Source, StopHandle};

/// What a camera is asked for, before it is opened.
#[must_use = "a camera gives frames once it is opened"]
pub struct CameraBuilder {
    settings: Settings,
    on_event: Option<OnEvent>,
    inbox: Arc<Inbox>,
}

pub(crate) type OnEvent = Box<dyn FnMut(Event) + Send>;

#[derive(Debug)]
pub(crate) struct Settings {
    pub source: Source,
    pub format: Option<PixelFormat>,
    pub size: Option<(u32, u32)>,
    pub frame_rate: Option<f64>,
    pub pace: Pace,
    pub looping: bool,
    pub live: Option<bool>,
    pub reconnect: Option<Reconnect>,
    pub open_timeout: Duration,
    pub stall_timeout: Duration,
    pub latency: Duration,
}

impl CameraBuilder {
    pub(crate) fn new(source: Source) -> Self {
        let settings = Settings {
            source,
            format: None,
            size: None,
            frame_rate: None,
            pace: Pace::RealTime,
            looping: false,
            live: None,
            reconnect: Some(Reconnect::default()),
            open_timeout: Duration::from_secs(10),
            stall_timeout: Duration::from_secs(10),
            latency: Duration::from_millis(200),
        };
        Self { settings, on_event: None, inbox: Arc::default() }
    }

    /// Frames in this format; otherwise the stream's own if core has it, and I420 if not.
    pub fn format(mut self, format: PixelFormat) -> Self {
        self.settings.format = Some(format);
        self
    }

    /// Frames of this size, to which the whole picture is stretched; otherwise the stream's own.
    ///
    /// A V4L2 device is asked for the size that comes nearest to it.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.settings.size = Some((width, height));
        self
    }

    /// Frames per second of the test pattern, 30 by default; a V4L2 device is asked for the rate that comes nearest. Without effect on sources
    /// that have a rate of their own.
    pub fn frame_rate(mut self, frames_per_second: impl Into<f64>) -> Self {
        self.settings.frame_rate = Some(frames_per_second.into());
        self
    }

    /// How fast files and the test pattern go; in real time by default.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.settings.pace = pace;
        self
    }

    /// Whether a file begins again at its end; its timestamps go on by one frame over the seam. Not by default, and without effect on live
    /// sources.
    pub fn looping(mut self, looping: bool) -> Self {
        self.settings.looping = looping;
        self
    }

    /// Whether the source is live: it goes on without waiting for its reader, so only its newest frame is kept, and when it ends it is lost and
    /// comes back.
    ///
    /// By default V4L2 devices and RTSP addresses are, files and the test pattern are not, and other sources are if GStreamer says so; so are
    /// addresses that know neither their length nor their size, such as a camera's motion JPEG over HTTP. A live HLS playlist cannot be told
    /// from a recorded one: say so here.
    pub fn live(mut self, live: bool) -> Self {
        self.settings.live = Some(live);
        self
    }

    /// How a live source that was lost is brought back, or `None` to report the loss as an error; by default after half a second, then twice as
    /// long each time up to 30 seconds, without end.
    ///
    /// It does not apply to [opening](Self::open), which fails at once.
    pub fn reconnect(mut self, reconnect: impl Into<Option<Reconnect>>) -> Self {
        self.settings.reconnect = reconnect.into();
        self
    }

    /// How long the first frame may take, also after a reconnection; 10 seconds by default.
    pub fn open_timeout(mut self, timeout: Duration) -> Self {
        self.settings.open_timeout = timeout;
        self
    }

    /// How long a live source may be silent before it counts as lost; 10 seconds by default.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.settings.stall_timeout = timeout;
        self
    }

    /// How long an RTSP source waits for packets that are late or lost; 200 ms by default.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.settings.latency = latency;
        self
    }

    /// Calls `on_event` when something happens; from the thread that opens or reads the camera, which waits for it.
    pub fn on_event(mut self, on_event: impl FnMut(Event) + Send + 'static) -> Self {
        self.on_event = Some(Box::new(on_event));
        self
    }

    /// A handle that ends the camera from another thread, even while it is being opened.
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle(Arc::clone(&self.inbox))
    }

    /// Opens the camera and waits for its first frame.
    ///
    /// # Errors
    /// Any [`CameraError`]; at the latest after the [timeout](Self::open_timeout) and the half second that an unwilling source is given to go.
    pub fn open(self) -> Result<Camera, CameraError> {
        self.settings.check()?;
        Camera::start(self.settings, self.on_event, self.inbox)
    }
}

impl Settings {
    fn check(&self) -> Result<(), CameraError> {
        let text = match &self.source {
            Source::Uri(text) | Source::Description(text) => text.as_str(),
            _ => "",
        };
        let size = self.size.map(|(width, height)| Layout::tight(width, height, PixelFormat::Rgba8));
        let message = match (size, self.frame_rate) {
            // It would end the text for GStreamer.
            _ if text.contains('\0') => "it contains the character 0".to_owned(),
            (Some(Err(error)), _) => error.to_string(),
            (_, Some(rate)) if !(0.001..=100_000.0).contains(&rate) => {
                format!("a frame rate of {rate} frames per second")
            }
            _ => return Ok(()),
        };
        Err(CameraError::Setting { camera: self.source.to_string(), message })
    }

    /// Whether the source is live, as far as that is known before it is opened.
    pub fn known_live(&self) -> Option<bool> {
        self.live.or(match &self.source {
            Source::TestPattern | Source::File(_) => Some(false),
            Source::V4l2(_) => Some(true),
            Source::Uri(uri) if uri.to_ascii_lowercase().starts_with("rtsp") => Some(true),
            Source::Uri(_) | Source::Description(_) => None,
        })
    }
}

impl fmt::Debug for CameraBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CameraBuilder").field(&self.settings).finish()
    }
}
