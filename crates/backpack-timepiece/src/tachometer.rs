use std::time::{Duration, Instant};

use crate::histogram::Histogram;
use crate::summary::nanos;
use crate::window::Window;
use crate::{Clock, Reporter};

/// Measures the intervals between recurring events as a [`Ticker`](crate::Ticker) does, and reports on them window by window.
///
/// Every interval is in exactly one report: in that of the window in which it ends, the last of which is made by [`flush`](Tachometer::flush). There may be any number of them. The first window begins
/// with the first tick, and a report is made at the first tick after a window, so nothing waits and nothing runs in the background. Windows in
/// which nothing happened are not reported.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Clock, Report, Tachometer};
///
/// let (clock, time) = Clock::manual();
/// let (sender, reports) = std::sync::mpsc::channel();
/// let mut tachometer = Tachometer::with_clock(Duration::from_secs(60), move |report| drop(sender.send(report)), clock);
/// for _frame in 0..=1500 {
///     tachometer.tick();
///     time.advance(Duration::from_millis(40));
/// }
/// let report: Report = reports.recv()?;
/// assert_eq!((report.summary.count, report.summary.frequency()), (1500, Some(25.0)));
/// # Ok::<(), std::sync::mpsc::RecvError>(())
/// ```
#[derive(Debug)]
#[doc(alias = "TickerTachometer")]
pub struct Tachometer {
    clock: Clock,
    last: Option<Instant>,
    histogram: Histogram,
    window: Window,
}

impl Tachometer {
    /// A tachometer that reports every `window`; if that is zero, at every tick.
    pub fn new(window: Duration, reporter: impl Reporter + Send + 'static) -> Self {
        Self::with_clock(window, reporter, Clock::system())
    }

    /// The same, with another clock than the system's.
    pub fn with_clock(window: Duration, reporter: impl Reporter + Send + 'static, clock: Clock) -> Self {
        Self { clock, last: None, histogram: Histogram::new(), window: Window::new(window, reporter) }
    }

    /// Adds one more reporter, which gets every report too.
    #[must_use]
    pub fn reporter(mut self, reporter: impl Reporter + Send + 'static) -> Self {
        self.window.add(reporter);
        self
    }

    /// Notes that the event has happened, and returns the time since it last did: `None` on the first tick.
    pub fn tick(&mut self) -> Option<Duration> {
        let now = self.clock.now();
        let interval = self.last.replace(now).map(|last| now.saturating_duration_since(last));
        if let Some(interval) = interval {
            self.histogram.record(nanos(interval));
        }
        if self.window.ends(now) {
            self.window.report(&self.clock, now, &mut self.histogram);
        }
        interval
    }

    /// Forgets the last tick, so that a pause before the next one, such as a reconnect, is not taken for an interval.
    pub fn pause(&mut self) {
        self.last = None;
    }

    /// Reports what the window at hand has so far, at the end of a program for example.
    pub fn flush(&mut self) {
        self.window.report(&self.clock, self.clock.now(), &mut self.histogram);
    }
}
