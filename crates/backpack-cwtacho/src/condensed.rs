//! From the report of a tachometer to what is sent of it.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use backpack_timepiece::Report;

use crate::Unit;
use crate::limits;
use crate::record::{Data, Metric, Record};

/// How much of a report is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Detail {
    Statistics,
    /// Enough for percentiles.
    Values,
}

/// The record of a report; `None` if nothing was measured.
pub(crate) fn record(report: &Report, metric: &Arc<Metric>, detail: Detail, epoch: i64) -> Option<Record> {
    let data = match detail {
        Detail::Statistics => statistics(report, metric.unit),
        Detail::Values => values(report, metric.unit),
    };
    let metric = metric.clone();
    (report.summary.count > 0).then(|| Record { metric, time: millis(report.time), epoch, data })
}

fn statistics(report: &Report, unit: Unit) -> Data {
    let summary = &report.summary;
    let [sum, min, max] = [summary.sum, summary.min, summary.max].map(|time| unit.of_nanos(time.as_nanos()));
    Data::Statistics { count: summary.count as f64, sum, min, max }
}

fn values(report: &Report, unit: Unit) -> Data {
    let distribution = report.distribution.condensed(limits::VALUES);
    let in_unit = |(seconds, count)| (unit.of_seconds(seconds), count as f64);
    Data::Values(distribution.values().map(in_unit).collect())
}

/// Milliseconds since 1970, negative before.
pub(crate) fn millis(time: SystemTime) -> i64 {
    let millis = |distance: std::time::Duration| i64::try_from(distance.as_millis()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => millis(since),
        Err(before) => -millis(before.duration()),
    }
}
