//! The whole way of a frame: cameras, motion detection, tracks, annotations, recordings and live streams.

mod figures;
mod mosaic_stream;
mod motion;
mod names;
mod options;
mod progress;
mod report;
mod scene;
mod snapshot;
mod streams;
mod tracks;
mod walk;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use backpack::camera::{Camera, Event, Pace, StopHandle};
use backpack::core::PixelFormat;
use backpack::identity::Identity;
use backpack::mosaic;
use backpack::skyline::FrameRate;

use crate::figures::Figures;
use crate::mosaic_stream::MosaicStream;
use crate::options::Options;
use crate::progress::Progress;
use crate::report::StatusLine;
use crate::streams::Streams;
use crate::walk::{Meters, Target, Walk, Walked};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
    match Options::read().map_err(Into::into).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hike: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    let identity = identity();
    let names = names::of(&options.input);
    let figures = Figures::new(options)?;
    let streams = Streams::new(options, identity.as_ref())?;
    let mosaic = options.mosaic.then(|| MosaicStream::start(&streams, &names)).transpose()?;
    let mut walkers = Vec::new();
    for (index, (input, name)) in options.input.iter().zip(&names).enumerate() {
        let tile = mosaic.as_ref().map(|mosaic| mosaic.sources[index].clone());
        let meters = Meters {
            tachometers: figures.tachometers(name, identity.as_ref())?,
            counters: figures.counters(name),
        };
        walkers.push(Walker::new(options, &streams, input, name, tile, meters)?);
    }
    stop_on_ctrl_c(walkers.iter().map(|walker| walker.camera.stop_handle()).collect())?;

    // Whatever ends the walks, recordings are finalised and the summaries are printed.
    let walked = walk(walkers)?;
    let stopped = mosaic.map(MosaicStream::stop).transpose();
    figures.end();
    if let Some(identity) = &identity {
        println!("{identity}");
    }
    for walked in &walked {
        report::summary(walked, options);
    }
    if let Ok(Some(stats)) = &stopped {
        report::outputs(stats);
    }
    walked.into_iter().try_for_each(|walked| walked.result.context(walked.name))?;
    stopped.map(drop)
}

/// Who this is, for the page, the figures and the summary. Not to know is no reason to see nothing.
fn identity() -> Option<Identity> {
    Identity::detect_blocking()
        .inspect_err(|error| eprintln!("who this is cannot be found out: {error}"))
        .ok()
}

/// A walk that is ready to begin.
struct Walker<'a> {
    name: &'a str,
    camera: Camera,
    walk: Walk<'a>,
    progress: Arc<Mutex<Progress>>,
    snapshot: Option<std::path::PathBuf>,
}

impl<'a> Walker<'a> {
    fn new(
        options: &'a Options,
        streams: &Streams<'_>,
        input: &str,
        name: &'a str,
        tile: Option<mosaic::Source>,
        meters: Meters,
    ) -> Result<Self> {
        let camera = open_camera(options, input, tile.clone())?;
        let info = camera.info();
        let target = match tile {
            Some(tile) => Target::Mosaic(tile),
            None => {
                let rate = info.frame_rate.and_then(FrameRate::from_hertz);
                Target::Stream(Box::new(streams.start(name, (info.width, info.height), rate)?))
            }
        };
        let progress = Arc::new(Mutex::new(Progress::default()));
        let walk = Walk::new(options, target, Arc::clone(&progress), meters)?;
        let snapshot = options.snapshot.as_ref();
        let snapshot =
            snapshot.map(|path| if options.is_several() { names::insert(path, name) } else { path.clone() });
        Ok(Self { name, camera, walk, progress, snapshot })
    }
}

fn open_camera(options: &Options, input: &str, tile: Option<mosaic::Source>) -> Result<Camera> {
    let pace = if options.fast { Pace::Fastest } else { Pace::RealTime };
    let camera = Camera::builder(input)
        .format(PixelFormat::I420)
        .pace(pace)
        .looping(options.looping)
        .on_event(move |event| match event {
            Event::Lost { error } => {
                eprintln!("\nthe camera is lost: {error}");
                if let Some(tile) = &tile {
                    tile.lost(error.to_string());
                }
            }
            Event::Reconnecting { attempt, wait } => eprintln!("attempt {attempt} to reconnect in {wait:?}"),
            Event::Reconnected { .. } => eprintln!("the camera is back"),
            _ => {}
        });
    Ok(camera.open()?)
}

/// The first Ctrl-C ends the loops in order; a second one ends the program at once.
fn stop_on_ctrl_c(cameras: Vec<StopHandle>) -> Result<()> {
    let asked = Arc::new(AtomicBool::new(false));
    ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        cameras.iter().for_each(StopHandle::stop);
    })
    .context("Ctrl-C cannot be handled")
}

/// Walks with every camera on a thread of its own until all have ended, and shows how it goes meanwhile.
fn walk(walkers: Vec<Walker<'_>>) -> Result<Vec<Walked>> {
    let progresses: Vec<_> =
        walkers.iter().map(|walker| (walker.name, Arc::clone(&walker.progress))).collect();
    thread::scope(|scope| {
        let threads: Vec<_> = walkers
            .into_iter()
            .map(|Walker { name, camera, walk, snapshot, .. }| {
                scope.spawn(move || walk.go(name.to_owned(), camera, snapshot))
            })
            .collect();
        let mut status = StatusLine::new()?;
        while threads.iter().any(|thread| !thread.is_finished()) {
            status.show(|| report::status(&progresses));
            thread::sleep(Duration::from_millis(20));
        }
        status.end();
        let joined = threads.into_iter().map(|thread| thread.join());
        joined.map(|walked| walked.map_err(|_| anyhow!("a walk's thread panicked"))).collect()
    })
}
