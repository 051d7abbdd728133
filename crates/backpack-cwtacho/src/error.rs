use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// Why reports cannot be sent as configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// CloudWatch does not take such a namespace.
    #[error("the namespace {namespace:?} {problem}")]
    Namespace {
        /// The namespace as given.
        namespace: String,
        /// What is wrong with it and what would be right.
        problem: &'static str,
    },
    /// No region has such a name.
    #[error("the region {0:?} is no name of a region: those are like eu-west-1")]
    Region(String),
    /// The endpoint cannot be one.
    #[error("the endpoint URL {problem}")]
    Endpoint {
        /// What is wrong with it. The URL is not shown, as it may hold a password.
        problem: &'static str,
    },
    /// The backlog is too small to be one.
    #[error("a backlog of {bytes} bytes {place}: it must have at least {least}")]
    Backlog {
        /// Where it is to be.
        place: &'static str,
        /// The limit as given, in bytes.
        bytes: u64,
        /// The smallest that is allowed, in bytes.
        least: u64,
    },
    /// Another program keeps its backlog in the same directory.
    #[error("the backlog in {} is in use by another program, or by another part of this one", .0.display())]
    InUse(PathBuf),
    /// The directory of the backlog cannot be used.
    #[error("the backlog on disk cannot use {}: {source}", .path.display())]
    Disk {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The thread that sends could not be started.
    #[error("the thread that sends reports cannot be started: {0}")]
    Thread(#[source] io::Error),
}

/// Why CloudWatch would not take a metric.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// Its name is not one.
    #[error("the metric name {name:?} {problem}")]
    Name {
        /// The name as given.
        name: String,
        /// What is wrong with it and what would be right.
        problem: &'static str,
    },
    /// A dimension's name is not one.
    #[error("the dimension name {name:?} of metric {metric:?} {problem}")]
    DimensionName {
        /// The name of the metric.
        metric: String,
        /// The name as given.
        name: String,
        /// What is wrong with it and what would be right.
        problem: &'static str,
    },
    /// A dimension's value is not one.
    #[error("the value {value:?} of dimension {dimension:?} of metric {metric:?} {problem}")]
    DimensionValue {
        /// The name of the metric.
        metric: String,
        /// The name of the dimension.
        dimension: String,
        /// The value as given.
        value: String,
        /// What is wrong with it and what would be right.
        problem: &'static str,
    },
    /// Two dimensions have the same name.
    #[error("metric {metric:?} has two dimensions called {name:?}")]
    DimensionTwice {
        /// The name of the metric.
        metric: String,
        /// The name of both.
        name: String,
    },
    /// There are too many dimensions.
    #[error("metric {metric:?} has {count} dimensions: CloudWatch takes 30 at most")]
    TooManyDimensions {
        /// The name of the metric.
        metric: String,
        /// How many it has.
        count: usize,
    },
}

/// Reports were still unsent when the time to end had passed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{waiting} reports were not sent within {deadline:?} and {}{}",
    if *.is_kept { "will be by the next run, from disk" } else { "are lost" },
    .reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default()
)]
#[non_exhaustive]
pub struct ShutdownError {
    /// How many reports had not been sent.
    pub waiting: u64,
    /// How long the shutdown was given.
    pub deadline: Duration,
    /// Whether all of them are on disk, so that the next run sends them.
    pub is_kept: bool,
    /// What went wrong last, if anything did.
    pub reason: Option<String>,
}
