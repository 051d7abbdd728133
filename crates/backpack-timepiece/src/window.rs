use std::fmt;
use std::time::{Duration, Instant};

use crate::every::Every;
use crate::histogram::Histogram;
use crate::{Clock, Report, Reporter};

/// When the windows of a tachometer end, and who is told.
pub(crate) struct Window {
    every: Every,
    /// When the window at hand began; `None` before the first.
    start: Option<Instant>,
    reporters: Vec<Box<dyn Reporter + Send>>,
}

impl Window {
    pub(crate) fn new(length: Duration, reporter: impl Reporter + Send + 'static) -> Self {
        Self { every: Every::new(length), start: None, reporters: vec![Box::new(reporter)] }
    }

    pub(crate) fn add(&mut self, reporter: impl Reporter + Send + 'static) {
        self.reporters.push(Box::new(reporter));
    }

    /// Whether a window ends now. The first call begins the first one.
    pub(crate) fn ends(&mut self, now: Instant) -> bool {
        let is_due = self.every.is_due(now);
        let has_begun = self.start.is_some();
        self.start.get_or_insert(now);
        is_due && has_begun
    }

    /// Reports what has been recorded since the last time, if there is anything, and begins the next window.
    pub(crate) fn report(&mut self, clock: &Clock, now: Instant, histogram: &mut Histogram) {
        let start = self.start.replace(now);
        let Some((summary, distribution)) = histogram.take() else { return };
        let window = start.map_or(Duration::ZERO, |start| now.saturating_duration_since(start));
        let report = Report { time: clock.wall(), window, summary, distribution };
        if let Some((last, others)) = self.reporters.split_last_mut() {
            others.iter_mut().for_each(|reporter| reporter.report(report.clone()));
            last.report(report);
        }
    }
}

/// The reporters cannot be shown.
impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window")
            .field("every", &self.every)
            .field("start", &self.start)
            .finish_non_exhaustive()
    }
}
