//! Reports through the `metrics` facade, read back from a Prometheus page.
#![cfg(feature = "metrics")]
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use backpack_timepiece::{Clock, MetricsReporter, Tachometer};
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn prometheus_shows_what_a_tachometer_measured() {
    let buckets = [0.0305, 0.0405, 1.0];
    let recorder = PrometheusBuilder::new().set_buckets(&buckets).unwrap().build_recorder();
    let page = recorder.handle();
    let (clock, time) = Clock::manual();
    let reporter = MetricsReporter::new("frame_interval_seconds").label("camera", "yard \"north\"");
    let mut tachometer = Tachometer::with_clock(Duration::from_secs(1), reporter, clock);
    metrics::with_local_recorder(&recorder, || {
        for frame in 0..=50 {
            tachometer.tick();
            time.advance(Duration::from_millis(if frame < 10 { 30 } else { 40 }));
        }
        tachometer.flush();
    });
    let page = page.render();
    let value = |line: &str| -> f64 {
        let found = page.lines().find_map(|shown| shown.strip_prefix(line));
        found.unwrap_or_else(|| panic!("there is no {line} in\n{page}")).trim().parse().unwrap()
    };
    let labels = r#"camera="yard \"north\"""#;
    assert_eq!(value(&format!("frame_interval_seconds_count{{{labels}}}")), 50.0);
    assert!((value(&format!("frame_interval_seconds_sum{{{labels}}}")) - 1.9).abs() < 1e-9);
    let up_to = |limit: &str| value(&format!("frame_interval_seconds_bucket{{{labels},le=\"{limit}\"}}"));
    assert_eq!([up_to("0.0305"), up_to("0.0405"), up_to("+Inf")], [10.0, 50.0, 50.0]);
}

#[test]
fn without_a_recorder_nothing_happens() {
    let (clock, time) = Clock::manual();
    let mut tachometer = Tachometer::with_clock(Duration::ZERO, MetricsReporter::new("frame_seconds"), clock);
    for _ in 0..3 {
        tachometer.tick();
        time.advance(Duration::from_millis(30));
    }
}
