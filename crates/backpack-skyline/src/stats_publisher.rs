use metrics::{Label, counter, gauge};

use crate::{Dropped, OutputState, OutputStats, Stats};

/// Publishes the counters of a stream through the [`metrics`] facade, with the label `stream`; those of outputs also have the label `output`.
///
/// Counters, which go on over restarts of the stream: `skyline_frames`, `skyline_frames_dropped` (with the label `cause`), `skyline_units`,
/// `skyline_output_units`, `skyline_output_bytes`, `skyline_output_dropped`, `skyline_output_failures`, `skyline_output_reconnects`. Gauges:
/// `skyline_bits_per_second`, `skyline_latency_seconds`, `skyline_output_up` (1 or 0), `skyline_output_lag_seconds`, `skyline_output_viewers`.
#[derive(Debug)]
pub struct StatsPublisher {
    stream: Label,
    last: Stats,
}

impl StatsPublisher {
    /// Publishes for the stream of this name.
    pub fn new(stream: impl Into<String>) -> Self {
        Self { stream: Label::new("stream", stream.into()), last: Stats::default() }
    }

    /// Publishes what changed since the last call.
    pub fn publish(&mut self, stats: &Stats) {
        let labels = vec![self.stream.clone()];
        counter!("skyline_frames", labels.clone()).increment(more(stats.frames, self.last.frames));
        counter!("skyline_units", labels.clone()).increment(more(stats.units, self.last.units));
        for ((cause, count), (_, before)) in
            causes(&stats.dropped).into_iter().zip(causes(&self.last.dropped))
        {
            let labels = vec![self.stream.clone(), Label::new("cause", cause)];
            counter!("skyline_frames_dropped", labels).increment(more(count, before));
        }
        gauge!("skyline_bits_per_second", labels.clone()).set(stats.bits_per_second as f64);
        if let Some(latency) = stats.latency {
            gauge!("skyline_latency_seconds", labels).set(latency.as_secs_f64());
        }
        let none = OutputStats::default();
        // By name, because outputs come and go; those of the same name in their order.
        let mut before: Vec<&OutputStats> = self.last.outputs.iter().collect();
        for output in &stats.outputs {
            let at = before.iter().position(|last| last.name == output.name);
            self.publish_output(output, at.map_or(&none, |at| before.remove(at)));
        }
        self.last = stats.clone();
    }

    fn publish_output(&self, output: &OutputStats, last: &OutputStats) {
        let labels = || vec![self.stream.clone(), Label::new("output", output.name.clone())];
        counter!("skyline_output_units", labels()).increment(more(output.units, last.units));
        counter!("skyline_output_bytes", labels()).increment(more(output.bytes, last.bytes));
        counter!("skyline_output_dropped", labels()).increment(more(output.dropped, last.dropped));
        counter!("skyline_output_failures", labels()).increment(more(output.failures, last.failures));
        counter!("skyline_output_reconnects", labels()).increment(more(output.reconnects, last.reconnects));
        gauge!("skyline_output_up", labels()).set(if output.state == OutputState::Running {
            1.0
        } else {
            0.0
        });
        gauge!("skyline_output_lag_seconds", labels()).set(output.lag.as_secs_f64());
        if let Some(viewers) = output.viewers {
            gauge!("skyline_output_viewers", labels()).set(viewers as f64);
        }
    }
}

/// How much a counter has grown; one that is smaller than before was started again at zero.
fn more(now: u64, before: u64) -> u64 {
    now.checked_sub(before).unwrap_or(now)
}

fn causes(dropped: &Dropped) -> [(&'static str, u64); 5] {
    [
        ("displaced", dropped.displaced),
        ("no_room", dropped.no_room),
        ("not_later", dropped.not_later),
        ("refused", dropped.refused),
        ("unfinished", dropped.unfinished),
    ]
}
