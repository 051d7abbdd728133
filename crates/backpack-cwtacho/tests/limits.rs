//! What CloudWatch would not take is told before anything is sent.
#![allow(clippy::unwrap_used)]

mod support;

use backpack_cwtacho::{BuildError, CloudWatch, MetricError};
use support::{Folder, builder};

/// Where nothing is sent to.
const NOWHERE: &str = "http://127.0.0.1:9";

fn problem(name: &str, dimensions: &[(&str, &str)]) -> Option<MetricError> {
    let cloudwatch = builder(NOWHERE).build().unwrap();
    cloudwatch.metric(name).dimensions(dimensions.iter().copied()).reporter().err()
}

#[test]
fn what_cloudwatch_takes_is_taken() {
    let long = ["n".repeat(255), "v".repeat(1024)];
    assert_eq!(problem("Frame time, p95 (ms)", &[("Camera", "gate"), ("Site:Part", ":4")]), None);
    assert_eq!(problem(&long[0], &[(&long[0], &long[1])]), None);
    let many: Vec<_> = (0..30).map(|n| n.to_string()).collect();
    assert_eq!(problem("m", &many.iter().map(|name| (&name[..], "v")).collect::<Vec<_>>()), None);
}

#[test]
fn names_and_values_that_are_none_are_named() {
    let long = ["n".repeat(256), "v".repeat(1025)];
    type Dimensions<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(&str, Dimensions, &str)] = &[
        ("", &[], r#"the metric name "" is empty or blank"#),
        (" ", &[], r#"the metric name " " is empty or blank"#),
        ("Zeit für ein Bild", &[], "has other characters than those of printable ASCII"),
        ("a\nb", &[], r#"the metric name "a\nb" has other characters"#),
        (&long[0], &[], "is longer than 255 characters"),
        ("m", &[(":a", "v")], r#"the dimension name ":a" of metric "m" begins with a colon"#),
        ("m", &[("", "v")], r#"the dimension name "" of metric "m" is empty or blank"#),
        ("m", &[(&long[0], "v")], "is longer than 255 characters"),
        (
            "m",
            &[("Camera", "Köln")],
            r#"the value "Köln" of dimension "Camera" of metric "m" has other characters"#,
        ),
        ("m", &[("Camera", " ")], "is empty or blank"),
        ("m", &[("Camera", &long[1])], "is longer than 1024 characters"),
        ("m", &[("a", "1"), ("b", "1"), ("a", "2")], r#"metric "m" has two dimensions called "a""#),
    ];
    for (name, dimensions, expected) in cases {
        let text = problem(name, dimensions).unwrap().to_string();
        assert!(text.contains(expected), "{text} is not {expected}");
    }
    let many: Vec<_> = (0..31).map(|n| n.to_string()).collect();
    let error = problem("m", &many.iter().map(|name| (&name[..], "v")).collect::<Vec<_>>()).unwrap();
    assert_eq!(error.to_string(), r#"metric "m" has 31 dimensions: CloudWatch takes 30 at most"#);
}

#[test]
fn namespaces_that_are_none_are_refused() {
    for namespace in ["Yard", "Yard/North-1", "a.b_c#d:e f", &"n".repeat(255)] {
        assert!(CloudWatch::builder(namespace).build().is_ok(), "{namespace}");
    }
    for (namespace, problem) in [
        ("", "is empty or blank"),
        ("AWS/EC2", "begins with AWS/"),
        (":yard", "begins with a colon"),
        ("yard?", "has other characters"),
        (&"n".repeat(256), "is longer than 255 characters"),
    ] {
        let error = CloudWatch::builder(namespace).build().unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[test]
fn regions_and_endpoints_that_are_none_are_refused() {
    for region in ["", "Ireland", "eu west 1", "eu-west-1.example.org", "1-eu"] {
        let error = CloudWatch::builder("Yard").region(region).build().unwrap_err();
        assert!(matches!(error, BuildError::Region(_)), "{region}: {error}");
    }
    for (url, problem) in [
        ("monitoring.eu-west-1.amazonaws.com", "begins neither with https:// nor with http://"),
        ("https://", "names no host"),
        ("https://a b/", "names no host"),
    ] {
        let error = CloudWatch::builder("Yard").endpoint_url(url).build().unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
}

#[test]
fn a_password_in_an_endpoint_is_refused_and_not_repeated() {
    let builder = CloudWatch::builder("Yard").endpoint_url("https://me:hunter2@proxy/");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let error = builder.build().unwrap_err();
    assert!(error.to_string().contains("has a user or a password in it"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[test]
fn backlogs_too_small_to_be_any_are_refused() {
    let error = builder(NOWHERE).backlog(100).build().unwrap_err();
    assert_eq!(error.to_string(), "a backlog of 100 bytes in memory: it must have at least 16384");
    let folder = Folder::new();
    let error = builder(NOWHERE).disk_backlog(&folder.0, 100).build().unwrap_err();
    assert_eq!(error.to_string(), "a backlog of 100 bytes on disk: it must have at least 65536");
}

#[test]
fn a_backlog_that_cannot_be_opened_is_named() {
    let folder = Folder::new();
    let file = folder.0.join("occupied");
    std::fs::write(&file, "").unwrap();
    let error = builder(NOWHERE).disk_backlog(&file, 1 << 20).build().unwrap_err();
    assert!(error.to_string().contains("occupied"), "{error}");
}

#[test]
fn a_backlog_belongs_to_one_program_at_a_time() {
    let folder = Folder::new();
    let describe = || builder(NOWHERE).disk_backlog(&folder.0, 1 << 20);
    let first = describe().build().unwrap();
    let error = describe().build().unwrap_err();
    assert!(matches!(error, BuildError::InUse(_)), "{error}");
    first.shutdown(support::DEADLINE).unwrap();
    describe().build().unwrap();
}
