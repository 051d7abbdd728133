//! Times a frame loop: how often frames come, where the time of each goes, and what is done now and then.
//!
//! `cargo run --release -p backpack-examples --bin timing -- --seconds 10` looks at a test pattern for ten seconds. It prints a report for every second, a line for every
//! hundredth frame, and at the end a table of all stages. Nothing of this costs the loop more than reading the clock, so it may stay in production.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::annotate::{Driver, FrameDriver, Label};
use backpack::camera::Camera;
use backpack::core::{Frame, PixelFormat};
use backpack::timepiece::{AlarmClock, Report, Schedule, StopWatch, Tachometer, Ticker};
use clap::Parser;

/// Times a frame loop and its stages.
#[derive(Parser)]
struct Options {
    /// What to look at: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern.
    #[arg(long, default_value = "test")]
    input: String,

    /// Stop after so many seconds; otherwise go on until the input ends or Ctrl-C.
    #[arg(long)]
    seconds: Option<u64>,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let mut camera = Camera::builder(options.input.as_str()).format(PixelFormat::I420).open()?;
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("Ctrl-C cannot be handled")?;

    // The newest 300 intervals between frames.
    let mut ticker = Ticker::new(300);
    // All intervals, window by window. A reporter may as well send its reports to CloudWatch or Prometheus.
    let mut tachometer =
        Tachometer::new(Duration::from_secs(1), |report: Report| println!("frames     {report}"));
    // Where the time goes, stage by stage.
    let frame_watch = StopWatch::new("frame");
    let alarms = &mut alarms(&options, &camera);

    let mut driver = FrameDriver::new();
    while let Some(mut frame) = camera.next_frame()? {
        ticker.tick();
        tachometer.tick();
        for error in alarms.tick().errors {
            eprintln!("{error}");
        }
        // A lap ends with its scope, also by `?`.
        let _lap = frame_watch.start();
        let brightness = frame_watch.child("infer").measure(|| infer(&frame));
        let drawing = frame_watch.child("draw").start();
        let label = Label::new((0.02, 0.02), format!("brightness {brightness:.0} of 255"));
        driver.render(&[label.into()], &mut frame.view_mut())?;
        drawing.stop();
        black_box(frame);
    }
    tachometer.flush();

    println!("\n{}", frame_watch.snapshot());
    match ticker.summary().frequency() {
        Some(rate) => println!("{rate:.1} frames a second of late; {}", ticker.summary()),
        None => println!("there were too few frames to tell how often they come"),
    }
    Ok(camera.close()?)
}

/// What is to be done at certain frames and times. The loop asks with every frame, and nothing runs in the background.
fn alarms(options: &Options, camera: &Camera) -> AlarmClock {
    let mut alarms = AlarmClock::new();
    alarms.add(Schedule::every_nth(100), |_| println!("alarm      another hundred frames"));
    if let Some(seconds) = options.seconds {
        let stop = camera.stop_handle();
        alarms.add(Schedule::after(Duration::from_secs(seconds)), move |_| stop.stop());
    }
    alarms
}

/// Your model. This one only looks how bright the picture is, from 0 to 255.
fn infer(frame: &Frame) -> f64 {
    let luma = frame.view().plane(0);
    let sum: u64 = luma.rows().flatten().map(|&pixel| u64::from(pixel)).sum();
    sum as f64 / f64::from(frame.width() * frame.height())
}
