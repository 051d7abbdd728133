//! Encoders and outputs that do what a test tells them.
#![allow(dead_code)]

pub mod barcode;
#[cfg(all(feature = "gstreamer", feature = "web"))]
pub mod browser;
#[cfg(feature = "gstreamer")]
pub mod decode;
#[cfg(feature = "gstreamer")]
pub mod h265;
#[cfg(feature = "gstreamer")]
pub mod numbered;
#[cfg(feature = "gstreamer")]
pub mod player;
#[cfg(feature = "rtsp")]
pub mod rtsp;
pub mod servers;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use backpack_core::{Frame, PixelFormat, Timestamp};
use backpack_skyline::{
    AccessUnit, Codec, EncoderError, EncoderFactory, FrameRate, Output, OutputError, QueueLimit, StreamInfo,
    UnitSink, VideoEncoder, VideoSpec,
};

pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `condition` holds.
pub fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn fps(rate: u32) -> FrameRate {
    FrameRate::new(rate, 1).expect("a rate")
}

/// A small grey frame at this time.
pub fn frame_at(millis: u64) -> Frame {
    Frame::black(32, 16, PixelFormat::Gray8).expect("a frame").with_timestamp(Timestamp::from_millis(millis))
}

/// An encoder whose units hold one byte of the frame; every tenth and every requested frame is a key frame.
#[derive(Clone, Default)]
pub struct FakeEncoder {
    pub opened: Arc<Mutex<Vec<VideoSpec>>>,
    /// While this is set, `encode` blocks.
    pub stalled: Arc<AtomicBool>,
    /// How many frames came to the encoder.
    pub entered: Arc<AtomicUsize>,
    /// Fails at this frame, counted from 1.
    pub fails_at: Option<usize>,
    pub refuses: bool,
    /// Panics at this frame, counted from 1.
    pub panics_at: Option<usize>,
}

struct OpenFake {
    fake: FakeEncoder,
    sink: UnitSink,
    frames: usize,
}

impl EncoderFactory for FakeEncoder {
    fn open(&self, video: &VideoSpec, sink: UnitSink) -> Result<Box<dyn VideoEncoder>, EncoderError> {
        if self.refuses {
            return Err(EncoderError::NoneWorks { codec: Codec::H264, tried: "fake: refuses".into() });
        }
        self.opened.lock().expect("no panic").push(*video);
        Ok(Box::new(OpenFake { fake: self.clone(), sink, frames: 0 }))
    }
}

impl VideoEncoder for OpenFake {
    fn name(&self) -> &str {
        "fake"
    }

    fn encode(&mut self, frame: Frame, keyframe: bool) -> Result<(), EncoderError> {
        self.fake.entered.fetch_add(1, Ordering::Release);
        wait_until("the encoder to go on", || !self.fake.stalled.load(Ordering::Acquire));
        assert_ne!(self.fake.panics_at, Some(self.frames + 1), "a panic on purpose");
        if self.fake.fails_at == Some(self.frames + 1) {
            return Err(EncoderError::Failed { encoder: "fake".into(), reason: "out of luck".into() });
        }
        let pts = frame.timestamp().expect("SkyLine gives every frame a timestamp");
        self.sink.send(AccessUnit::new(
            frame.bytes()[..1].to_vec(),
            pts,
            keyframe || self.frames.is_multiple_of(10),
        ));
        self.frames += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), EncoderError> {
        Ok(())
    }
}

/// An output that says what happens to it and fails when told.
pub struct Scripted {
    name: &'static str,
    events: mpsc::Sender<String>,
    /// While this is set, `write` blocks.
    pub stalled: Arc<AtomicBool>,
    /// The next so many writes fail.
    pub failures: Arc<AtomicUsize>,
    /// The next so many attempts to open it fail.
    pub refusals: Arc<AtomicUsize>,
    pub limit: QueueLimit,
    pub refuses: bool,
}

impl Scripted {
    pub fn new(name: &'static str) -> (Self, mpsc::Receiver<String>) {
        let (events, received) = mpsc::channel();
        let stalled = Arc::default();
        let (failures, refusals) = (Arc::default(), Arc::default());
        (
            Self { name, events, stalled, failures, refusals, limit: QueueLimit::default(), refuses: false },
            received,
        )
    }

    fn say(&self, event: String) {
        // A test that has seen enough does not listen any more.
        let _ = self.events.send(event);
    }
}

impl Output for Scripted {
    fn name(&self) -> String {
        self.name.into()
    }

    fn prepare(&mut self) -> Result<(), OutputError> {
        if self.refuses { Err(OutputError::new("the disk is read-only")) } else { Ok(()) }
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        if one_less(&self.refusals) {
            return Err(OutputError::new("the network is down"));
        }
        self.say(format!("open {}×{}", stream.width, stream.height));
        Ok(())
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        wait_until("the output to go on", || !self.stalled.load(Ordering::Acquire));
        let fails =
            self.failures.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1));
        if fails.is_ok() {
            self.say("fail".into());
            return Err(OutputError::new("the cable was pulled"));
        }
        let kind = if unit.keyframe { "key" } else { "unit" };
        self.say(format!("{kind} {}", unit.pts.elapsed().as_millis()));
        Ok(())
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.say("close".into());
        Ok(())
    }

    fn queue_limit(&self) -> QueueLimit {
        self.limit
    }
}

/// Counts down to zero; whether it was above.
fn one_less(count: &AtomicUsize) -> bool {
    count.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
}

/// A unit in the shape of H.264 that no decoder would take: parameter sets before key frames, and a slice of this size.
pub fn slice(millis: u64, keyframe: bool, size: usize) -> AccessUnit {
    let mut data = Vec::new();
    if keyframe {
        data.extend_from_slice(&[
            0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80,
        ]);
    }
    data.extend_from_slice(&[0, 0, 1, if keyframe { 0x65 } else { 0x41 }]);
    data.extend(std::iter::repeat_n(0x55, size));
    AccessUnit::new(data, Timestamp::from_millis(millis), keyframe)
}

/// The signal-to-noise ratio of pairs of levels from 0 to 255, in decibels.
pub fn psnr(pairs: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let (mut error, mut count) = (0.0, 0.0);
    for (a, b) in pairs {
        error += (a - b).powi(2);
        count += 1.0;
    }
    10.0 * (255.0_f64.powi(2) / (error / count).max(1e-9)).log10()
}
