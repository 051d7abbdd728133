use std::time::Duration;

use crate::histogram::Histogram;
use crate::window::Window;
use crate::{Reporter, StopWatch};

/// Reports on the laps of a [`StopWatch`] window by window.
///
/// Every lap that ends while the tachometer exists is in exactly one report, whichever thread it ends on; the last one is made by
/// [`flush`](StopWatchTachometer::flush). A report is made at the first
/// [`tick`](StopWatchTachometer::tick) after a window, on the thread that ticks. Windows without a lap are not reported.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Report, StopWatch, StopWatchTachometer};
///
/// let frame = StopWatch::new("frame");
/// let report = |report: Report| println!("inference: {report}");
/// let mut tachometer = StopWatchTachometer::new(&frame.child("infer"), Duration::from_secs(60), report);
/// for _frame in 0..100 {
///     frame.measure(|| frame.child("infer").measure(|| ()));
///     tachometer.tick();
/// }
/// tachometer.flush();
/// ```
#[derive(Debug)]
pub struct StopWatchTachometer {
    watch: StopWatch,
    /// The number under which the watch records for this tachometer.
    number: u64,
    /// An empty one, to be exchanged for a full one.
    spare: Histogram,
    window: Window,
}

impl StopWatchTachometer {
    /// A tachometer that reports every `window`, the first of which begins now; if it is zero, at every tick.
    pub fn new(watch: &StopWatch, window: Duration, reporter: impl Reporter + Send + 'static) -> Self {
        let mut window = Window::new(window, reporter);
        window.ends(watch.node.clock.now());
        Self { watch: watch.clone(), number: watch.node.open_window(), spare: Histogram::new(), window }
    }

    /// Adds one more reporter, which gets every report too.
    #[must_use]
    pub fn reporter(mut self, reporter: impl Reporter + Send + 'static) -> Self {
        self.window.add(reporter);
        self
    }

    /// The watch.
    pub fn watch(&self) -> &StopWatch {
        &self.watch
    }

    /// Measures a call of `work` by the watch, ticks, and returns the call's result.
    pub fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let result = self.watch.measure(work);
        self.tick();
        result
    }

    /// Reports if a window has ended.
    pub fn tick(&mut self) {
        if self.window.ends(self.watch.node.clock.now()) {
            self.flush();
        }
    }

    /// Reports what the window at hand has so far, at the end of a program for example.
    pub fn flush(&mut self) {
        self.watch.node.swap_window(self.number, &mut self.spare);
        let clock = &self.watch.node.clock;
        self.window.report(clock, clock.now(), &mut self.spare);
    }
}

impl Drop for StopWatchTachometer {
    fn drop(&mut self) {
        self.watch.node.close_window(self.number);
    }
}
