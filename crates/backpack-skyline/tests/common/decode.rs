//! What a foreign decoder makes of a byte stream.

use std::io::Write;
use std::process::{Command, Stdio};

use backpack_skyline::{AccessUnit, Codec};

/// The luma of all pictures, in the order in which they are shown; fails if the decoder complains.
pub fn decode(codec: Codec, units: &[AccessUnit], width: u32, height: u32) -> Vec<Vec<u8>> {
    let demuxer = if codec == Codec::H265 { "hevc" } else { "h264" };
    // Grey of ffmpeg is luma stretched to all 256 values, so the luma plane of 4:2:0 is taken instead.
    let mut decoder = Command::new("ffmpeg")
        .args(["-v", "error", "-f", demuxer, "-i", "-", "-fps_mode", "passthrough", "-f", "rawvideo"])
        .args(["-pix_fmt", "yuv420p", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed");
    let mut input = decoder.stdin.take().expect("it is piped");
    let bytes: Vec<u8> = units.iter().flat_map(|unit| unit.data.iter().copied()).collect();
    let feeder = std::thread::spawn(move || input.write_all(&bytes));
    let output = decoder.wait_with_output().expect("ffmpeg ends");
    feeder.join().expect("no panic").expect("ffmpeg reads everything");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let luma = width as usize * height as usize;
    output.stdout.chunks(luma * 3 / 2).map(|picture| picture[..luma].to_vec()).collect()
}
