use std::collections::VecDeque;
use std::time::{Instant, SystemTime};

use backpack_core::Timestamp;
use serde_json::{Value, json};

use crate::{AccessUnit, StreamInfo};

/// Over how many units rate and bit rate are measured.
const WINDOW: usize = 60;

/// How a stream does.
#[derive(Debug, Default)]
pub(crate) struct Health {
    stream: Option<StreamInfo>,
    /// Time and size of the newest units.
    window: VecDeque<(Timestamp, usize)>,
    newest: Option<Instant>,
    /// How old the newest picture was when it came, in milliseconds.
    delay: Option<u64>,
    error: Option<String>,
}

impl Health {
    pub(crate) fn open(&mut self, stream: &StreamInfo) {
        self.stream = Some(stream.clone());
        self.window.clear();
    }

    pub(crate) fn close(&mut self) {
        self.stream = None;
    }

    pub(crate) fn picture(&mut self, unit: &AccessUnit) {
        self.window.push_back((unit.pts, unit.data.len()));
        if self.window.len() > WINDOW {
            self.window.pop_front();
        }
        self.newest = Some(Instant::now());
        self.delay = self.stream.as_ref().and_then(|stream| delay(stream, unit));
        self.error = None;
    }

    pub(crate) fn error(&mut self, error: &str) {
        self.error = Some(error.to_owned());
    }

    /// What is told to the outside, beside the counts of viewers.
    pub(crate) fn describe(&self, name: &str, viewers: usize, missed: u64) -> Value {
        let stream = self.stream.as_ref().filter(|_| !self.window.is_empty());
        let (fps, kbps) = stream.and_then(|_| self.rates()).unwrap_or_default();
        let silent = self.newest.map(|newest| newest.elapsed().as_millis() as u64);
        json!({
            "name": name,
            "streaming": stream.is_some(),
            "codec": stream.map(|stream| stream.codec.to_string()),
            "width": stream.map_or(0, |stream| stream.width),
            "height": stream.map_or(0, |stream| stream.height),
            "fps": (fps * 100.0).round() / 100.0,
            "kbps": kbps.round(),
            "viewers": viewers,
            "missed": missed,
            "delay_ms": stream.and(self.delay),
            "silent_ms": silent,
            "error": self.error,
        })
    }

    /// Frames and kilobits a second over the newest units.
    fn rates(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.window.front()?, self.window.back()?);
        let seconds = last.0.since(first.0).as_secs_f64();
        let bytes: usize = self.window.iter().skip(1).map(|(_, bytes)| bytes).sum();
        (seconds > 0.0)
            .then(|| ((self.window.len() - 1) as f64 / seconds, bytes as f64 * 8.0 / 1000.0 / seconds))
    }
}

/// How old a picture is by the wall clock, in milliseconds, if the stream knows when it started.
fn delay(stream: &StreamInfo, unit: &AccessUnit) -> Option<u64> {
    if stream.started == SystemTime::UNIX_EPOCH {
        return None;
    }
    let taken = stream.started.checked_add(unit.pts.elapsed())?;
    Some(SystemTime::now().duration_since(taken).unwrap_or_default().as_millis() as u64)
}
