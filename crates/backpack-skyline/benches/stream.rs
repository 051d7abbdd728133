//! A stream as a whole: what it costs in processor time and memory, and how long `put` takes.
//!
//! Prints the wanted figures as one line of JSON, in nanoseconds and bytes: `cargo bench --features gstreamer --bench stream -- cpu_per_frame`. Each
//! is measured in a process of its own, so that none sees the memory of another.
#![allow(missing_docs)]

use std::hint::black_box;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use backpack_core::{Frame, PixelFormat};
use backpack_skyline::{
    AccessUnit, Encoder, FrameInput, FrameRate, Output, OutputError, Put, Recording, SkyLine, StreamInfo,
};

const WIDTH: u32 = 1920;
const HEIGHT: u32 = 1080;
const FRAMES: usize = 300;

/// The distance of frames in real time.
const PACE: Duration = Duration::from_nanos(1_000_000_000 / 30);

/// The ticks of a second in which Linux counts processor time.
const TICKS: f64 = 100.0;

fn main() {
    // Cargo adds a flag of its own.
    let names: Vec<String> = env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    match names.first().map(String::as_str) {
        Some("measure") => println!("{}", measure(&names[1])),
        _ => println!("{{{}}}", names.iter().map(|name| in_own_process(name)).collect::<Vec<_>>().join(", ")),
    }
}

fn in_own_process(name: &str) -> String {
    let program = env::current_exe().expect("this program has a path");
    let output = Command::new(program).args(["measure", name]).output().expect("this program runs again");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    format!("\"{name}\": {}", String::from_utf8_lossy(&output.stdout).trim())
}

fn measure(name: &str) -> f64 {
    match name {
        "cpu_per_frame" => encode_all().cpu / FRAMES as f64 * 1e9,
        "peak_memory" => encode_all().peak_memory,
        "put_owned" => percentile(50, put_at_pace(true, recording())),
        "put_owned_p99" => percentile(99, put_at_pace(true, recording())),
        "put_borrowed" => percentile(50, put_at_pace(false, recording())),
        "put_stalled" => percentile(100, put_at_pace(false, Stalled)),
        "memcpy" => percentile(50, copy_at_pace()),
        other => panic!("there is no figure {other}"),
    }
}

struct Costs {
    /// Seconds of processor time.
    cpu: f64,
    /// Bytes.
    peak_memory: f64,
}

/// Encodes frames that stay the caller's as fast as possible, from the start of the stream to the end of the recording.
fn encode_all() -> Costs {
    let frames = frames();
    let mut sky = stream(recording());
    let before = cpu_seconds();
    for index in 0..FRAMES {
        let time = Duration::from_secs(index as u64) / 30;
        let frame = frames[turn(index)].view().with_timestamp(backpack_core::Timestamp::from(time));
        assert_eq!(sky.put_within(frame, Duration::from_secs(60)), Ok(Put::Queued));
    }
    sky.stop().expect("the recording is whole");
    Costs { cpu: cpu_seconds() - before, peak_memory: peak_memory() }
}

/// How long each put took, in nanoseconds, at the pace of a camera.
fn put_at_pace(owned: bool, output: impl Output + 'static) -> Vec<f64> {
    let frames = frames();
    let mut sky = stream(output);
    let begun = Instant::now();
    let mut times = Vec::new();
    for index in 0..FRAMES / 2 {
        let frame = &frames[turn(index)];
        let input = if owned { FrameInput::from(frame.clone()) } else { FrameInput::from(frame) };
        thread::sleep((begun + PACE * index as u32).saturating_duration_since(Instant::now()));
        let start = Instant::now();
        sky.put(input).expect("the stream goes on");
        times.push(start.elapsed().as_nanos() as f64);
    }
    // An output that stalls is given up, which is an error.
    let _ = sky.stop();
    times
}

fn stream(output: impl Output + 'static) -> SkyLine {
    // As the original's pipeline is told.
    let encoder = Encoder::h264()
        .only("x264enc")
        .property("x264enc", "speed-preset", "ultrafast")
        .bitrate_kbps(500)
        .key_frame_interval(Duration::from_millis(1500));
    SkyLine::builder()
        .encoder(encoder)
        .output(output)
        .size(WIDTH, HEIGHT)
        .frame_rate(FrameRate::new(30, 1).expect("a rate"))
        .patience(Duration::from_secs(2))
        .start()
        .expect("the stream starts")
}

fn recording() -> Recording {
    Recording::new(scratch("recording.mkv"))
}

/// A place for files that nobody needs afterwards.
fn scratch(name: &str) -> PathBuf {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-stream-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder.join(name)
}

/// An output that takes a second for every unit.
struct Stalled;

impl Output for Stalled {
    fn name(&self) -> String {
        "stalled".into()
    }

    fn open(&mut self, _: &StreamInfo) -> Result<(), OutputError> {
        Ok(())
    }

    fn write(&mut self, _: &AccessUnit) -> Result<(), OutputError> {
        thread::sleep(Duration::from_secs(1));
        Ok(())
    }

    fn close(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Eight views of a textured picture, in BGR; the peer makes the same.
fn frames() -> Vec<Frame> {
    (0..8).map(|view| panned(4 * view, 2 * view)).collect()
}

/// The view that is next in panning there and back.
fn turn(index: usize) -> usize {
    let at = index % 14;
    at.min(14 - at)
}

fn panned(left: u32, top: u32) -> Frame {
    let mut frame = Frame::black(WIDTH, HEIGHT, PixelFormat::Bgr8).expect("a frame");
    for (y, row) in frame.view_mut().plane_mut(0).rows_mut().enumerate() {
        for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
            for (channel, value) in pixel.iter_mut().enumerate() {
                *value = texture(x as u32 + left, y as u32 + top, channel as u32);
            }
        }
    }
    frame
}

/// Random levels eight pixels apart with smooth steps between them, and a little noise.
fn texture(x: u32, y: u32, channel: u32) -> u8 {
    let level = |x: u32, y: u32| hash(x * 3 + channel, y) & 255;
    let (column, row, right, below) = (x / 8, y / 8, x % 8, y % 8);
    let above = level(column, row) * (8 - right) + level(column + 1, row) * right;
    let under = level(column, row + 1) * (8 - right) + level(column + 1, row + 1) * right;
    let smooth = (above * (8 - below) + under * below) / 64;
    (smooth * 3 / 5 + hash(x * 3 + channel + 7, y + 7) % 12 + 20) as u8
}

fn hash(x: u32, y: u32) -> u32 {
    let mixed = (x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663)).wrapping_mul(2_654_435_769);
    mixed >> 16
}

/// How long it takes to copy each frame, in nanoseconds, at the pace of a camera: by then the caches hold other things.
fn copy_at_pace() -> Vec<f64> {
    let frames = frames();
    let mut target = vec![0_u8; frames[0].bytes().len()];
    let begun = Instant::now();
    let copy = |index: usize| {
        thread::sleep((begun + PACE * index as u32).saturating_duration_since(Instant::now()));
        let start = Instant::now();
        black_box(&mut target).copy_from_slice(black_box(frames[turn(index)].bytes()));
        start.elapsed().as_nanos() as f64
    };
    (0..FRAMES / 2).map(copy).collect()
}

fn percentile(percent: usize, mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(values.len() - 1) * percent / 100]
}

/// The processor time of this process so far, in all its threads.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells");
    // Behind the name, which may hold spaces; fields 14 and 15 are user and system time.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// The most memory that this process had so far, in bytes.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
}
