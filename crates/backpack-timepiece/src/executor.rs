use crate::{Job, Rejected};

/// Something that runs jobs elsewhere, so that the frame loop need not wait for them.
///
/// There is a [`Worker`](crate::Worker), a thread of its own; with the feature `tokio` there is the handle of a runtime; and any closure that
/// takes a job is an executor too, as is `move |job| boxed.execute(job)` for one that is chosen at run time.
///
/// ```
/// use std::sync::mpsc::{TrySendError, sync_channel};
///
/// use backpack_timepiece::{AlarmClock, Job, Rejected, Schedule};
///
/// let (sender, jobs) = sync_channel::<Job>(1);
/// let executor = move |job| {
///     sender.try_send(job).map_err(|error| match error {
///         TrySendError::Full(_) => Rejected::Full,
///         TrySendError::Disconnected(_) => Rejected::Closed,
///     })
/// };
///
/// let mut alarms = AlarmClock::new();
/// alarms.add_on(executor, Schedule::every_nth(1), |_| println!("somewhere else"));
/// assert!(alarms.tick().errors.is_empty());
/// jobs.recv()?.run();
/// # Ok::<(), std::sync::mpsc::RecvError>(())
/// ```
pub trait Executor {
    /// Takes the job or rejects it at once. To wait for room or for the job to end would be to hold up the frame loop.
    ///
    /// # Errors
    /// [`Rejected`] if the job is not going to be run.
    fn execute(&self, job: Job) -> Result<(), Rejected>;
}

impl<F: Fn(Job) -> Result<(), Rejected>> Executor for F {
    fn execute(&self, job: Job) -> Result<(), Rejected> {
        self(job)
    }
}
