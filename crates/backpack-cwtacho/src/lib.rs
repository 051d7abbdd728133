#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod backlog;
mod batch;
mod builder;
mod client;
mod cloudwatch;
mod condensed;
mod credentials;
mod disk;
mod error;
mod inbox;
mod journal;
mod limits;
mod memory;
mod metric_builder;
mod metric_reporter;
mod notices;
mod outcome;
mod record;
mod resolution;
mod retry;
mod run;
mod service_clock;
mod stats;
mod unit;
mod worker;

pub use builder::Builder;
pub use cloudwatch::CloudWatch;
pub use credentials::Credentials;
pub use error::{BuildError, MetricError, ShutdownError};
pub use metric_builder::MetricBuilder;
pub use metric_reporter::MetricReporter;
pub use resolution::Resolution;
pub use stats::{Dropped, Stats};
pub use unit::Unit;
