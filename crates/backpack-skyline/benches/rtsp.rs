//! How long a late viewer waits for the first clean picture of an RTSP stream.
//!
//! Prints the wanted figures as one line of JSON, in nanoseconds: `cargo bench --features rtsp --bench rtsp -- first_picture_udp`. The viewer is
//! `gst-launch-1.0`, less the time that it takes to load its decoder and to show a picture from a file, as the peer's is.
#![allow(missing_docs)]

use std::env;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use backpack_core::{Frame, PixelFormat};
use backpack_skyline::{Encoder, FrameRate, SkyLine, rtsp};

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;

/// The distance of frames in real time.
const PACE: Duration = Duration::from_nanos(1_000_000_000 / 30);

const JOINS: u64 = 8;

/// Added to the pause before each join, in milliseconds, so that joins do not fall into step with the key frames.
const PHASE: u64 = 370;

/// Shows a picture. Several threads would hold each back until the next ones are there.
const SHOW: &str =
    "rtph264depay ! avdec_h264 max-threads=1 output-corrupt=false ! fakesink sync=false num-buffers=1";

fn main() {
    // Cargo adds a flag of its own.
    let names = env::args().skip(1).filter(|name| !name.starts_with('-'));
    let server = rtsp::Server::bind("127.0.0.1:0").expect("a port is free");
    let stream = Stream::start(&server);
    let figures: Vec<String> = names.map(|name| format!("\"{name}\": {}", measure(&name, &server))).collect();
    println!("{{{}}}", figures.join(", "));
    stream.stop();
}

fn measure(name: &str, server: &rtsp::Server) -> f64 {
    let transport = name.strip_prefix("first_picture_").expect("the name of a figure");
    let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/picture.h264");
    play(&format!(
        "videotestsrc num-buffers=2 ! video/x-raw,width={WIDTH},height={HEIGHT} ! x264enc tune=zerolatency ! \
         h264parse ! video/x-h264,stream-format=byte-stream ! filesink location={path}"
    ))
    .expect("the file is written");
    let local = format!("filesrc location={path} ! h264parse ! rtph264pay ! {SHOW}");
    let loaded = median((0..3).map(|_| play(&local).expect("the file is played")).collect());
    let viewer =
        format!("rtspsrc location={} latency=0 protocols={transport} ! {SHOW}", server.url("/stream"));
    let joins = (1..=JOINS).filter_map(|join| {
        thread::sleep(Duration::from_millis(PHASE * join % 1600));
        play(&viewer)
    });
    let joins: Vec<_> = joins.collect();
    assert!(joins.len() > JOINS as usize / 2, "only {} of {JOINS} viewers saw a picture", joins.len());
    median(joins) - loaded
}

/// Nanoseconds from the start of a pipeline's process to its end; nothing if it fails, as players of GStreamer do now and then when they leave.
fn play(pipeline: &str) -> Option<f64> {
    let start = Instant::now();
    let status = Command::new("gst-launch-1.0")
        .arg("-q")
        .args(pipeline.split(' '))
        .stdout(Stdio::null())
        .status()
        .expect("GStreamer's tools are installed");
    let nanos = start.elapsed().as_nanos() as f64;
    if !status.success() {
        eprintln!("it failed: {pipeline}");
    }
    status.success().then_some(nanos)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Frames at the pace of a camera, from a thread of their own.
struct Stream {
    is_over: Arc<AtomicBool>,
    thread: thread::JoinHandle<()>,
}

impl Stream {
    fn start(server: &rtsp::Server) -> Self {
        let mut sky = SkyLine::builder()
            .encoder(Encoder::h264())
            .output(server.mount("/stream").expect("a free path"))
            .size(WIDTH, HEIGHT)
            .frame_rate(FrameRate::new(30, 1).expect("a rate"))
            .start()
            .expect("the stream starts");
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let thread = thread::spawn(move || {
            let frames: Vec<Frame> = (0..8).map(|index| moving(4 * index)).collect();
            let begun = Instant::now();
            for (turn, frame) in (0..).zip(frames.iter().cycle()) {
                if ends.load(Ordering::Relaxed) {
                    break;
                }
                thread::sleep((begun + PACE * turn).saturating_duration_since(Instant::now()));
                sky.put(frame).expect("the stream goes on");
            }
            sky.stop().expect("the server is still there");
        });
        Self { is_over, thread }
    }

    fn stop(self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.thread.join().expect("the stream ended well");
    }
}

/// The peer's picture: a wave of colours.
fn moving(left: u32) -> Frame {
    let mut frame = Frame::black(WIDTH, HEIGHT, PixelFormat::Bgr8).expect("a frame");
    for (y, row) in frame.view_mut().plane_mut(0).rows_mut().enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            let (x, y) = (x as u32 + left, y as u32);
            pixel.copy_from_slice(&[x + 3 * y, 2 * x + y, 3 * x + 2 * y].map(|level| level as u8));
        }
    }
    frame
}
