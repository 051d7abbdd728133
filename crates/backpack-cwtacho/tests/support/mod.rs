//! What several tests of this crate need.
#![allow(dead_code, clippy::unwrap_used)]

pub mod fake;
pub mod log;
pub mod moto;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use backpack_cwtacho::{Builder, CloudWatch, Credentials};
use backpack_timepiece::{Clock, ManualClock, Reporter, Tachometer};

/// Far more than anything here takes, also on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(60);

pub const SECRET: &str = "wJalrXUtnFEMIK7MDENG";
pub const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE";

/// Sends to `url`, as soon as something is reported and again soon after it failed.
pub fn builder(url: &str) -> Builder {
    CloudWatch::builder("Yard")
        .region("eu-west-1")
        .endpoint_url(url)
        .credentials(Credentials::new("AKIDEXAMPLE", SECRET).session_token(TOKEN))
        .send_interval(Duration::ZERO)
        .retry(Duration::from_millis(20), Duration::from_millis(100))
}

/// Waits for a condition.
pub fn wait_until(what: &str, mut is_met: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_met() {
        assert!(start.elapsed() < DEADLINE, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A tachometer whose windows are reported one by one, by a clock that follows the wall and is moved by hand.
pub struct Windows {
    tachometer: Tachometer,
    time: ManualClock,
}

impl Windows {
    pub fn new(reporter: impl Reporter + Send + 'static) -> Self {
        let (clock, time) = Clock::manual();
        time.set_wall(std::time::SystemTime::now());
        let mut tachometer = Tachometer::with_clock(Duration::from_secs(3600), reporter, clock);
        tachometer.tick();
        Self { tachometer, time }
    }

    /// Reports a window with one interval.
    pub fn report(&mut self, interval: Duration) {
        self.time.advance(interval);
        self.tachometer.tick();
        self.tachometer.flush();
    }
}

/// A directory of its own for a test, removed behind it.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cwtacho").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// The files of the backlog.
    pub fn files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = entries.filter(|path| path.extension().is_some()).collect();
        files.sort();
        files
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
