use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use backpack_annotate::Color;

use crate::look;

/// How it stands with a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Status {
    /// No frame has come yet.
    Waiting,
    Live,
    /// The newest frame is this old.
    Late(Duration),
    Lost(Arc<str>),
}

impl Status {
    pub fn color(&self) -> Color {
        match self {
            Self::Waiting => look::WAITING,
            Self::Live => look::LIVE,
            Self::Late(_) => look::LATE,
            Self::Lost(_) => look::LOST,
        }
    }

    /// What is left of the picture's light and colour, unless that is all.
    pub fn dimming(&self) -> Option<(u16, u16)> {
        match self {
            Self::Waiting | Self::Live => None,
            Self::Late(_) => Some(look::LATE_PICTURE),
            Self::Lost(_) => Some(look::LOST_PICTURE),
        }
    }
}

/// What is written on the picture; nothing on a live one.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("no picture yet"),
            Self::Live => Ok(()),
            Self::Late(age) => {
                f.write_str("late ")?;
                write_age(f, *age)
            }
            Self::Lost(reason) if reason.trim().is_empty() => f.write_str("lost"),
            Self::Lost(reason) => write!(f, "lost: {}", reason.trim()),
        }
    }
}

/// To a tenth of a second below a minute, and as exact as it matters above.
fn write_age(f: &mut fmt::Formatter<'_>, age: Duration) -> fmt::Result {
    let seconds = age.as_secs();
    match seconds {
        0..60 => write!(f, "{seconds}.{} s", age.subsec_millis() / 100),
        60..3600 => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
        _ => write!(f, "{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}
