//! Sends a camera to Kinesis Video Streams, tells how that goes, and at the end what the service does not have yet.
//!
//! Region and credentials come from the environment: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where there is one, AWS_SESSION_TOKEN.
//! `cargo run --release -p backpack-examples --bin kvs -- --stream yard --spool /var/lib/yard` sends a test pattern until Ctrl-C. Without AWS, against a service of your own:
//!
//! ```sh
//! export AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret
//! cargo run -p backpack-kvs-local --features cli -- --http --stream yard &
//! AWS_ENDPOINT_URL=http://127.0.0.1:8787 cargo run -p backpack-examples --bin kvs -- --stream yard
//! ```

use std::io::stderr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::camera::Camera;
use backpack::core::PixelFormat;
use backpack::kvs::{KvsOutput, Monitor, Spool};
use backpack::skyline::{Encoder, SkyLine};
use backpack::timepiece::{Clock, Schedule};
use clap::Parser;

/// Sends a camera to Kinesis Video Streams.
#[derive(Parser)]
struct Options {
    /// The stream, which has to exist.
    #[arg(long)]
    stream: String,

    /// What to send: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern.
    #[arg(long, default_value = "test")]
    input: String,

    /// Keep what the service has not acknowledged in this folder, from where the next run sends it; otherwise it is kept in memory.
    #[arg(long, value_name = "FOLDER")]
    spool: Option<PathBuf>,
}

/// How much video may wait for the service, in bytes: about an hour on disk, and minutes in memory.
const ON_DISK: u64 = 2 << 30;
const IN_MEMORY: usize = 64 << 20;

/// How long the end may wait for the service.
const PATIENCE: Duration = Duration::from_secs(8);

fn main() -> Result<()> {
    tracing_subscriber::fmt().with_writer(stderr).init();
    let options = Options::parse();
    let spool = match &options.spool {
        Some(folder) => Spool::disk(folder, ON_DISK),
        None => Spool::memory(IN_MEMORY),
    };
    let output = KvsOutput::builder(&options.stream).spool(spool).drain(PATIENCE).build()?;
    let monitor = output.monitor();
    let mut camera = Camera::builder(options.input.as_str()).format(PixelFormat::I420).open()?;
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("Ctrl-C cannot be handled")?;
    let mut sky = SkyLine::builder().encoder(Encoder::h264()).output(output).start()?;

    let sent = send(&mut camera, &mut sky, &monitor);
    // Ends the last fragment and waits until the service has persisted all.
    let stopped = sky.stop();
    tell(&monitor);
    println!("{} pictures were encoded", sky.stats().units);
    let fragments = monitor.stats().fragments;
    let remaining =
        fragments.open + fragments.waiting + fragments.sent + fragments.buffering + fragments.received;
    match &options.spool {
        _ if remaining == 0 => println!("the service has everything"),
        Some(folder) => println!("{remaining} fragments remain in {} for the next run", folder.display()),
        None => println!("{remaining} fragments are lost, as they were only in memory"),
    }
    sent.and(stopped.context("the stream did not end well"))?;
    Ok(camera.close()?)
}

fn send(camera: &mut Camera, sky: &mut SkyLine, monitor: &Monitor) -> Result<()> {
    let clock = Clock::system();
    let mut now_and_then = Schedule::every(Duration::from_secs(5))?;
    while let Some(frame) = camera.next_frame()? {
        sky.put(frame)?;
        if now_and_then.tick(&clock) {
            tell(monitor);
        }
    }
    Ok(())
}

fn tell(monitor: &Monitor) {
    let stats = monitor.stats();
    println!(
        "{:?}: {} fragments persisted, {} dropped, {} set aside; {} kB wait, {:.1} s behind",
        stats.connection,
        stats.fragments.persisted,
        stats.fragments.dropped,
        stats.fragments.set_aside,
        stats.backlog_bytes / 1000,
        stats.lag.as_secs_f64(),
    );
    if let Some(error) = stats.last_error {
        println!("  the last thing that went wrong: {error}");
    }
}
