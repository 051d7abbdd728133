//! A stream of numbered frames in real time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::{Frame, Timestamp};
use backpack_skyline::{Encoder, Output, SkyLine, Stats, StopError};

use super::{barcode, fps};

pub const RATE: u32 = 30;
pub const WIDTH: u32 = 640;
pub const HEIGHT: u32 = 360;

/// Puts numbered frames into a stream until it is dropped or stopped. Like a camera that misses pictures, it leaves some out.
pub struct NumberedStream {
    put_at: Arc<Mutex<HashMap<u16, f64>>>,
    stop: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<(Stats, Result<(), StopError>)>>,
}

impl NumberedStream {
    pub fn start(outputs: Vec<Box<dyn Output>>) -> Self {
        Self::start_with(Encoder::h264(), outputs)
    }

    pub fn start_with(encoder: Encoder, outputs: Vec<Box<dyn Output>>) -> Self {
        Self::start_showing(|number| barcode::frame(number, WIDTH, HEIGHT), encoder, outputs)
    }

    /// A stream of many bytes, because below the numbers there is noise.
    pub fn start_noisy(outputs: Vec<Box<dyn Output>>) -> Self {
        Self::start_showing(noisy, Encoder::h264(), outputs)
    }

    fn start_showing(picture: fn(u16) -> Frame, encoder: Encoder, outputs: Vec<Box<dyn Output>>) -> Self {
        let mut sky = SkyLine::builder().encoder(encoder).size(WIDTH, HEIGHT).frame_rate(fps(RATE));
        for output in outputs {
            sky = sky.output(output);
        }
        let mut sky = sky.start().expect("the stream starts");
        let put_at = Arc::new(Mutex::new(HashMap::new()));
        let stop = Arc::new(AtomicBool::new(false));
        let (log, stopped) = (Arc::clone(&put_at), Arc::clone(&stop));
        let thread = thread::spawn(move || {
            let begun = Instant::now();
            for number in 0u16.. {
                let due = Duration::from_secs(1) * u32::from(number) / RATE;
                thread::sleep((begun + due).saturating_duration_since(Instant::now()));
                if stopped.load(Ordering::Acquire) {
                    break;
                }
                if !is_put(number) {
                    continue;
                }
                let frame = picture(number).with_timestamp(Timestamp::from(due));
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
                log.lock().expect("no panic").insert(number, now.as_secs_f64() * 1000.0);
                sky.put(frame).expect("the stream goes on");
            }
            let ended = sky.stop();
            (sky.stats(), ended)
        });
        Self { put_at, stop, thread: Some(thread) }
    }

    /// When each frame was put so far, in milliseconds since the Unix epoch.
    pub fn put_at(&self) -> HashMap<u16, f64> {
        self.put_at.lock().expect("no panic").clone()
    }

    /// Ends the stream and returns its last counters.
    pub fn stop(mut self) -> Stats {
        let (stats, ended) = self.end().expect("it runs");
        ended.expect("the stream ends in order");
        stats
    }

    /// Ends the stream and returns its last counters and what went wrong.
    pub fn stop_failing(mut self) -> (Stats, StopError) {
        let (stats, ended) = self.end().expect("it runs");
        (stats, ended.expect_err("an output has failed"))
    }

    fn end(&mut self) -> Option<(Stats, Result<(), StopError>)> {
        self.stop.store(true, Ordering::Release);
        let ended = self.thread.take()?.join();
        // A test that has failed already says more than this thread.
        if thread::panicking() { None } else { Some(ended.expect("no panic")) }
    }
}

impl Drop for NumberedStream {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether a frame of this number is put at all.
pub fn is_put(number: u16) -> bool {
    number % 10 != 9 && number % 50 <= 44
}

fn noisy(number: u16) -> Frame {
    let mut frame = barcode::frame(number, WIDTH, HEIGHT);
    let mut random = u32::from(number);
    for row in frame.view_mut().plane_mut(0).rows_mut().skip(barcode::HEIGHT) {
        for pixel in row {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *pixel = 64 + (random >> 25) as u8;
        }
    }
    frame
}
