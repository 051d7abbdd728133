//! hike from outside: what it counts, what it writes, and what it says to bad input.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;

use backpack_kvs_local::LocalKvs;
use common::{at_aws, clip, folder, free_address, get, probe, run, seconds, signal, text, wait, wait_for};

fn hike() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hike"));
    command.env_remove("RUST_LOG");
    command
}

/// Runs hike with arguments that cannot work, and returns what it says.
fn refusal(arguments: &[&str]) -> String {
    common::refusal(hike().args(arguments))
}

#[test]
fn people_who_cross_the_line_are_counted_and_every_frame_is_recorded() {
    let folder = folder("counts");
    let (recording, snapshot) = (folder.join("yard.mp4"), folder.join("yard.png"));
    let output = run(
        hike()
            .args(["--fast", "--seconds", "20", "--input"])
            .arg(clip("vtest.avi"))
            .arg("--record")
            .arg(&recording)
            .arg("--snapshot")
            .arg(&snapshot),
        Duration::from_secs(120),
    );
    let report = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // In these 20 seconds five crossings can be seen with the eye: at 0.7, 7, 9.5, 16.7 and 18.5 s.
    assert!(report.contains("crossings  → 2   ← 3"), "{report}");
    assert!(report.contains("200 taken, 200 encoded by x264enc, 0 dropped\n"), "{report}");
    for stage in ["frame ", "detect ", "track ", "draw ", "put "] {
        assert!(report.contains(stage), "{report}");
    }
    assert_eq!(probe(&recording), "h264,768,576,yuv420p,200");
    assert!((seconds(&recording) - 20.0).abs() < 0.05);
    assert_eq!(image::image_dimensions(&snapshot).unwrap(), (768, 576));
}

#[test]
fn hard_cuts_and_a_bit_rate_beyond_the_encoder_do_not_stop_the_walk() {
    let recording = folder("cuts").join("bikes.mkv");
    let output = run(
        hike()
            .args(["--fast", "--web", "127.0.0.1:0", "--bitrate", "4000000000", "--input"])
            .arg(clip("bikes.mp4"))
            .arg("--record")
            .arg(&recording),
        Duration::from_secs(120),
    );
    let report = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!report.contains("failed"), "{report}");
    assert_eq!(report.matches(": 250 frames, ").count(), 2, "{report}");
    assert_eq!(probe(&recording), "h264,640,272,yuv420p,250");
}

#[test]
fn ctrl_c_finalises_the_recording() {
    let recording = folder("ctrl_c").join("yard.mp4");
    let mut child = hike()
        .args(["--loop", "--web", "127.0.0.1:0", "--input"])
        .arg(clip("vtest.avi"))
        .arg("--record")
        .arg(&recording)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("watch http://").and_then(|rest| rest.strip_suffix('/')).unwrap();
    wait_for("the stream", || get(address, "/health.json").unwrap().contains("\"streaming\":true"));
    signal(&child, "INT");
    assert!(wait(&mut child, Duration::from_secs(30)).success());
    assert!(probe(&recording).starts_with("h264,768,576,yuv420p,"));
}

#[test]
fn input_that_is_not_there_or_no_video_is_named() {
    let missing = refusal(&["--input", "/nowhere/yard.avi"]);
    assert!(missing.contains("/nowhere/yard.avi") && missing.contains("No such file"), "{missing}");
    let words = folder("bad_input").join("words.avi");
    std::fs::write(&words, "These are words and not a video.\n".repeat(200)).unwrap();
    let unreadable = refusal(&["--input", words.to_str().unwrap()]);
    assert!(unreadable.contains("words.avi"), "{unreadable}");
    let device = refusal(&["--input", "/dev/video99"]);
    assert!(device.contains("/dev/video99"), "{device}");
}

#[test]
fn a_camera_that_refuses_is_named_without_its_password() {
    let said = refusal(&["--input", &format!("rtsp://admin:hunter2@{}/stream", free_address())]);
    assert!(said.contains("127.0.0.1") && !said.contains("hunter2"), "{said}");
}

#[test]
fn outputs_that_cannot_work_are_named() {
    let unwritable = refusal(&["--input", "test", "--record", "/nowhere/yard.mkv"]);
    assert!(unwritable.contains("/nowhere/yard.mkv cannot be written: No such file"), "{unwritable}");
    let extension = refusal(&["--input", "test", "--record", "yard.avi"]);
    assert!(extension.contains("the extension must be mkv, mp4 or ts"), "{extension}");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let port = refusal(&["--input", "test", "--web", &address]);
    assert!(port.contains(&format!("cannot serve a page on {address}: Address already in use")), "{port}");
}

#[test]
fn options_that_make_no_sense_are_explained_all_at_once() {
    let said = refusal(&["--line", "1,2,3", "--seconds", "-1", "--bitrate", "0"]);
    assert!(said.contains("there are 3 problems with the parameters"), "{said}");
    assert!(said.contains("line = \"1,2,3\" (argument --line)"), "{said}");
    assert!(said.contains("must be above 0"), "{said}");
    assert!(refusal(&["--line", "0,0,NaN,1"]).contains("--line"));
    let fast = refusal(&["--mosaic", "--fast", "--input", "test", "--input", "test"]);
    assert!(fast.contains("mosaic goes neither with fast nor with snapshot"), "{fast}");
}

#[test]
fn options_come_from_a_file_and_from_the_environment_too() {
    let folder = folder("config");
    let recording = folder.join("test.mkv");
    let file = folder.join("hike.toml");
    std::fs::write(&file, format!("seconds = 60\nfast = true\nrecord = [{recording:?}]\n")).unwrap();
    let output = run(
        hike().arg("--config").arg(&file).env("HIKE_SECONDS", "1").args(["--input", "test"]),
        Duration::from_secs(60),
    );
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(probe(&recording).starts_with("h264,"));
    std::fs::write(&file, "secnods = 60\n").unwrap();
    let said = refusal(&["--config", file.to_str().unwrap()]);
    assert!(said.contains("did you mean seconds?"), "{said}");
}

#[test]
fn prometheus_finds_figures_and_the_page_says_who_it_is() {
    let [figures, page] = [(); 2].map(|()| free_address());
    let mut child = hike()
        .args(["--input", "test", "--prometheus", &figures, "--web", &page])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_for("figures", || {
        get(&figures, "/metrics").is_some_and(|text| text.contains("skyline_frames{stream=\"test\"}"))
    });
    assert!(get(&page, "/").unwrap().contains("<header>hike on "));
    signal(&child, "INT");
    assert!(wait(&mut child, Duration::from_secs(30)).success());
    let mut report = String::new();
    child.stdout.take().unwrap().read_to_string(&mut report).unwrap();
    assert!(report.contains("application_name=\"hike\""), "{report}");
}

#[test]
fn every_picture_arrives_in_kinesis_video_streams() {
    let kvs = LocalKvs::builder().stream("yard").credentials("a key", "a secret").start().unwrap();
    let spool = folder("spool");
    let output = run(
        at_aws(&mut hike(), kvs.endpoint())
            .args(["--input", "test", "--seconds", "4", "--kvs", "yard", "--kvs-spool"])
            .arg(&spool),
        Duration::from_secs(60),
    );
    let report = text(&output.stdout);
    assert!(output.status.success(), "{report}{}", text(&output.stderr));
    let frames = kvs.playback("yard").unwrap().frames().count();
    let encoded = report.split(" taken, ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert_eq!(frames, encoded.parse::<usize>().unwrap(), "{report}");
    assert!(frames > 20, "{report}");
}
