//! Every picture arrives in Kinesis Video Streams, if need be with the next run.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::Command;

use backpack_kvs_local::LocalKvs;
use common::{Running, at_aws, folder, refusal, wait_for};

fn service() -> LocalKvs {
    LocalKvs::builder().stream("yard").credentials("a key", "a secret").start().unwrap()
}

fn start(service: &LocalKvs, spool: &Path) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kvs"));
    Running::start(at_aws(&mut command, service.endpoint()).args(["--stream", "yard", "--spool"]).arg(spool))
}

fn fragments(service: &LocalKvs) -> usize {
    service.playback("yard").map_or(0, |playback| playback.fragments.len())
}

fn frames(service: &LocalKvs) -> usize {
    service.playback("yard").map_or(0, |playback| playback.frames().count())
}

/// How many pictures the program says it had.
fn pictures(said: &str) -> usize {
    let line = said.lines().find(|line| line.ends_with(" pictures were encoded")).unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

#[test]
fn every_picture_arrives_and_the_end_says_so() {
    let service = service();
    let program = start(&service, &folder("kvs_arrives"));
    wait_for("the first fragments", || fragments(&service) >= 2);
    let (status, said) = program.end("INT");
    assert!(status.success(), "{said}");
    assert!(said.contains("the service has everything"), "{said}");
    assert_eq!(frames(&service), pictures(&said), "{said}");
}

#[test]
fn what_the_service_does_not_have_is_told_and_sent_by_the_next_run() {
    let service = service();
    let spool = folder("kvs_outage");
    service.pause().unwrap();
    let mut program = start(&service, &spool);
    program.line("the last thing that went wrong: ");
    let (status, first) = program.end("TERM");
    assert!(!status.success(), "{first}");
    assert!(first.contains(&format!(" remain in {} for the next run", spool.display())), "{first}");
    assert_eq!(frames(&service), 0);

    service.resume().unwrap();
    let program = start(&service, &spool);
    wait_for("what waited", || frames(&service) > pictures(&first));
    let (status, second) = program.end("TERM");
    assert!(status.success(), "{second}");
    assert_eq!(frames(&service), pictures(&first) + pictures(&second), "{first}{second}");
}

#[test]
fn missing_credentials_are_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kvs"));
    at_aws(&mut command, "http://127.0.0.1:1").env_remove("AWS_SECRET_ACCESS_KEY").args(["--stream", "yard"]);
    let said = refusal(&mut command);
    assert!(said.contains("AWS_SECRET_ACCESS_KEY"), "{said}");
    assert!(!said.contains("a key"), "{said}");
}
