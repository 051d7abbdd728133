//! What a tachometer measures, by OTLP to an OpenTelemetry collector on this machine: `cargo run -p backpack-cwtacho --example otlp`.
//!
//! The collector may be the CloudWatch agent, or any with the extension `sigv4auth` (service `monitoring`) and an `otlphttp` exporter to
//! `https://monitoring.<region>.amazonaws.com/v1/metrics`, as CloudWatch's own endpoint wants requests to be signed.

use std::error::Error;
use std::time::Duration;

use backpack_timepiece::{Report, Reporter, Tachometer, Worker};
use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_otlp::{MetricExporter, Protocol, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};

/// Limits of buckets in seconds, close together about the intervals of 30 and 25 frames a second.
const BUCKETS: [f64; 10] = [0.005, 0.01, 0.02, 0.03, 0.035, 0.045, 0.06, 0.1, 0.25, 1.0];

/// Sends the metrics of this program every minute, from a thread of its own. It is to be shut down at the end, which sends the rest.
///
/// # Errors
/// Where the endpoint is no URL.
pub fn provider(endpoint: &str) -> Result<SdkMeterProvider, Box<dyn Error>> {
    let exporter = MetricExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        // CloudWatch takes what is new, and not what has been since the program began.
        .with_temporality(Temporality::Delta)
        .build()?;
    let reader = PeriodicReader::builder(exporter).with_interval(Duration::from_secs(60)).build();
    let resource = Resource::builder().with_service_name("yard").build();
    Ok(SdkMeterProvider::builder().with_reader(reader).with_resource(resource).build())
}

/// Makes samples of a histogram of what is reported.
pub fn reporter(provider: &SdkMeterProvider, camera: &str) -> impl FnMut(Report) + Send + 'static {
    let meter = provider.meter("backpack");
    let histogram =
        meter.f64_histogram("frame_interval").with_unit("s").with_boundaries(BUCKETS.to_vec()).build();
    let labels = [KeyValue::new("camera", camera.to_owned())];
    move |report| {
        for (seconds, count) in report.distribution.values() {
            (0..count).for_each(|_| histogram.record(seconds, &labels));
        }
    }
}

#[allow(dead_code)]
fn main() -> Result<(), Box<dyn Error>> {
    let provider = provider("http://127.0.0.1:4318/v1/metrics")?;
    // Thousands of samples at once take longer than the frame loop has.
    let reporter = reporter(&provider, "gate").on(Worker::new("otlp", 4)?);
    let mut tachometer = Tachometer::new(Duration::from_secs(60), reporter);
    loop {
        // In place of a frame.
        std::thread::sleep(Duration::from_millis(33));
        tachometer.tick();
    }
}
