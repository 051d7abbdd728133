//! EC2, against a small metadata service that insists on version 2.

mod common;

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use backpack_identity::providers::{Ec2, Linux};
use backpack_identity::{Chain, DetectError, Field, Host};
use common::{Reply, Request, Service, identify, is_elsewhere, ok, status};

const TOKEN: &str = "AQAAAtokenOfTheTest==";
const DOCUMENT: &str = r#"{"accountId": "123456789012", "instanceId": "i-1234567890abcdef0",
    "pendingTime": "2026-11-19T16:32:11Z", "region": "eu-west-1"}"#;

/// With time enough on a busy machine.
fn ec2() -> Ec2 {
    Ec2::new().deadline(Duration::from_secs(60))
}

/// An instance with these paths below `/latest`, which tells nothing without a token.
fn instance(paths: &[(&'static str, &'static str)]) -> Service {
    let paths = paths.iter().copied().collect::<BTreeMap<_, _>>();
    Service::start(move |request| answer(request, &paths))
}

fn answer(request: &Request, paths: &BTreeMap<&str, &str>) -> Reply {
    if request.method == "PUT" && request.target == "/latest/api/token" {
        let has_ttl = request.header("x-aws-ec2-metadata-token-ttl-seconds").is_some();
        return if has_ttl { ok(TOKEN) } else { status(400) };
    }
    if request.header("x-aws-ec2-metadata-token") != Some(TOKEN) {
        return status(401);
    }
    let path = request.target.trim_start_matches("/latest/");
    paths.get(path).map_or_else(|| status(404), |body| ok(*body))
}

fn host(service: &Service) -> Host {
    Host::imaginary().with_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", format!("{}/", service.url))
}

#[test]
fn the_instance_is_the_device_and_its_tag_name_the_name() {
    let service = instance(&[
        ("dynamic/instance-identity/document", DOCUMENT),
        ("meta-data/tags/instance", "Name\nsite\ncost:center"),
        ("meta-data/tags/instance/Name", "gate"),
        ("meta-data/tags/instance/site", "Bremen"),
        ("meta-data/tags/instance/cost:center", "42"),
        ("meta-data/local-hostname", "ip-10-0-0-1.ec2.internal"),
        ("meta-data/autoscaling/target-lifecycle-state", "InService"),
    ]);
    let identity = identify(ec2(), host(&service)).unwrap();
    assert_eq!(identity.device_id(), Some("i-1234567890abcdef0"));
    assert_eq!(identity.device_name(), Some("gate"));
    assert_eq!(identity.status(), Some("InService"));
    assert_eq!(identity.created(), Some(UNIX_EPOCH + Duration::from_secs(1_795_105_931)));
    let tags = identity.tags().collect::<Vec<_>>();
    assert_eq!(tags, [("Name", "gate"), ("cost:center", "42"), ("site", "Bremen")]);
    assert_eq!((identity.instance_id(), identity.application_name()), (None, None), "EC2 knows none");
    let source = identity.source(Field::DeviceName).unwrap().to_string();
    assert_eq!(source, "ec2: meta-data/tags/instance/Name");
}

#[test]
fn without_tags_and_auto_scaling_the_host_name_is_left() {
    let service = instance(&[
        ("dynamic/instance-identity/document", DOCUMENT),
        ("meta-data/local-hostname", "ip-10-0-0-1.ec2.internal"),
    ]);
    let identity = identify(ec2(), host(&service)).unwrap();
    assert_eq!(identity.device_name(), Some("ip-10-0-0-1.ec2.internal"));
    assert_eq!((identity.status(), identity.tags().count()), (None, 0));
}

#[test]
fn keys_that_could_change_the_address_are_not_asked_for() {
    let service = instance(&[
        ("dynamic/instance-identity/document", DOCUMENT),
        ("meta-data/tags/instance", "../../iam\n..\na b\n\nok"),
        ("meta-data/tags/instance/ok", "yes"),
    ]);
    let identity = identify(ec2(), host(&service)).unwrap();
    assert_eq!(identity.tags().collect::<Vec<_>>(), [("ok", "yes")]);
}

#[test]
fn the_token_is_asked_for_once_and_appears_nowhere() {
    let service = instance(&[("dynamic/instance-identity/document", "{}")]);
    let error = identify(ec2(), host(&service)).unwrap_err();
    assert!(error.to_string().contains("has no instanceId"), "{error}");
    assert!(!format!("{error} {error:?}").contains(TOKEN));
    let puts = service.requests().into_iter().filter(|request| request.method == "PUT");
    assert_eq!(puts.count(), 1);
}

#[test]
fn a_service_that_is_switched_off_or_silent_is_an_error() {
    type Answer = fn(&Request) -> Reply;
    let cases: [(Answer, Ec2, &str); 3] = [
        (|_| status(403), ec2(), "api/token was answered with 403"),
        (|_| status(404), ec2(), "api/token was answered with 404"),
        (
            |_| Reply::Silence,
            Ec2::new().deadline(Duration::from_millis(300)),
            "api/token had no answer: it timed out",
        ),
    ];
    for (answer, provider, reason) in cases {
        let service = Service::start(answer);
        let error = identify(provider, host(&service)).unwrap_err();
        assert!(matches!(&error, DetectError::Provider { provider, .. } if provider == "ec2"), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(error.to_string().contains("AWS_EC2_METADATA_DISABLED=true"), "{error}");
    }
}

#[test]
fn machines_of_others_are_not_asked() {
    assert!(is_elsewhere(ec2(), Host::imaginary()));
    let qemu = Host::imaginary()
        .with_file("/sys/class/dmi/id/sys_vendor", "QEMU\n")
        .with_file("/sys/hypervisor/uuid", "ab12ec2e-0000-0000-0000-000000000000\n");
    assert!(is_elsewhere(ec2(), qemu));
}

#[test]
fn it_can_be_left_out() {
    let service = instance(&[]);
    let host = host(&service)
        .with_file("/sys/class/dmi/id/sys_vendor", "Amazon EC2\n")
        .with_variable("AWS_EC2_METADATA_DISABLED", "true");
    assert!(is_elsewhere(ec2(), host));
    assert!(service.requests().is_empty());
}

#[test]
fn the_application_is_named_by_linux_as_ec2_knows_none() {
    let service = instance(&[("dynamic/instance-identity/document", DOCUMENT)]);
    let host = host(&service).with_executable("/opt/counter");
    let identity =
        Chain::new().first_try(ec2()).completed_by(Linux::new()).host(host).detect_blocking().unwrap();
    assert_eq!(identity.application_name(), Some("counter"));
    assert_eq!(identity.source(Field::ApplicationName).unwrap().provider, "linux");
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "ec2");
}
