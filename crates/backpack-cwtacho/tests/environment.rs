//! Programs whose surroundings do not let them send.
#![allow(clippy::unwrap_used)]

mod support;

use std::process::Command;
use std::time::Duration;

use backpack_cwtacho::CloudWatch;
use support::fake::Fake;
use support::log::Log;
use support::{Windows, wait_until};

/// Starts this program again in surroundings without anything of AWS but `variables`, and returns what it logged.
fn run(fake: &Fake, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_program_in_other_surroundings", "--ignored", "--nocapture"])
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("CWTACHO_URL", &fake.url)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "is run by the other tests"]
fn the_program_in_other_surroundings() {
    let Ok(url) = std::env::var("CWTACHO_URL") else { return };
    let log = Log::install();
    let cloudwatch =
        CloudWatch::builder("Yard").endpoint_url(url).send_interval(Duration::ZERO).build().unwrap();
    Windows::new(cloudwatch.metric("m").reporter().unwrap()).report(Duration::from_millis(40));
    wait_until("a request has ended", || {
        let stats = cloudwatch.stats();
        stats.failed + stats.sent > 0
    });
    println!("{:?}", cloudwatch.stats());
    println!("{}", log.text().lines().filter(|line| line.contains("backpack_cwtacho")).collect::<String>());
}

#[test]
fn without_credentials_a_warning_says_so_and_the_report_is_kept() {
    let fake = Fake::accepting();
    let said = run(&fake, &[("AWS_REGION", "eu-west-1")]);
    assert!(said.contains("WARN") && said.contains("redential"), "{said}");
    assert!(said.contains("waiting: 1"), "{said}");
    assert_eq!(fake.requests(), 0);
}

#[test]
fn without_a_region_a_warning_says_so_and_the_report_is_kept() {
    let fake = Fake::accepting();
    let said = run(&fake, &[("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "key")]);
    assert!(said.contains("WARN") && said.contains("no region is known"), "{said}");
    assert!(said.contains("waiting: 1"), "{said}");
}

#[test]
fn region_and_credentials_come_from_the_environment() {
    let fake = Fake::accepting();
    let variables =
        [("AWS_REGION", "eu-west-1"), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "key")];
    let said = run(&fake, &variables);
    assert!(said.contains("sent: 1"), "{said}");
    let authorization = &fake.accepted()[0].headers["authorization"];
    assert!(authorization.contains("AKIDEXAMPLE/") && authorization.contains("/eu-west-1/monitoring/"));
}
