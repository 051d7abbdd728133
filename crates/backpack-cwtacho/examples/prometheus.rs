//! Prometheus fetches what a tachometer measures: `cargo run -p backpack-cwtacho --example prometheus`, then open <http://127.0.0.1:9000/metrics>.

use std::net::SocketAddr;
use std::time::Duration;

use backpack_timepiece::{MetricsReporter, Tachometer};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};

/// Limits of buckets in seconds, close together about the intervals of 30 and 25 frames a second.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.02, 0.03, 0.035, 0.045, 0.06, 0.1, 0.25, 1.0];

/// Serves the metrics of this program on a page, from a thread of its own.
///
/// # Errors
/// Where the address is in use, or the program has another recorder.
pub fn serve(address: SocketAddr) -> Result<(), BuildError> {
    let durations = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new()
        .with_http_listener(address)
        .set_buckets_for_metric(durations, &BUCKETS)?
        .install()
}

/// A tachometer on that page.
pub fn tachometer(window: Duration, camera: &str) -> Tachometer {
    Tachometer::new(window, MetricsReporter::new("frame_interval_seconds").label("camera", camera))
}

#[allow(dead_code)]
fn main() -> Result<(), BuildError> {
    serve(SocketAddr::from(([127, 0, 0, 1], 9000)))?;
    // Prometheus fetches the page every 15 seconds or so, so that there is to be something new as often.
    let mut tachometer = tachometer(Duration::from_secs(15), "gate");
    loop {
        // In place of a frame.
        std::thread::sleep(Duration::from_millis(33));
        tachometer.tick();
    }
}
