use std::io::{IsTerminal, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use backpack::core::Side;
use backpack::skyline::Stats;
use backpack::timepiece::{Clock, Schedule, ScheduleError};

use crate::options::Options;
use crate::progress::Progress;
use crate::scene::arrow;
use crate::walk::Walked;

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
pub fn status(walks: &[(&str, Arc<Mutex<Progress>>)]) -> String {
    let describe =
        |progress: &Mutex<Progress>| progress.lock().unwrap_or_else(|error| error.into_inner()).describe();
    match walks {
        [(_, only)] => describe(only),
        several => {
            let each =
                several.iter().map(|(name, progress)| format!("{name} {}", describe(progress).trim_start()));
            each.collect::<Vec<_>>().join("   |   ")
        }
    }
}

/// Prints what happened on one walk, at the end.
pub fn summary(walked: &Walked, options: &Options) {
    if options.input.len() > 1 {
        println!("\n{}", walked.name);
    }
    println!("{}", walked.watch.snapshot());
    let camera = &walked.camera;
    match &walked.stream {
        Some(stats) => println!(
            "frames     {} taken, {} encoded by {}, {} dropped",
            stats.frames,
            stats.units,
            stats.encoder.as_deref().unwrap_or("nothing"),
            camera.dropped + stats.dropped.total(),
        ),
        None => println!("frames     {} taken, {} dropped", camera.delivered, camera.dropped),
    }
    let [left, right] = [Side::Left, Side::Right]
        .map(|side| format!("{} {}", arrow(&options.line, side), walked.counter.count(side)));
    println!("crossings  {left}   {right}");
    if let Some(stats) = &walked.stream {
        outputs(stats);
    }
}

/// Prints what became of each output.
pub fn outputs(stats: &Stats) {
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
