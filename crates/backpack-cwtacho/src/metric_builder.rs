use std::sync::Arc;

use crate::cloudwatch::Owner;
use crate::condensed::Detail;
use crate::error::MetricError;
use crate::limits;
use crate::record::Metric;
use crate::{MetricReporter, Resolution, Unit};

/// Describes a metric, begun by [`CloudWatch::metric`](crate::CloudWatch::metric).
///
/// Every combination of a name and values of dimensions is a metric of its own, and costs as one.
#[derive(Debug, Clone)]
#[must_use]
pub struct MetricBuilder {
    owner: Arc<Owner>,
    metric: Metric,
    detail: Detail,
}

impl MetricBuilder {
    pub(crate) fn new(owner: Arc<Owner>, name: String) -> Self {
        let (unit, resolution) = (Unit::default(), Resolution::default());
        let metric = Metric { name, dimensions: Vec::new(), unit, resolution };
        Self { owner, metric, detail: Detail::Statistics }
    }

    /// Adds a dimension, 30 at most: printable ASCII, up to 255 characters for the name and 1024 for the value.
    pub fn dimension(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.dimensions([(name, value)])
    }

    /// Adds dimensions, such as those that say which device it is: `Identity::dimensions` of backpack-identity.
    pub fn dimensions<N, V>(mut self, dimensions: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<String>,
    {
        let dimensions = dimensions.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.metric.dimensions.extend(dimensions);
        self
    }

    /// Sends durations in this unit, else in seconds.
    pub fn unit(mut self, unit: Unit) -> Self {
        self.metric.unit = unit;
        self
    }

    /// Stores the metric at this resolution, else to the minute.
    pub fn resolution(mut self, resolution: Resolution) -> Self {
        self.metric.resolution = resolution;
        self
    }

    /// Sends enough for percentiles: up to 150 values with their counts instead of count, sum, minimum and maximum.
    ///
    /// These four stay as they are. A duration differs from the value that stands for it by 1.6 % at most where the longest one of a window is no
    /// more than three times the shortest, and by 6.3 % where it is two hundred times. A report takes up to 2.7 kB instead of 0.2.
    pub fn percentiles(mut self) -> Self {
        self.detail = Detail::Values;
        self
    }

    /// What a tachometer reports to.
    ///
    /// # Errors
    /// [`MetricError`] if CloudWatch would not take such a metric.
    pub fn reporter(self) -> Result<MetricReporter, MetricError> {
        let Self { owner, metric, detail } = self;
        limits::check_metric(&metric)?;
        Ok(MetricReporter { owner, metric: Arc::new(metric), detail })
    }
}
