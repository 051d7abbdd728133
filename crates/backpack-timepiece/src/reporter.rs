use crate::{Executor, OnExecutor, Report};

/// Where the reports of a tachometer go. A closure that takes a report is one.
///
/// A reporter is called in the frame loop and should not wait for anything. One that has to, for a network say, is put
/// [on an executor](Reporter::on).
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{Report, Reporter, Tachometer, Worker};
///
/// struct Watchdog {
///     slow_minutes: u32,
/// }
///
/// impl Reporter for Watchdog {
///     fn report(&mut self, report: Report) {
///         self.slow_minutes += u32::from(report.summary.p95 > Duration::from_millis(40));
///     }
/// }
///
/// let worker = Worker::new("reports", 4)?;
/// let upload = |report: Report| println!("uploading {report}");
/// let mut tachometer = Tachometer::new(Duration::from_secs(60), Watchdog { slow_minutes: 0 })
///     .reporter(upload.on(worker));
/// tachometer.tick();
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Reporter {
    /// Takes the report of a window that has ended.
    fn report(&mut self, report: Report);

    /// The same reporter, called on an executor.
    fn on<E: Executor>(self, executor: E) -> OnExecutor<Self, E>
    where
        Self: Sized + Send + 'static,
    {
        OnExecutor::new(self, executor)
    }
}

impl<F: FnMut(Report)> Reporter for F {
    fn report(&mut self, report: Report) {
        self(report);
    }
}
