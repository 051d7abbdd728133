use std::ffi::OsString;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use crate::gst::{Feed, Limits, UnitFeed, configure, element, parser, text};
use crate::{AccessUnit, Output, OutputError, StreamInfo};

/// How long the end of a file may take to be written.
const FINISH: Duration = Duration::from_secs(8);

const LIMITS: Limits = Limits { buffers: usize::MAX, bytes: 4 << 20, stall: Duration::from_secs(8) };

/// A video file.
///
/// If the stream is stopped and started again, or writing failed and is tried again, a new file is begun beside the first, so that nothing recorded is
/// lost: after `yard.mkv` come `yard-2.mkv`, `yard-3.mkv` and so on. A file of that name from an earlier run is overwritten.
#[derive(Debug)]
pub struct Recording {
    path: PathBuf,
    container: Option<Container>,
    begun: u32,
    open: Option<OpenFile>,
}

/// The file that is being written.
#[derive(Debug)]
struct OpenFile {
    path: PathBuf,
    feed: UnitFeed,
}

/// The container format of a video file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Container {
    /// Matroska, `.mkv`: readable up to its last cluster even if the recording was cut off.
    Matroska,
    /// MP4, `.mp4`: written in fragments that stay readable if the recording is cut off, and finished as a plain file.
    Mp4,
    /// MPEG transport stream, `.ts`: readable from any point to any point.
    MpegTs,
}

impl Container {
    /// The container that belongs to the extension of `path`, if it is `mkv`, `mp4` or `ts`.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "mkv" => Some(Self::Matroska),
            "mp4" => Some(Self::Mp4),
            "ts" => Some(Self::MpegTs),
            _ => None,
        }
    }

    fn muxer(self) -> Result<gst::Element, String> {
        match self {
            Self::Matroska => element("matroskamux"),
            Self::Mp4 => {
                let muxer = element("mp4mux")?;
                muxer.set_property("fragment-duration", 1000u32);
                muxer.set_property_from_str("fragment-mode", "first-moov-then-finalise");
                Ok(muxer)
            }
            Self::MpegTs => element("mpegtsmux"),
        }
    }
}

impl Recording {
    /// A file whose container follows from its extension: `mkv`, `mp4` or `ts`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { container: Container::of(&path), path, begun: 0, open: None }
    }

    /// The same file with this container, whatever its extension.
    #[must_use]
    pub fn container(mut self, container: Container) -> Self {
        self.container = Some(container);
        self
    }

    fn known_container(&self) -> Result<Container, OutputError> {
        self.container.ok_or_else(|| {
            OutputError::new(format!("{}: the extension must be mkv, mp4 or ts", self.path.display()))
        })
    }

    /// The path of the file that is begun next.
    fn next_path(&self) -> PathBuf {
        if self.begun == 0 {
            return self.path.clone();
        }
        let mut name = self.path.file_stem().map(OsString::from).unwrap_or_default();
        name.push(format!("-{}", self.begun + 1));
        let mut path = self.path.with_file_name(name);
        if let Some(extension) = self.path.extension() {
            path.as_mut_os_string().push(".");
            path.as_mut_os_string().push(extension);
        }
        path
    }
}

impl Output for Recording {
    fn name(&self) -> String {
        format!("recording {}", self.path.display())
    }

    fn prepare(&mut self) -> Result<(), OutputError> {
        self.known_container()?;
        let path = self.next_path();
        let is_new = !path.exists();
        OpenOptions::new().create(true).append(true).open(&path).map_err(|error| {
            OutputError::new(format!("{} cannot be written", path.display())).caused_by(error)
        })?;
        if is_new {
            // It was only a trial: a stream without a frame leaves no file.
            std::fs::remove_file(&path).map_err(|error| {
                OutputError::new(format!("{} cannot be removed", path.display())).caused_by(error)
            })?;
        }
        Ok(())
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        let path = self.next_path();
        let feed = start_writing(&path, self.known_container()?, stream)
            .map_err(|reason| OutputError::new(format!("{}: {reason}", path.display())))?;
        tracing::info!(path = %path.display(), "recording begins");
        self.begun += 1;
        self.open = Some(OpenFile { path, feed });
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        let file = self.open.as_mut().ok_or_else(|| OutputError::new("the recording is not open"))?;
        file.feed.write(unit).map_err(|reason| OutputError::new(format!("{}: {reason}", file.path.display())))
    }

    fn close(&mut self) -> Result<(), OutputError> {
        let Some(file) = self.open.take() else { return Ok(()) };
        file.feed
            .finish(FINISH)
            .map_err(|reason| OutputError::new(format!("{} was not finished: {reason}", file.path.display())))
    }
}

/// A running pipeline: appsrc, a parser, the muxer, a file.
fn start_writing(path: &Path, container: Container, stream: &StreamInfo) -> Result<UnitFeed, String> {
    gst::init().map_err(|error| error.to_string())?;
    let source = gst_app::AppSrc::builder().build();
    configure(&source, stream);
    let sink = gst::ElementFactory::make("filesink").property("location", path).build().map_err(text)?;
    let rest = [element(parser(stream.codec))?, container.muxer()?, sink];
    Feed::start("recording", source, rest, LIMITS).map(UnitFeed::new)
}
