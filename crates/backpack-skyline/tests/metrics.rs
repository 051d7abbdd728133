//! The counters of streams on a Prometheus page.
#![cfg(feature = "metrics")]
#![allow(clippy::unwrap_used)]

mod common;

use backpack_skyline::{Memory, SkyLine, StatsPublisher};
use common::{FakeEncoder, PATIENCE, Scripted, fps, frame_at, wait_until};
use metrics_exporter_prometheus::PrometheusBuilder;

#[test]
fn counters_go_on_over_a_restart_and_gauges_follow() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let page = recorder.handle();
    let mut publisher = StatsPublisher::new("yard");
    let mut publish =
        |sky: &SkyLine| metrics::with_local_recorder(&recorder, || publisher.publish(&sky.stats()));
    let mut sky = SkyLine::builder()
        .encoder(FakeEncoder::default())
        .output(Memory::new())
        .size(32, 16)
        .frame_rate(fps(10))
        .start()
        .unwrap();
    for n in 0..5 {
        sky.put_within(frame_at(n * 100), PATIENCE).unwrap();
    }
    sky.put(frame_at(0)).unwrap();
    publish(&sky);
    sky.stop().unwrap();
    publish(&sky);
    sky.start_again().unwrap();
    sky.put_within(frame_at(0), PATIENCE).unwrap();
    sky.stop().unwrap();
    publish(&sky);

    let text = page.render();
    for line in [
        r#"skyline_frames{stream="yard"} 6"#,
        r#"skyline_units{stream="yard"} 6"#,
        r#"skyline_frames_dropped{stream="yard",cause="not_later"} 1"#,
        r#"skyline_output_units{stream="yard",output="memory"} 6"#,
        r#"skyline_output_bytes{stream="yard",output="memory"} 6"#,
        r#"skyline_output_failures{stream="yard",output="memory"} 0"#,
        r#"skyline_output_up{stream="yard",output="memory"} 0"#,
        r#"skyline_output_lag_seconds{stream="yard",output="memory"} 0"#,
    ] {
        assert!(text.lines().any(|on_page| on_page == line), "{line} is missing from\n{text}");
    }
}

#[test]
fn counters_of_an_output_do_not_jump_when_another_one_is_taken_out() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let page = recorder.handle();
    let mut publisher = StatsPublisher::new("yard");
    let mut publish =
        |sky: &SkyLine| metrics::with_local_recorder(&recorder, || publisher.publish(&sky.stats()));
    let (first, _events) = Scripted::new("first");
    let mut sky = SkyLine::builder()
        .encoder(FakeEncoder::default())
        .output(first)
        .size(32, 16)
        .frame_rate(fps(10))
        .start()
        .unwrap();
    for n in 0..5 {
        sky.put_within(frame_at(n * 100), PATIENCE).unwrap();
    }
    wait_until("the first output to have all", || sky.stats().outputs[0].units == 5);
    sky.add_output(Memory::new()).unwrap();
    sky.put_within(frame_at(500), PATIENCE).unwrap();
    wait_until("both outputs to have all", || {
        sky.stats().outputs.iter().map(|output| output.units).collect::<Vec<_>>() == [6, 1]
    });
    publish(&sky);
    sky.remove_output("first").unwrap().wait(PATIENCE).unwrap();
    publish(&sky);
    let text = page.render();
    for (output, units) in [("first", 6), ("memory", 1)] {
        let line = format!("skyline_output_units{{stream=\"yard\",output=\"{output}\"}} {units}");
        assert!(text.lines().any(|on_page| on_page == line), "{line} is missing from\n{text}");
    }
    sky.stop().unwrap();
}
