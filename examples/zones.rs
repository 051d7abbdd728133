//! Counts who crosses a line and who is in a zone, and draws all that onto the frames of a recording.
//!
//! `cargo run --release -p backpack-examples --bin zones -- --input yard.avi --fast --output yard.mp4` works through a file. Coordinates are parts of the picture: `0, 0` is its
//! top left corner and `1, 1` the bottom right one. Where somebody stands is where the box around them ends below.

// What moves, and who it is: stand-ins for your model and your tracker.
#[path = "hike/motion.rs"]
mod motion;
#[path = "hike/tracks.rs"]
mod tracks;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use backpack::annotate::{Annotation, BoundingBox, Color, Driver, FrameDriver, Label, Path, Stroke};
use backpack::camera::{Camera, Pace};
use backpack::config::{Description, Parameters, Sources};
use backpack::core::{Frame, Line, LineCounter, PixelFormat, PolyLine, Side, ZoneCounter, ZoneEvent};
use backpack::skyline::{Encoder, Recording, SkyLine};
use clap::Command;

use crate::motion::MotionDetector;
use crate::tracks::Tracker;

#[derive(Debug, Parameters)]
#[param(crate = "backpack::config")]
struct Options {
    /// What to look at: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern.
    #[param(default = "test")]
    input: String,

    /// Work through a file as fast as possible instead of in real time; no frame is dropped.
    #[param(default)]
    fast: bool,

    /// The recording (.mkv, .mp4 or .ts). What is there already is not overwritten.
    #[param(default = PathBuf::from("zones.mp4"), value_name = "FILE")]
    output: PathBuf,

    /// The line, as X1,Y1,X2,Y2. Left and right are those of somebody who walks it from X1,Y1 on.
    #[param(default = Line::new((0.38, 0.66), (0.42, 0.30)).expect("these are finite and apart"))]
    line: Line,

    /// The corners of the zone, as `[[X,Y], …]`.
    #[param(default = PolyLine::closed([(0.5, 0.3), (0.95, 0.3), (0.95, 0.95), (0.5, 0.95)]).expect("these are finite and enough"))]
    zone: PolyLine,
}

/// A crossing counts once somebody is so far beyond, in parts of the picture, as boxes tremble.
const MARGIN: f64 = 0.015;

/// How long a file may be held up by the encoder.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> Result<()> {
    let command = Command::new("zones").about("Counts who crosses a line and who is in a zone.");
    let matches = command.args(Description::of::<Options>().arguments()).get_matches();
    let options = Sources::new().arguments(&matches).read::<Options>()?;

    let pace = if options.fast { Pace::Fastest } else { Pace::RealTime };
    let mut camera = Camera::builder(options.input.as_str()).format(PixelFormat::I420).pace(pace).open()?;
    let stop = camera.stop_handle();
    ctrlc::set_handler(move || stop.stop()).context("Ctrl-C cannot be handled")?;
    let mut sky =
        SkyLine::builder().encoder(Encoder::h264()).output(Recording::new(&options.output)).start()?;

    let mut zones = Zones::new(&options)?;
    let watched = zones.watch(&mut camera, &mut sky, options.fast);
    // Whatever ended the loop, the recording is finalised.
    sky.stop()?;
    let [left, right] = [Side::Left, Side::Right].map(|side| zones.line.count(side));
    println!("line   {left} to the left, {right} to the right");
    println!("zone   {} entered, {} left", zones.zone.entered(), zones.zone.exited());
    watched?;
    Ok(camera.close()?)
}

struct Zones {
    detector: MotionDetector,
    tracker: Tracker,
    line: LineCounter,
    zone: ZoneCounter,
}

impl Zones {
    fn new(options: &Options) -> Result<Self> {
        Ok(Self {
            detector: MotionDetector::default(),
            tracker: Tracker::default(),
            line: LineCounter::new(options.line).with_margin(MARGIN)?,
            zone: ZoneCounter::new(options.zone.clone())?.with_margin(MARGIN)?,
        })
    }

    fn watch(&mut self, camera: &mut Camera, sky: &mut SkyLine, fast: bool) -> Result<()> {
        let mut driver = FrameDriver::new();
        while let Some(mut frame) = camera.next_frame()? {
            self.count(&frame)?;
            driver.render(&self.scene(), &mut frame.view_mut())?;
            if fast {
                sky.put_within(frame, PATIENCE)?
            } else {
                sky.put(frame)?
            };
        }
        Ok(())
    }

    /// Tells both counters where everybody stands now, and says what came of it.
    fn count(&mut self, frame: &Frame) -> Result<()> {
        let motion = self.detector.detect(frame.view().plane(0));
        if motion.cut {
            self.tracker.forget();
        }
        self.tracker.update(&motion.rects);
        let places = || self.tracker.visible().map(|track| (track.id, track.rect.base()));
        let time = frame.timestamp().unwrap_or_default().elapsed().as_secs_f64();
        for crossing in self.line.update(places())? {
            println!("{time:6.1} s  #{} crosses the line to the {:?}", crossing.id, crossing.side);
        }
        for event in self.zone.update(places())? {
            match event {
                ZoneEvent::Entered(id) => println!("{time:6.1} s  #{id} enters the zone"),
                ZoneEvent::Exited(id) => println!("{time:6.1} s  #{id} leaves the zone"),
            }
        }
        Ok(())
    }

    fn scene(&self) -> Vec<Annotation> {
        let line = self.line.line();
        let zone =
            Path::new(self.zone.zone().clone()).color(Color::ORANGE).fill(Color::ORANGE.with_alpha(50));
        let mut scene: Vec<Annotation> =
            vec![zone.into(), Stroke::new(line.start(), line.end()).color(Color::YELLOW).into()];
        scene.extend(self.tracker.visible().map(|track| {
            let is_in = self.zone.occupants().any(|id| id == track.id);
            let color = if is_in { Color::ORANGE } else { Color::WHITE };
            BoundingBox::new(track.rect).top_label(format!("#{}", track.id)).color(color).into()
        }));
        let text = format!(
            "{} in the zone\n{} to the left, {} to the right",
            self.zone.occupancy(),
            self.line.count(Side::Left),
            self.line.count(Side::Right),
        );
        scene.push(Label::new((0.02, 0.02), text).background(Color::BLACK.with_alpha(160)).into());
        scene
    }
}
