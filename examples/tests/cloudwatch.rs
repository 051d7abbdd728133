//! What the loop measured arrives in CloudWatch, under the right names and whole.
#![allow(clippy::unwrap_used)]

mod common;
#[allow(dead_code, reason = "another crate's tests use all of it")]
#[path = "../../crates/backpack-cwtacho/tests/support/fake.rs"]
mod fake;

use std::process::Command;

use common::{Running, at_aws, refusal};
use fake::Fake;

fn cloudwatch() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloudwatch"));
    command.args(["--namespace", "Yard", "--window", "1"]);
    command
}

#[test]
fn every_interval_is_reported_for_this_application_on_this_device() {
    let service = Fake::accepting();
    let mut command = cloudwatch();
    // What Greengrass tells its components, so that the names are known.
    let identity =
        [("SVCUID", "a token"), ("AWS_IOT_THING_NAME", "core-7"), ("COMPONENT_NAME", "com.example.yard")];
    let mut program = Running::start(at_aws(&mut command, &service.url).envs(identity));
    program.line("total=");
    let (status, said) = program.end("INT");
    assert!(status.success(), "{said}");

    let totals = said.lines().filter_map(|line| line.split("total=").nth(1)?.split(' ').next());
    let measured: f64 = totals.map(|total| total.parse::<f64>().unwrap()).sum();
    assert!(measured > 5.0, "{said}");
    let puts = service.accepted();
    assert!(puts.iter().all(|put| put.namespace == "Yard"), "{puts:?}");
    let data = service.data();
    let dimensions = [("Application", "com.example.yard"), ("Device", "core-7")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    for datum in &data {
        assert_eq!((datum.name.as_str(), datum.unit.as_str()), ("FrameInterval", "Seconds"));
        assert_eq!(datum.dimensions, dimensions);
    }
    assert_eq!(data.iter().flat_map(|datum| &datum.counts).sum::<f64>(), measured, "{said}{data:?}");
    assert!(said.contains(&format!("{0} reports, {0} sent, 0 dropped", data.len())), "{said}");
}

#[test]
fn names_that_cloudwatch_would_refuse_and_empty_windows_are_explained() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cloudwatch"));
    let said = refusal(at_aws(&mut command, "http://127.0.0.1:1").args(["--namespace", "AWS/Yard"]));
    assert!(said.contains("AWS/"), "{said}");
    let said = refusal(cloudwatch().args(["--window", "0"]));
    assert!(said.contains("--window"), "{said}");
}
