//! What `timing` prints agrees with itself: no frame is missing in any of its figures.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;

use common::{PATIENCE, refusal, run, text};

fn timing() -> Command {
    Command::new(env!("CARGO_BIN_EXE_timing"))
}

/// The number that follows `name` in a line.
fn number(line: &str, name: &str) -> u64 {
    let after = line.split(name).nth(1).unwrap_or_else(|| panic!("no {name:?} in {line:?}"));
    after.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn each_interval_is_in_one_report_and_each_frame_in_the_table() {
    let output = run(timing().args(["--seconds", "5"]), PATIENCE);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    let laps = |stage: &str| {
        let row = said.lines().find(|line| line.trim_start().starts_with(&format!("{stage} ")));
        number(row.unwrap_or_else(|| panic!("no {stage}:\n{said}")), stage)
    };
    // The table comes last, and only its lines begin with these names and a number.
    let table = said.split("laps").nth(1).unwrap();
    let frames = number(table, "frame");
    assert!(frames > 10, "{said}");
    assert_eq!((laps("infer"), laps("draw")), (frames, frames), "{said}");
    let reports = said.lines().filter(|line| line.starts_with("frames     "));
    assert_eq!(reports.map(|line| number(line, "total=")).sum::<u64>(), frames - 1, "{said}");
    assert_eq!(said.matches("another hundred frames").count() as u64, frames / 100, "{said}");
    assert!(said.contains(" frames a second of late; "), "{said}");
}

#[test]
fn what_cannot_be_is_explained() {
    let said = refusal(timing().args(["--seconds", "some"]));
    assert!(said.contains("invalid value 'some' for '--seconds <SECONDS>'"), "{said}");
    let said = refusal(timing().args(["--input", "/nowhere/yard.avi"]));
    assert!(said.contains("/nowhere/yard.avi") && said.contains("No such file"), "{said}");
}
