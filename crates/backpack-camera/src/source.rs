use std::convert::Infallible;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::mask::mask;

/// Where frames come from.
///
/// A text is taken for what it looks like:
///
/// | text | source |
/// |---|---|
/// | `test` | the [test pattern](Source::TestPattern) |
/// | `/dev/video0` | a [V4L2](Source::V4l2) device |
/// | `rtsp://…`, or any other `scheme://…` | an [address](Source::Uri) |
/// | anything else | a [file](Source::File) |
///
/// `Display` and `Debug` hide passwords.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// Colour bars with a patch of noise; 640×480 pixels at 30 frames a second unless chosen otherwise.
    TestPattern,
    /// A video file.
    File(PathBuf),
    /// An address that GStreamer has a source for: `rtsp://`, `http://`, `srt://` and more.
    Uri(String),
    /// A camera that Video4Linux knows, by its device.
    V4l2(PathBuf),
    /// Elements in the language of `gst-launch-1.0`, the last of which gives raw video in plain memory.
    ///
    /// This is the way to whatever the other kinds do not cover, such as a decoder that keeps its frames in a memory of its own and the
    /// element that fetches them from there.
    Description(String),
}

impl Source {
    /// Colour bars with a patch of noise.
    pub fn test_pattern() -> Self {
        Self::TestPattern
    }

    /// A video file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::File(path.into())
    }

    /// An address that GStreamer has a source for.
    pub fn uri(uri: impl Into<String>) -> Self {
        Self::Uri(uri.into())
    }

    /// A camera that Video4Linux knows, by its device.
    pub fn v4l2(device: impl Into<PathBuf>) -> Self {
        Self::V4l2(device.into())
    }

    /// Elements in the language of `gst-launch-1.0`, such as `videotestsrc is-live=true ! video/x-raw,width=320,height=240`.
    pub fn description(description: impl Into<String>) -> Self {
        Self::Description(description.into())
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        if text == "test" {
            Self::TestPattern
        } else if text.starts_with("/dev/video") {
            Self::v4l2(text)
        } else if has_scheme(text) {
            Self::uri(text)
        } else {
            Self::file(text)
        }
    }
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    })
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Source {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<PathBuf> for Source {
    /// A V4L2 device if the path begins with `/dev/video`, else a file.
    fn from(path: PathBuf) -> Self {
        if path.to_str().is_some_and(|path| path.starts_with("/dev/video")) {
            Self::V4l2(path)
        } else {
            Self::File(path)
        }
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        path.to_path_buf().into()
    }
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TestPattern => f.write_str("test pattern"),
            Self::File(path) | Self::V4l2(path) => path.display().fmt(f),
            Self::Uri(text) | Self::Description(text) => f.write_str(&mask(text)),
        }
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TestPattern => f.write_str("TestPattern"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Uri(uri) => f.debug_tuple("Uri").field(&mask(uri)).finish(),
            Self::V4l2(device) => f.debug_tuple("V4l2").field(device).finish(),
            Self::Description(text) => f.debug_tuple("Description").field(&mask(text)).finish(),
        }
    }
}
