//! The example sends a file, and trusts the authorities of the system.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::process::{Command, Output};

use backpack_kvs_local::LocalKvs;
use common::film::{self, HEIGHT, PICTURES, WIDTH};
use common::{KEY, SECRET, STREAM, folder, playback, service};

/// Runs it where the authorities in this file are those of the system.
fn put_file(service: &LocalKvs, authorities: &Path) -> Output {
    // `cargo test` builds the examples before it runs tests, in a folder beside theirs, but not if it is told which tests to build.
    let tests = std::env::current_exe().unwrap();
    let program = tests.parent().unwrap().with_file_name("examples").join("put_file");
    Command::new(program)
        .arg(STREAM)
        .arg(film::plain_file())
        .env("SSL_CERT_FILE", authorities)
        .env_remove("SSL_CERT_DIR")
        .env("AWS_ENDPOINT_URL_KINESIS_VIDEO", service.endpoint())
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .output()
        .unwrap()
}

#[test]
fn a_film_is_sent_to_a_service_that_the_system_trusts() {
    let service = service().tls(true).start().expect("a service");
    let authorities = folder("system").join("authorities.pem");
    std::fs::write(&authorities, service.ca_pem().unwrap()).unwrap();
    let output = put_file(&service, &authorities);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(film::shown(&playback(&service), "h264", WIDTH, HEIGHT), (0..PICTURES).collect::<Vec<_>>());
}
