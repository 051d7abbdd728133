//! `zones` counts what can be seen, and its recording is whole.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;
use std::time::Duration;

use common::{PATIENCE, Running, clip, folder, probe, refusal, run, text, wait_for};

fn zones() -> Command {
    Command::new(env!("CARGO_BIN_EXE_zones"))
}

#[test]
fn people_who_cross_the_line_and_enter_the_zone_are_counted() {
    let folder = folder("zones_count");
    let (yard, recording) = (folder.join("yard.avi"), folder.join("zones.mp4"));
    let cut = run(
        Command::new("ffmpeg")
            .args(["-v", "error", "-t", "20", "-i"])
            .arg(clip("vtest.avi"))
            .args(["-c", "copy"])
            .arg(&yard),
        PATIENCE,
    );
    assert!(cut.status.success(), "{}", text(&cut.stderr));

    let output = run(
        zones().arg("--fast").arg("--input").arg(&yard).arg("--output").arg(&recording),
        Duration::from_secs(120),
    );
    let said = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    // In these 20 seconds five crossings can be seen with the eye: at 0.7, 7, 9.5, 16.7 and 18.5 s.
    assert!(said.contains("line   3 to the left, 2 to the right"), "{said}");
    // A couple comes in from the right at 2 s, and somebody leaves up the road at 14 s.
    let happens =
        |time: &str, what: &str| said.lines().any(|line| line.starts_with(time) && line.ends_with(what));
    assert!(happens("   2.0 s", "enters the zone") && happens("  14.2 s", "leaves the zone"), "{said}");
    let count = |part: &str| said.matches(part).count();
    let (entered, left) = (count(" enters the zone"), count(" leaves the zone"));
    assert!(said.contains(&format!("zone   {entered} entered, {left} left")), "{said}");
    assert_eq!((count(" crosses the line to the Left"), count(" to the Right")), (3, 2), "{said}");
    assert_eq!(probe(&recording), "h264,768,576,yuv420p,200");
}

#[test]
fn ctrl_c_finalises_the_recording() {
    let recording = folder("zones_ctrl_c").join("zones.mp4");
    let zones = Running::start(zones().args(["--input", "test", "--output"]).arg(&recording));
    // The first pictures are on the disk.
    wait_for("a recording", || recording.metadata().is_ok_and(|file| file.len() > 10_000));
    let (status, said) = zones.end("INT");
    assert!(status.success(), "{said}");
    assert!(said.contains("zone   "), "{said}");
    assert!(probe(&recording).starts_with("h264,"));
}

#[test]
fn shapes_that_are_none_are_explained() {
    let said = refusal(zones().args(["--line", "1,2,3", "--zone", "[[0,0],[1,1]]"]));
    assert!(said.contains("line = \"1,2,3\" (argument --line)"), "{said}");
    assert!(said.contains("zone = "), "{said}");
}
