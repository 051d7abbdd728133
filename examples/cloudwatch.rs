//! Reports how often frames come to Amazon CloudWatch, under the names of the application and the device.
//!
//! `cargo run --release -p backpack-examples --features aws --bin cloudwatch -- --namespace Yard`, with a region and credentials from wherever AWS programs find them. Each
//! combination of application and device is a metric of its own, for about $0.30 a month. To try it without AWS, let AWS_ENDPOINT_URL name a local
//! service such as moto.

use std::io::stderr;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::camera::Camera;
use backpack::cwtacho::CloudWatch;
use backpack::identity::Identity;
use backpack::timepiece::{Report, Tachometer};
use clap::Parser;

/// Reports how often frames come to Amazon CloudWatch.
#[derive(Parser)]
struct Options {
    /// The namespace of the metric.
    #[arg(long)]
    namespace: String,

    /// What to look at: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern.
    #[arg(long, default_value = "test")]
    input: String,

    /// How many seconds go into one report. CloudWatch keeps metrics by the minute.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..), value_name = "SECONDS")]
    window: u64,
}

/// How long the end may wait for CloudWatch.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(stderr).init();
    let options = Options::parse();
    let identity = Identity::detect_blocking()?;
    println!("{identity}");

    let cloudwatch = CloudWatch::builder(&options.namespace).build()?;
    let metric = cloudwatch.metric("FrameInterval").dimensions(identity.dimensions()).percentiles();
    // One tachometer may have several reporters. Neither makes the loop wait.
    let mut tachometer = Tachometer::new(Duration::from_secs(options.window), metric.reporter()?)
        .reporter(|report: Report| println!("{report}"));

    let mut camera = Camera::open(options.input.as_str())?;
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("Ctrl-C cannot be handled")?;
    let watched = watch(&mut camera, &mut tachometer);

    // The window at hand, then everything that waits.
    tachometer.flush();
    let shutdown = cloudwatch.shutdown(PATIENCE);
    let stats = cloudwatch.stats();
    println!("{} reports, {} sent, {} dropped", stats.reported, stats.sent, stats.dropped.total());
    watched.and(shutdown.context("CloudWatch does not have everything"))?;
    Ok(camera.close()?)
}

fn watch(camera: &mut Camera, tachometer: &mut Tachometer) -> Result<()> {
    while let Some(_frame) = camera.next_frame()? {
        tachometer.tick();
        // Your model.
    }
    Ok(())
}
