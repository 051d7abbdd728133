use std::io::{IsTerminal, Write};
use std::time::Duration;

use backpack::camera;
use backpack::core::{Line, Side};
use backpack::skyline::{SkyLine, Stats, web::PageMonitor};
use backpack::timepiece::{Clock, Schedule, ScheduleError, StopWatch, Ticker};

use crate::scene::arrow;
use crate::tracks::Tracker;

/// A line on the terminal that is written over while the program runs.
pub struct StatusLine {
    clock: Clock,
    schedule: Schedule,
    written: bool,
    on_terminal: bool,
}

impl StatusLine {
    /// Twice a second on a terminal, and every ten seconds in a log.
    pub fn new() -> Result<Self, ScheduleError> {
        let on_terminal = std::io::stderr().is_terminal();
        let interval = if on_terminal { Duration::from_millis(500) } else { Duration::from_secs(10) };
        Ok(Self { clock: Clock::system(), schedule: Schedule::every(interval)?, written: false, on_terminal })
    }

    /// Shows `text` if it is time.
    pub fn show(&mut self, text: impl FnOnce() -> String) {
        if !self.schedule.tick(&self.clock) {
            return;
        }
        self.written = true;
        let mut stderr = std::io::stderr().lock();
        // A terminal that is gone is no reason to stop.
        let _ = if self.on_terminal {
            write!(stderr, "\r\x1b[2K{}", text()).and_then(|()| stderr.flush())
        } else {
            writeln!(stderr, "{}", text())
        };
    }

    /// Leaves the line for what is printed next.
    pub fn end(&mut self) {
        if self.on_terminal && self.written {
            eprintln!();
        }
    }
}

/// The state of things in one line.
pub fn status(
    ticker: &Ticker,
    frame: &StopWatch,
    camera: &camera::Stats,
    sky: &SkyLine,
    page: Option<&PageMonitor>,
) -> String {
    let stats = sky.stats();
    let mut text = format!(
        "{:5.1} fps   frame p95 {:5.1} ms   {} frames   {} dropped",
        ticker.summary().frequency().unwrap_or_default(),
        frame.summary().p95.as_secs_f64() * 1000.0,
        stats.frames,
        camera.dropped + dropped(&stats),
    );
    if let Some(page) = page {
        text += &format!("   {} watching", page.viewers());
    }
    text
}

/// Prints what happened, at the end.
pub fn summary(frame: &StopWatch, camera: &camera::Stats, stats: &Stats, tracker: &Tracker, line: &Line) {
    println!("{}", frame.snapshot());
    println!(
        "frames     {} taken, {} encoded by {}, {} dropped",
        stats.frames,
        stats.units,
        stats.encoder.as_deref().unwrap_or("nothing"),
        camera.dropped + stats.dropped.total(),
    );
    let [left, right] =
        [Side::Left, Side::Right].map(|side| format!("{} {}", arrow(line, side), tracker.crossed(side)));
    println!("crossings  {left}   {right}");
    for output in &stats.outputs {
        println!(
            "{}: {} frames, {} kB, {} dropped{}",
            output.name,
            output.units,
            output.bytes / 1000,
            output.dropped,
            output
                .last_error
                .as_ref()
                .map(|error| format!(", failed {} times: {error}", output.failures))
                .unwrap_or_default(),
        );
    }
}

fn dropped(stats: &Stats) -> u64 {
    stats.dropped.total() + stats.outputs.iter().map(|output| output.dropped).sum::<u64>()
}
