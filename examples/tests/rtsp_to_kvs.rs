//! A camera's pictures reach Kinesis Video Streams as they are.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;

use backpack::core::{Frame, PixelFormat};
use backpack::skyline::{Encoder, FrameRate, SkyLine, rtsp};
use backpack_kvs_local::LocalKvs;
use common::{PATIENCE, at_aws, signal, wait};

#[test]
fn a_camera_is_sent_without_encoding_it_again() {
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let mut camera = SkyLine::builder()
        .encoder(Encoder::h264())
        .output(server.mount("/cam").unwrap())
        .size(320, 240)
        .frame_rate(FrameRate::new(25, 1).unwrap())
        .start()
        .unwrap();
    let kvs = LocalKvs::builder().stream("yard").credentials("a key", "a secret").start().unwrap();
    let mut sender = at_aws(&mut Command::new(env!("CARGO_BIN_EXE_rtsp_to_kvs")), kvs.endpoint())
        .args([&server.url("/cam"), "yard"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // The service stores whole fragments only, of which the second ends the first.
    let is_stored = || kvs.playback("yard").is_some_and(|playback| playback.fragments.len() >= 2);
    for number in 0_u8.. {
        camera.put(picture(number)).unwrap();
        std::thread::sleep(Duration::from_millis(40));
        if is_stored() {
            break;
        }
        assert!(sender.try_wait().unwrap().is_none(), "the sender gave up");
        assert!(number < 250, "nothing is stored: {:?}", kvs.requests());
    }
    signal(&sender, "INT");
    assert!(wait(&mut sender, PATIENCE).success());
    let playback = kvs.playback("yard").unwrap();
    let times: Vec<_> = playback.frames().map(|frame| frame.timestamp).collect();
    assert!(times.len() > 25 && times.is_sorted(), "{times:?}");
    assert!(playback.fragments.iter().all(|fragment| fragment.frames[0].is_key));
}

fn picture(number: u8) -> Frame {
    let mut frame = Frame::black(320, 240, PixelFormat::Gray8).unwrap();
    frame.view_mut().plane_mut(0).rows_mut().for_each(|row| row.fill(number));
    frame
}
