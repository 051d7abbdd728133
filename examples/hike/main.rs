//! The whole way of a frame: camera, motion detection, tracks, annotations, a recording and a live web page.

mod motion;
mod options;
mod report;
mod scene;
mod snapshot;
mod tracks;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use backpack::annotate::{Driver, FrameDriver};
use backpack::camera::{Camera, Event, Pace, StopHandle};
use backpack::core::{Frame, PixelFormat, Timestamp};
use backpack::skyline::web::{Page, PageMonitor};
use backpack::skyline::{Encoder, FrameRate, Put, Recording, SkyLine};
use backpack::timepiece::{StopWatch, Ticker};
use clap::Parser;

use crate::motion::MotionDetector;
use crate::options::Options;
use crate::report::StatusLine;
use crate::tracks::Tracker;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hike: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let mut camera = open_camera(options)?;
    stop_on_ctrl_c(camera.stop_handle())?;
    let (mut sky, page) = start_stream(options, &camera)?;
    let mut walk = Walk::new(options)?;

    // Whatever ends the walk, the recording is finalised and the summary is printed.
    let walked = walk.go_on(&mut camera, &mut sky, page.as_ref());
    let counters = camera.stats();
    let closed = camera.close().context("the camera did not close");
    let stopped = sky.stop().context("the stream did not end well");
    report::summary(&walk.watch, &counters, &sky.stats(), &walk.tracker, &options.line);
    let snapshot = walk.write_snapshot();
    walked.and(stopped).and(closed).and(snapshot)
}

fn open_camera(options: &Options) -> Result<Camera> {
    let pace = if options.fast { Pace::Fastest } else { Pace::RealTime };
    let camera = Camera::builder(options.input.as_str())
        .format(PixelFormat::I420)
        .pace(pace)
        .looping(options.looping)
        .on_event(|event| match event {
            Event::Lost { error } => eprintln!("\nthe camera is lost: {error}"),
            Event::Reconnecting { attempt, wait } => eprintln!("attempt {attempt} to reconnect in {wait:?}"),
            Event::Reconnected { .. } => eprintln!("the camera is back"),
            _ => {}
        });
    Ok(camera.open()?)
}

fn start_stream(options: &Options, camera: &Camera) -> Result<(SkyLine, Option<PageMonitor>)> {
    let info = camera.info();
    let mut encoder = Encoder::h264();
    if let Some(kbps) = options.bitrate {
        encoder = encoder.bitrate_kbps(kbps);
    }
    let mut sky = SkyLine::builder().encoder(encoder).size(info.width, info.height);
    if let Some(rate) = info.frame_rate.and_then(FrameRate::from_hertz) {
        sky = sky.frame_rate(rate);
    }
    for path in &options.record {
        sky = sky.output(Recording::new(path));
    }
    let default = options.record.is_empty().then_some("127.0.0.1:8080");
    let mut monitor = None;
    if let Some(address) = options.web.as_deref().or(default) {
        let page = Page::bind(address)?;
        eprintln!("watch http://{}/", page.address());
        monitor = Some(page.monitor());
        sky = sky.output(page);
    }
    Ok((sky.start().context("the stream cannot start")?, monitor))
}

/// The first Ctrl-C ends the loop in order; a second one ends the program at once.
fn stop_on_ctrl_c(camera: StopHandle) -> Result<()> {
    let asked = Arc::new(AtomicBool::new(false));
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        camera.stop();
    })
    .context("Ctrl-C cannot be handled")
}

/// What is carried from frame to frame.
struct Walk<'a> {
    options: &'a Options,
    ticker: Ticker,
    watch: StopWatch,
    detector: MotionDetector,
    tracker: Tracker,
    driver: FrameDriver,
    begun: Option<Timestamp>,
    /// The frame with the most tracks so far, and how many.
    busiest: Option<(usize, Frame)>,
}

impl<'a> Walk<'a> {
    fn new(options: &'a Options) -> Result<Self> {
        Ok(Self {
            options,
            ticker: Ticker::new(100),
            watch: StopWatch::new("frame"),
            detector: MotionDetector::default(),
            tracker: Tracker::new(options.line)?,
            driver: FrameDriver::new(),
            begun: None,
            busiest: None,
        })
    }

    fn go_on(&mut self, camera: &mut Camera, sky: &mut SkyLine, page: Option<&PageMonitor>) -> Result<()> {
        let mut status = StatusLine::new()?;
        while let Some(frame) = camera.next_frame()? {
            let time = frame.timestamp().unwrap_or_default();
            let begun = *self.begun.get_or_insert(time);
            if self.options.seconds.is_some_and(|seconds| time.since(begun).as_secs_f64() >= seconds) {
                break;
            }
            self.step(frame, sky)?;
            status.show(|| report::status(&self.ticker, &self.watch, &camera.stats(), sky, page));
        }
        status.end();
        Ok(())
    }

    /// Takes one frame all the way.
    fn step(&mut self, mut frame: Frame, sky: &mut SkyLine) -> Result<()> {
        self.ticker.tick();
        let whole = self.watch.start();
        let luma = frame.view().plane(0);
        let motion = self.watch.child("detect").measure(|| self.detector.detect(luma));
        let track = self.watch.child("track").start();
        if motion.cut {
            self.tracker.forget();
        }
        self.tracker.update(&motion.rects)?;
        track.stop();

        let draw = self.watch.child("draw").start();
        let time = frame.timestamp().unwrap_or_default();
        let scene = scene::scene(&self.tracker, &self.options.line, time, &self.timings());
        self.driver.render(&scene, &mut frame.view_mut())?;
        draw.stop();

        self.keep_busiest(&frame);
        let put = self.watch.child("put").start();
        if self.options.fast {
            let outcome = sky.put_within(frame, Duration::from_secs(30))?;
            ensure!(outcome == Put::Queued, "the encoder takes no more frames");
        } else {
            sky.put(frame)?;
        }
        put.stop();
        whole.stop();
        Ok(())
    }

    fn write_snapshot(&self) -> Result<()> {
        let (Some(path), Some((_, frame))) = (&self.options.snapshot, &self.busiest) else { return Ok(()) };
        snapshot::write(frame, path)?;
        println!("snapshot {}", path.display());
        Ok(())
    }

    fn timings(&self) -> String {
        let mean = |stage: &str| self.watch.child(stage).summary().mean.as_secs_f64() * 1000.0;
        let rate = self.ticker.summary().frequency().unwrap_or_default();
        format!(
            "{rate:.1} fps   detect {:.1} ms   draw {:.2} ms   put {:.2} ms",
            mean("detect"),
            mean("draw"),
            mean("put")
        )
    }

    fn keep_busiest(&mut self, frame: &Frame) {
        let tracks = self.tracker.visible().count();
        if self.options.snapshot.is_some() && self.busiest.as_ref().is_none_or(|(most, _)| tracks >= *most) {
            self.busiest = Some((tracks, frame.clone()));
        }
    }
}
