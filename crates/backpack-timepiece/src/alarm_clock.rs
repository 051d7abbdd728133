use std::sync::{Arc, Mutex};

use crate::entry::{Action, Entry, boxed};
use crate::reading::Reading;
use crate::{Alarm, Clock, Executor, Outcome, Schedule, Ticked};

/// Calls things when it is time for them: many [`Schedule`]s, moved on by one [`tick`](AlarmClock::tick) in the frame loop.
///
/// Callbacks run in the frame loop, one after another, or on an [`Executor`]. One that fails or panics takes nothing from the others nor from
/// its own next time; the next tick returns the error. To look at its alarms, a clock reads the time once.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_timepiece::{AlarmClock, Schedule, Worker};
///
/// let worker = Worker::new("alarms", 8)?;
/// let mut alarms = AlarmClock::new();
/// alarms.add(Schedule::every_nth(100), |_| println!("another hundred frames"));
/// alarms.add_on(worker.clone(), Schedule::every(Duration::from_secs(60))?, |_| println!("alive"));
///
/// for _frame in 0..300 {
///     for error in alarms.tick().errors {
///         eprintln!("{error}");
///     }
/// }
/// worker.shutdown(Duration::from_secs(5))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct AlarmClock {
    clock: Clock,
    entries: Vec<Entry>,
}

impl AlarmClock {
    /// A clock without alarms.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with another clock than the system's.
    pub fn with_clock(clock: Clock) -> Self {
        Self { clock, entries: Vec::new() }
    }

    /// Sets an alarm whose callback runs in the frame loop.
    ///
    /// The callback is shown its own alarm and may [re-arm](Alarm::rearm) it. An alarm for a single time is forgotten once it is over and
    /// nobody has a handle to it.
    pub fn add<R: Outcome>(
        &mut self,
        schedule: Schedule,
        callback: impl FnMut(&Alarm) -> R + Send + 'static,
    ) -> Alarm {
        self.push(schedule, Action::Here(boxed(callback)))
    }

    /// Sets an alarm whose callback runs on an executor.
    ///
    /// If the executor has no room, the alarm is not run this time, and the tick returns an error that says so. One callback never runs twice
    /// at the same time.
    pub fn add_on<R: Outcome>(
        &mut self,
        executor: impl Executor + Send + 'static,
        schedule: Schedule,
        callback: impl FnMut(&Alarm) -> R + Send + 'static,
    ) -> Alarm {
        self.push(schedule, Action::On(Box::new(executor), Arc::new(Mutex::new(boxed(callback)))))
    }

    fn push(&mut self, schedule: Schedule, action: Action) -> Alarm {
        let entry = Entry::new(schedule, action);
        let alarm = entry.alarm();
        self.entries.push(entry);
        alarm
    }

    /// How many alarms there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Runs every alarm for which it is time, in the order in which they were set.
    pub fn tick(&mut self) -> Ticked {
        let mut ticked = Ticked::default();
        let mut reading = Reading::of(&self.clock);
        let mut has_dead = false;
        for entry in &mut self.entries {
            entry.tick(&mut reading, &mut ticked);
            has_dead |= entry.is_dead();
        }
        if has_dead {
            self.entries.retain(|entry| !entry.is_dead());
        }
        ticked
    }
}
