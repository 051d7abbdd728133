//! Times: from the platforms' answers, and into print.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// A time within what can be printed.
pub fn from_system(time: SystemTime) -> Timestamp {
    let limit = if time < UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::try_from(time).unwrap_or(limit)
}

/// Reads what RFC 3339 allows.
pub fn parse(text: &str) -> Option<SystemTime> {
    text.parse::<Timestamp>().ok()?.try_into().ok()
}

/// Date, time and offset, such as `2026-02-17 16:38:05.51+00:00`.
pub fn print(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S%.f+00:00").to_string()
}
