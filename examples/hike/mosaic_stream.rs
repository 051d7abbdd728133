use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use backpack::mosaic::{Mosaic, Source};
use backpack::skyline::{FrameRate, SkyLine, Stats};

use crate::streams::Streams;

const SIZE: (u32, u32) = (1280, 720);

/// Pictures a second.
const RATE: u32 = 25;

/// All cameras in one picture, composed on a thread of its own.
pub struct MosaicStream {
    /// Where the frames of each camera go, in the order of the names.
    pub sources: Vec<Source>,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Result<Stats>>,
}

impl MosaicStream {
    pub fn start(streams: &Streams<'_>, names: &[String]) -> Result<Self> {
        let mosaic = Mosaic::builder().size(SIZE.0, SIZE.1).sources(names).build()?;
        let sky = streams.start("mosaic", SIZE, FrameRate::new(RATE, 1))?;
        let stop = Arc::new(AtomicBool::new(false));
        let sources = mosaic.sources().cloned().collect();
        let stopped = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name("mosaic".into())
            .spawn(move || stream(mosaic, sky, &stopped))
            .context("a thread cannot be started")?;
        Ok(Self { sources, stop, thread })
    }

    /// Ends the stream and returns its last counters.
    pub fn stop(self) -> Result<Stats> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow!("the mosaic's thread panicked"))?
    }
}

fn stream(mut mosaic: Mosaic, mut sky: SkyLine, stop: &AtomicBool) -> Result<Stats> {
    let begun = Instant::now();
    for number in 1.. {
        sky.put(mosaic.compose())?;
        thread::sleep(
            (begun + Duration::from_secs(1) * number / RATE).saturating_duration_since(Instant::now()),
        );
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    sky.stop().context("the stream did not end well")?;
    Ok(sky.stats())
}
