use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Resolution, Unit};

/// What is measured, and on what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Metric {
    pub(crate) name: String,
    /// Names and values.
    pub(crate) dimensions: Vec<(String, String)>,
    pub(crate) unit: Unit,
    pub(crate) resolution: Resolution,
}

/// A report in the form in which it is kept and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) metric: Arc<Metric>,
    /// When its window ended by the clock of the device, in milliseconds since 1970.
    pub(crate) time: i64,
    /// When by that clock, as it was set then, the run of the program began that made it.
    pub(crate) epoch: i64,
    pub(crate) data: Data,
}

/// What was measured, in the metric's unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Data {
    Statistics {
        count: f64,
        sum: f64,
        min: f64,
        max: f64,
    },
    /// Values, each with its count.
    Values(Vec<(f64, f64)>),
}

impl Record {
    /// How much memory it takes, in bytes. Its metric is shared.
    pub(crate) fn memory(&self) -> usize {
        let values = match &self.data {
            Data::Statistics { .. } => 0,
            Data::Values(values) => size_of_val(&values[..]),
        };
        size_of::<Self>() + values
    }

    /// How many bytes it takes in a request at most.
    pub(crate) fn wire(&self) -> usize {
        // Names of fields, and numbers with their heads.
        const FIXED: usize = 120;
        const DIMENSION: usize = 18;
        const STATISTICS: usize = 90;
        const LISTS: usize = 24;
        const NUMBER: usize = 9;
        let Metric { name, dimensions, .. } = &*self.metric;
        let dimensions: usize =
            dimensions.iter().map(|(name, value)| DIMENSION + name.len() + value.len()).sum();
        let data = match &self.data {
            Data::Statistics { .. } => STATISTICS,
            Data::Values(values) => LISTS + values.len() * 2 * NUMBER,
        };
        FIXED + name.len() + dimensions + data
    }
}
