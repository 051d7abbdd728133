use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use backpack::annotate::{Driver, FrameDriver};
use backpack::camera::{self, Camera};
use backpack::core::{Frame, LineCounter, Timestamp};
use backpack::mosaic;
use backpack::skyline::{Put, SkyLine, Stats, StatsPublisher};
use backpack::timepiece::{StopWatch, Tachometer, Ticker};

use crate::motion::MotionDetector;
use crate::options::Options;
use crate::progress::Progress;
use crate::tracks::Tracker;
use crate::{scene, snapshot};

/// A track has left the counting line when it stands so far from it, in parts of the picture; nearer, it may tremble to and fro.
const CLEAR: f64 = 0.015;

/// Where the frames of a walk go.
pub enum Target {
    /// Into a stream of their own.
    Stream(Box<SkyLine>),
    /// Into a part of a picture with others.
    Mosaic(mosaic::Source),
}

/// What tells others how a walk goes.
pub struct Meters {
    pub tachometers: Vec<Tachometer>,
    pub counters: Option<StatsPublisher>,
}

/// One camera's way, frame by frame.
pub struct Walk<'a> {
    options: &'a Options,
    target: Target,
    progress: Arc<Mutex<Progress>>,
    meters: Meters,
    ticker: Ticker,
    pub watch: StopWatch,
    detector: MotionDetector,
    tracker: Tracker,
    counter: LineCounter,
    driver: FrameDriver,
    begun: Option<Timestamp>,
    /// The frame with the most tracks so far, and how many.
    busiest: Option<(usize, Frame)>,
}

/// What a walk leaves behind.
pub struct Walked {
    pub name: String,
    pub watch: StopWatch,
    pub counter: LineCounter,
    pub camera: camera::Stats,
    /// Unless the frames went into a mosaic.
    pub stream: Option<Stats>,
    pub result: Result<()>,
}

impl<'a> Walk<'a> {
    pub fn new(
        options: &'a Options,
        target: Target,
        progress: Arc<Mutex<Progress>>,
        meters: Meters,
    ) -> Result<Self> {
        Ok(Self {
            options,
            target,
            progress,
            meters,
            ticker: Ticker::new(100),
            watch: StopWatch::new("frame"),
            detector: MotionDetector::default(),
            tracker: Tracker::default(),
            counter: LineCounter::new(options.line).with_margin(CLEAR)?,
            driver: FrameDriver::new(),
            begun: None,
            busiest: None,
        })
    }

    /// Walks until the camera ends. Whatever ends the walk, recordings are finalised.
    pub fn go(mut self, name: String, mut camera: Camera, snapshot: Option<PathBuf>) -> Walked {
        let walked = self.go_on(&mut camera);
        self.meters.tachometers.iter_mut().for_each(Tachometer::flush);
        let counters = camera.stats();
        let closed = camera.close().context("the camera did not close");
        let (stopped, stream) = match &mut self.target {
            Target::Stream(sky) => (sky.stop().context("the stream did not end well"), Some(sky.stats())),
            Target::Mosaic(source) => {
                source.lost("ended");
                (Ok(()), None)
            }
        };
        let snapshot = snapshot.map_or(Ok(()), |path| self.write_snapshot(&path));
        let result = walked.and(stopped).and(closed).and(snapshot);
        let Self { watch, counter, .. } = self;
        Walked { name, watch, counter, camera: counters, stream, result }
    }

    fn go_on(&mut self, camera: &mut Camera) -> Result<()> {
        while let Some(frame) = camera.next_frame()? {
            let time = frame.timestamp().unwrap_or_default();
            let begun = *self.begun.get_or_insert(time);
            if self.options.seconds.is_some_and(|seconds| time.since(begun).as_secs_f64() >= seconds) {
                break;
            }
            self.step(frame)?;
            let counters = &mut self.meters.counters;
            let stream = || match &self.target {
                Target::Stream(sky) => {
                    let stats = sky.stats();
                    if let Some(counters) = counters {
                        counters.publish(&stats);
                    }
                    stats
                }
                Target::Mosaic(_) => Stats::default(),
            };
            let mut progress = self.progress.lock().unwrap_or_else(|error| error.into_inner());
            progress.update(&self.ticker, &self.watch, &camera.stats(), stream);
        }
        Ok(())
    }

    /// Takes one frame all the way.
    fn step(&mut self, mut frame: Frame) -> Result<()> {
        self.ticker.tick();
        for tachometer in &mut self.meters.tachometers {
            tachometer.tick();
        }
        let whole = self.watch.start();
        let luma = frame.view().plane(0);
        let motion = self.watch.child("detect").measure(|| self.detector.detect(luma));
        let track = self.watch.child("track").start();
        if motion.cut {
            self.tracker.forget();
        }
        self.tracker.update(&motion.rects);
        self.counter.update(self.tracker.visible().map(|track| (track.id, track.rect.base())))?;
        track.stop();

        let draw = self.watch.child("draw").start();
        let time = frame.timestamp().unwrap_or_default();
        let scene = scene::scene(&self.tracker, &self.counter, time, &self.timings());
        self.driver.render(&scene, &mut frame.view_mut())?;
        draw.stop();

        self.keep_busiest(&frame);
        let put = self.watch.child("put").start();
        self.put(frame)?;
        put.stop();
        whole.stop();
        Ok(())
    }

    fn put(&mut self, frame: Frame) -> Result<()> {
        match &mut self.target {
            Target::Stream(sky) if self.options.fast => {
                let outcome = sky.put_within(frame, Duration::from_secs(30))?;
                ensure!(outcome == Put::Queued, "the encoder takes no more frames");
            }
            Target::Stream(sky) => drop(sky.put(frame)?),
            Target::Mosaic(source) => source.update(&frame)?,
        }
        Ok(())
    }

    fn write_snapshot(&self, path: &std::path::Path) -> Result<()> {
        let Some((_, frame)) = &self.busiest else { return Ok(()) };
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
