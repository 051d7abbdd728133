use serde::{Deserialize, Serialize};

/// The unit in which durations are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Unit {
    /// Seconds.
    #[default]
    Seconds,
    /// Thousandths of a second.
    Milliseconds,
    /// Millionths of a second.
    Microseconds,
}

impl Unit {
    /// The name that CloudWatch has for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "Seconds",
            Self::Milliseconds => "Milliseconds",
            Self::Microseconds => "Microseconds",
        }
    }

    /// A duration, given in nanoseconds. It is divided once, so that the result is the nearest that there is.
    pub(crate) fn of_nanos(self, nanos: u128) -> f64 {
        let per_unit = match self {
            Self::Seconds => 1e9,
            Self::Milliseconds => 1e6,
            Self::Microseconds => 1e3,
        };
        nanos as f64 / per_unit
    }

    /// A duration, given in seconds.
    pub(crate) fn of_seconds(self, seconds: f64) -> f64 {
        match self {
            Self::Seconds => seconds,
            Self::Milliseconds => seconds * 1e3,
            Self::Microseconds => seconds * 1e6,
        }
    }
}
