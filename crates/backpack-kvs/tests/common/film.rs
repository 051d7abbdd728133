//! Numbered pictures that a real encoder made, and what a foreign decoder makes of them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use backpack_core::Timestamp;
use backpack_kvs_local::Playback;
use backpack_skyline::AccessUnit;
use matroska_demuxer::{Frame, MatroskaFile};

use super::barcode;

pub const WIDTH: u32 = 1280;
pub const HEIGHT: u32 = 720;
pub const PICTURES: u16 = 900;

/// A film as a container holds it.
pub struct Film {
    /// In the order of decoding; the NAL units stand behind their lengths.
    pub units: Vec<AccessUnit>,
    pub configuration: Vec<u8>,
}

/// 900 numbered pictures of 1280×720 at 30 a second, without pictures that refer to later ones.
pub fn plain() -> Film {
    read(&plain_file())
}

/// The same as a file.
pub fn plain_file() -> PathBuf {
    made("plain", PICTURES, WIDTH, HEIGHT, &["-c:v", "libx264", "-preset", "ultrafast", "-g", "60"])
}

/// 150 smaller ones in which two of three pictures are shown before one that is decoded earlier.
pub fn reordered() -> Film {
    let options = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-g",
        "30",
        "-bf",
        "2",
        "-x264-params",
        "b-adapt=0:scenecut=0",
    ];
    read(&made("reordered", 150, 320, 192, &options))
}

/// 150 of H.265, in open groups: pictures that follow a key frame are shown before it.
pub fn open_groups() -> Film {
    let options = [
        "-c:v",
        "libx265",
        "-preset",
        "ultrafast",
        "-x265-params",
        "log-level=none:open-gop=1:keyint=30:min-keyint=30:bframes=3:b-adapt=0:scenecut=0",
    ];
    read(&made("open-groups", 150, 320, 192, &options))
}

/// Made once for all tests of this build.
fn made(name: &str, pictures: u16, width: u32, height: u32, options: &[&str]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("kvs-film-{name}.mkv"));
    if !path.exists() {
        // Tests that make it at once do not meet in a file of the process's own.
        let beside =
            path.with_extension(format!("{}.{:?}.mkv", std::process::id(), std::thread::current().id()));
        encode(&beside, pictures, width, height, options);
        fs::rename(&beside, &path).expect("the target folder can be written");
    }
    path
}

fn encode(path: &Path, pictures: u16, width: u32, height: u32, options: &[&str]) {
    let size = format!("{width}x{height}");
    let mut encoder = Command::new("ffmpeg")
        .args([
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", &size, "-r", "30", "-i", "-",
        ])
        .args(options)
        .args(["-crf", "30"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed");
    let mut input = encoder.stdin.take().expect("it is piped");
    for number in 0..pictures {
        input.write_all(barcode::frame(number, width, height).bytes()).expect("ffmpeg reads everything");
    }
    drop(input);
    assert!(encoder.wait().expect("ffmpeg ends").success());
}

fn read(path: &Path) -> Film {
    let mut file =
        MatroskaFile::open(File::open(path).expect("it was made")).expect("ffmpeg writes Matroska");
    let configuration = file.tracks()[0].codec_private().expect("it has a configuration").to_vec();
    let (mut units, mut frame) = (Vec::new(), Frame::default());
    while file.next_frame(&mut frame).expect("it can be read") {
        let is_key = frame.is_keyframe.unwrap_or_default();
        units.push(AccessUnit::new(
            std::mem::take(&mut frame.data),
            Timestamp::from_millis(frame.timestamp),
            is_key,
        ));
    }
    Film { units, configuration }
}

/// The numbers that the stored pictures show, in the order in which they are shown; fails if the decoder complains.
pub fn shown(playback: &Playback, codec: &str, width: u32, height: u32) -> Vec<u16> {
    let mut stream = Vec::new();
    let mut before: Option<&[u8]> = None;
    for fragment in &playback.fragments {
        let private = &fragment.tracks[0].codec_private;
        if before.is_none_or(|before| before != &private[..]) {
            stream.extend(parameter_sets(codec, private));
            before = Some(private);
        }
        for frame in &fragment.frames {
            stream.extend(start_codes(&frame.data));
        }
    }
    decode(&stream, codec, width, height)
}

/// The numbers in a byte stream.
pub fn decode(stream: &[u8], codec: &str, width: u32, height: u32) -> Vec<u16> {
    let mut decoder = Command::new("ffmpeg")
        .args(["-v", "error", "-f", codec, "-i", "-", "-fps_mode", "passthrough", "-f", "rawvideo"])
        .args(["-pix_fmt", "yuv420p", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed");
    let mut input = decoder.stdin.take().expect("it is piped");
    let bytes = stream.to_vec();
    let feeder = std::thread::spawn(move || input.write_all(&bytes));
    let output = decoder.wait_with_output().expect("ffmpeg ends");
    feeder.join().expect("no panic").expect("ffmpeg reads everything");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let luma = width as usize * height as usize;
    output
        .stdout
        .chunks(luma * 3 / 2)
        .map(|picture| barcode::read(&picture[..luma], width as usize))
        .collect()
}

/// NAL units behind start codes, instead of behind their lengths.
pub fn start_codes(data: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), data);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (unit, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        out.extend([&[0, 0, 0, 1], unit].concat());
        rest = after;
    }
    out
}

/// The parameter sets of a decoder configuration record, behind start codes.
pub fn parameter_sets(codec: &str, record: &[u8]) -> Vec<u8> {
    let mut sets = Vec::new();
    let mut take = |at: &mut usize, count: usize| {
        for _ in 0..count {
            let length = usize::from(record[*at]) << 8 | usize::from(record[*at + 1]);
            sets.extend([&[0, 0, 0, 1], &record[*at + 2..*at + 2 + length]].concat());
            *at += 2 + length;
        }
    };
    if codec == "hevc" {
        let mut at = 23;
        for _ in 0..record[22] {
            let count = usize::from(record[at + 1]) << 8 | usize::from(record[at + 2]);
            at += 3;
            take(&mut at, count);
        }
    } else {
        let mut at = 6;
        take(&mut at, usize::from(record[5] & 31));
        let count = record[at].into();
        at += 1;
        take(&mut at, count);
    }
    sets
}
