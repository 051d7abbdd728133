//! Encoding and recording with GStreamer: what is in the file is what was put in.
#![cfg(feature = "gstreamer")]
#![allow(clippy::unwrap_used)]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use backpack_core::{Frame, PixelFormat, Timestamp};
use backpack_skyline::{Encoder, Recording, SkyLine};
use common::{PATIENCE, fps};

/// A fresh folder for this test.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// Runs a tool that must succeed and be silent about errors, and returns what it printed.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{program} {arguments:?}");
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// Codec, pixel format, width, height and the number of frames that can be decoded.
fn probe(path: &Path) -> String {
    let entries = "stream=codec_name,pix_fmt,width,height,nb_read_frames";
    let path = path.to_str().unwrap();
    let text =
        run("ffprobe", &["-v", "error", "-count_frames", "-show_entries", entries, "-of", "csv=p=0", path]);
    // A transport stream is listed twice: alone and within its program.
    text.lines().next().unwrap_or_default().trim_end_matches(',').to_owned()
}

/// The presentation times of all pictures, in milliseconds.
fn times(path: &Path) -> Vec<u64> {
    let path = path.to_str().unwrap();
    let text = run("ffprobe", &["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path]);
    // Side data of a picture is printed as an empty line.
    let lines = text.lines().filter(|line| !line.is_empty());
    let seconds = lines.map(|line| line.trim_end_matches(',').parse::<f64>().unwrap());
    seconds.map(|seconds| (seconds * 1000.0).round() as u64).collect()
}

/// The luma of all pictures as they are decoded.
fn decoded_luma(path: &Path, width: usize, height: usize) -> Vec<Vec<u8>> {
    let arguments = [
        "-v",
        "error",
        "-i",
        path.to_str().unwrap(),
        "-fps_mode",
        "passthrough",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "gray",
        "-",
    ];
    // Grey of ffmpeg is luma stretched to all 256 values.
    let output = Command::new("ffmpeg").args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    output.stdout.chunks(width * height).map(<[u8]>::to_vec).collect()
}

/// A grey picture with a gradient that moves with the frame number, in any format.
fn moving(format: PixelFormat, width: u32, height: u32, number: u32) -> Frame {
    let mut frame = Frame::black(width, height, format).unwrap();
    let level = |x: usize, y: usize| ((x + y * 2 + number as usize * 3) % 256) as u8;
    let mut view = frame.view_mut();
    let plane = view.plane_mut(0);
    for y in 0..height as usize {
        let row = plane.row_mut(y);
        let bytes = row.len() / width as usize;
        for x in 0..width as usize {
            let value = level(x, y);
            let value = if format.is_yuv() { (16 + u32::from(value) * 219 / 255) as u8 } else { value };
            row[x * bytes..][..bytes.min(3)].fill(value);
        }
    }
    frame
}

fn psnr(a: &[u8], b: &[u8], skip: impl Fn(usize) -> bool) -> f64 {
    let pairs = a.iter().zip(b).enumerate().filter(|(at, _)| !skip(*at));
    common::psnr(pairs.map(|(_, (&a, &b))| (f64::from(a), f64::from(b))))
}

fn encode(encoder: Encoder, path: &Path, frames: impl Iterator<Item = Frame>) {
    let mut frames = frames.peekable();
    let first = frames.peek().unwrap();
    let mut sky = SkyLine::builder()
        .encoder(encoder)
        .output(Recording::new(path))
        .size(first.width(), first.height())
        .frame_rate(fps(25))
        .start()
        .unwrap();
    for (number, frame) in frames.enumerate() {
        let frame = match frame.timestamp() {
            Some(_) => frame,
            None => frame.with_timestamp(Timestamp::from_millis(number as u64 * 40)),
        };
        assert_eq!(sky.put_within(frame, PATIENCE).unwrap(), backpack_skyline::Put::Queued);
    }
    sky.stop().unwrap();
}

#[test]
fn every_container_holds_every_frame() {
    let folder = folder("every_container");
    for name in ["a.mkv", "a.mp4", "a.ts"] {
        let path = folder.join(name);
        encode(Encoder::h264(), &path, (0..50).map(|n| moving(PixelFormat::I420, 320, 240, n)));
        assert_eq!(probe(&path), "h264,320,240,yuv420p,50", "{name}");
        let times = times(&path);
        assert_eq!(times[49] - times[0], 49 * 40, "{name}");
    }
}

#[test]
fn every_format_and_every_software_encoder_shows_the_picture_that_was_put_in() {
    let folder = folder("every_format");
    for encoder in ["x264enc", "openh264enc"] {
        for &format in PixelFormat::ALL {
            let path = folder.join(format!("{encoder}-{format}.mkv"));
            let wanted = Encoder::h264().only(encoder).bitrate_kbps(6000);
            encode(wanted, &path, (0..10).map(|n| moving(format, 322, 242, n)));
            assert_eq!(probe(&path), "h264,322,242,yuv420p,10");
            let source = moving(PixelFormat::Gray8, 322, 242, 9);
            let picture = &decoded_luma(&path, 322, 242)[9];
            // The wrap-around of the gradient is an edge that every encoder softens.
            let edges = |at: usize| source.bytes()[at] < 12 || source.bytes()[at] > 243;
            let quality = psnr(source.bytes(), picture, edges);
            assert!(quality > 35.0, "{encoder} {format}: {quality:.1} dB");
        }
    }
}

#[test]
fn of_odd_sides_the_last_row_and_column_are_left_out() {
    let folder = folder("odd");
    for &format in PixelFormat::ALL {
        let path = folder.join(format!("{format}.mkv"));
        encode(Encoder::h264(), &path, (0..3).map(|n| moving(format, 65, 47, n)));
        assert_eq!(probe(&path), "h264,64,46,yuv420p,3", "{format}");
    }
}

#[test]
fn frames_keep_their_times_whatever_the_nominal_rate() {
    let path = folder("times").join("a.mkv");
    let times_in: Vec<u64> = (0..30).map(|n| n * 103 + (n % 3) * 7).collect();
    let frames = times_in.iter().enumerate().map(|(n, &time)| {
        moving(PixelFormat::Rgb8, 64, 48, n as u32).with_timestamp(Timestamp::from_millis(time))
    });
    encode(Encoder::h264(), &path, frames);
    assert_eq!(times(&path), times_in);
}

#[test]
fn key_frames_come_at_the_interval_that_was_asked_for() {
    let path = folder("key_frames").join("a.mkv");
    let encoder = Encoder::h264().key_frame_interval(Duration::from_secs(1));
    encode(encoder, &path, (0..60).map(|n| moving(PixelFormat::I420, 64, 48, n)));
    let path = path.to_str().unwrap();
    let frames = run("ffprobe", &["-v", "error", "-show_entries", "frame=pict_type", "-of", "csv=p=0", path]);
    let keys: Vec<usize> = frames
        .lines()
        .filter(|line| !line.is_empty())
        .enumerate()
        .filter(|(_, line)| line.starts_with('I'))
        .map(|(at, _)| at)
        .collect();
    assert!(keys.windows(2).all(|pair| pair[1] - pair[0] <= 25) && keys.len() >= 3, "{keys:?}");
}

#[test]
fn a_recording_that_is_started_again_begins_a_new_file() {
    let folder = folder("again");
    let path = folder.join("yard.mp4");
    let mut sky = SkyLine::builder()
        .encoder(Encoder::h264())
        .output(Recording::new(&path))
        .size(64, 48)
        .frame_rate(fps(25))
        .start()
        .unwrap();
    for round in 1..=2 {
        for n in 0..5 {
            let frame = moving(PixelFormat::I420, 64, 48, n)
                .with_timestamp(Timestamp::from_millis(u64::from(n) * 40));
            sky.put_within(frame, PATIENCE).unwrap();
        }
        sky.stop().unwrap();
        if round == 1 {
            sky.start_again().unwrap();
        }
    }
    assert_eq!(probe(&path), "h264,64,48,yuv420p,5");
    assert_eq!(probe(&folder.join("yard-2.mp4")), "h264,64,48,yuv420p,5");
}

#[test]
fn a_path_that_cannot_be_written_or_has_no_known_extension_is_an_error_of_the_start() {
    let start = |path: PathBuf| {
        let error =
            SkyLine::builder().encoder(Encoder::h264()).output(Recording::new(path)).start().err().unwrap();
        format!("{error}: {}", std::error::Error::source(&error).unwrap())
    };
    let missing = folder("unwritable").join("no-such-folder/a.mkv");
    assert!(
        start(missing.clone()).ends_with("a.mkv cannot be written: No such file or directory (os error 2)"),
        "{}",
        start(missing)
    );
    assert!(start(PathBuf::from("a.avi")).ends_with("a.avi: the extension must be mkv, mp4 or ts"));
}

#[test]
fn an_encoder_that_is_not_there_is_named_with_the_reason() {
    let start = |only: &str| {
        let encoder = Encoder::h264().only(only);
        SkyLine::builder()
            .encoder(encoder)
            .size(64, 48)
            .frame_rate(fps(25))
            .start()
            .err()
            .unwrap()
            .to_string()
    };
    assert_eq!(
        start("avenc_h264_omx"),
        "no H.264 encoder works here (avenc_h264_omx: is not one of the encoders known here)"
    );
    assert_eq!(start("nvv4l2h264enc"), "no H.264 encoder works here (nvv4l2h264enc: is not installed)");
}

#[test]
fn a_full_disk_fails_the_recording_with_its_reason() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let mut sky = SkyLine::builder()
        .encoder(Encoder::h264())
        .output(Recording::new("/dev/full").container(backpack_skyline::Container::MpegTs))
        .size(640, 480)
        .frame_rate(fps(25))
        .start()
        .unwrap();
    for n in 0..60 {
        let frame =
            moving(PixelFormat::I420, 640, 480, n).with_timestamp(Timestamp::from_millis(u64::from(n) * 40));
        sky.put_within(frame, PATIENCE).unwrap();
    }
    let problem = sky.stop().unwrap_err().to_string();
    assert!(problem.contains("/dev/full") && problem.contains("No space left"), "{problem}");
}
