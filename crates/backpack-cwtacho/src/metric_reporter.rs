use std::fmt;
use std::sync::Arc;

use backpack_timepiece::{Report, Reporter};

use crate::cloudwatch::Owner;
use crate::condensed::Detail;
use crate::inbox::Reported;
use crate::record::Metric;

/// Hands the reports of a tachometer over to be sent, made by [`MetricBuilder::reporter`](crate::MetricBuilder::reporter).
///
/// To report takes a fraction of a microsecond, or a few where the worker has to be woken, and allocates nothing, whatever the network does. A clone reports to the same metric, so that several
/// tachometers, those of several cameras for example, can be one metric.
#[derive(Clone)]
pub struct MetricReporter {
    pub(crate) owner: Arc<Owner>,
    pub(crate) metric: Arc<Metric>,
    pub(crate) detail: Detail,
}

impl Reporter for MetricReporter {
    fn report(&mut self, report: Report) {
        let Owner { inbox, run, .. } = &*self.owner;
        let (metric, detail, epoch) = (self.metric.clone(), self.detail, run.epoch());
        inbox.push(Reported { metric, detail, report, epoch });
    }
}

impl fmt::Debug for MetricReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricReporter").field("metric", &self.metric).finish_non_exhaustive()
    }
}
