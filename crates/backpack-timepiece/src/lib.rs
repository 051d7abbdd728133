#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod alarm;
mod alarm_clock;
mod alarm_error;
mod bin;
mod bucket;
mod clock;
mod compact;
mod distribution;
mod entry;
mod every;
mod executor;
mod histogram;
mod history;
mod job;
mod job_queue;
mod lap;
mod manual_clock;
#[cfg(feature = "metrics")]
mod metrics_reporter;
mod node;
mod on_executor;
mod outcome;
mod reading;
mod rejected;
mod report;
mod reporter;
mod schedule;
mod schedule_error;
mod shutdown_error;
mod snapshot;
mod stopwatch;
mod stopwatch_tachometer;
mod summary;
mod tachometer;
mod ticked;
mod ticker;
#[cfg(feature = "tokio")]
mod tokio;
mod window;
mod worker;
mod worker_stats;

pub use alarm::Alarm;
pub use alarm_clock::AlarmClock;
pub use alarm_error::AlarmError;
pub use clock::Clock;
pub use distribution::Distribution;
pub use executor::Executor;
pub use job::Job;
pub use lap::Lap;
pub use manual_clock::ManualClock;
#[cfg(feature = "metrics")]
pub use metrics_reporter::MetricsReporter;
pub use on_executor::OnExecutor;
pub use outcome::Outcome;
pub use rejected::Rejected;
pub use report::Report;
pub use reporter::Reporter;
pub use schedule::Schedule;
pub use schedule_error::ScheduleError;
pub use shutdown_error::ShutdownError;
pub use snapshot::{Row, Snapshot};
pub use stopwatch::StopWatch;
pub use stopwatch_tachometer::StopWatchTachometer;
pub use summary::Summary;
pub use tachometer::Tachometer;
pub use ticked::Ticked;
pub use ticker::Ticker;
pub use worker::Worker;
pub use worker_stats::WorkerStats;
