//! balena, by variables, with and without a supervisor.

mod common;

use std::time::Duration;

use backpack_identity::{Field, Host, providers::Balena};
use common::{Reply, Service, identify, is_elsewhere, ok, status};

const KEY: &str = "0badc0ffee";

fn container() -> Host {
    Host::imaginary()
        .with_variable("BALENA", "1")
        .with_variable("BALENA_DEVICE_UUID", "ab24d4b")
        .with_variable("BALENA_APP_ID", "1234")
        .with_variable("BALENA_APP_NAME", "counter")
        .with_variable("BALENA_APP_RELEASE", "7a1")
        .with_variable("BALENA_DEVICE_NAME_AT_INIT", "old-name")
}

fn with_supervisor(service: &Service) -> Host {
    container()
        .with_variable("BALENA_SUPERVISOR_ADDRESS", &service.url)
        .with_variable("BALENA_SUPERVISOR_API_KEY", KEY)
}

#[test]
fn variables_alone_tell_who_it_is() {
    let identity = identify(Balena::new(), container()).unwrap();
    assert_eq!((identity.device_id(), identity.device_name()), (Some("ab24d4b"), Some("old-name")));
    assert_eq!(identity.application_name(), Some("counter"));
    assert_eq!(identity.instance_id(), Some("1234/7a1/ab24d4b"));
    assert_eq!(identity.source(Field::DeviceId).unwrap().to_string(), "balena: BALENA_DEVICE_UUID");
}

#[test]
fn the_supervisor_knows_the_tags_and_the_current_name() {
    let service = Service::start(|request| {
        if request.header("authorization") != Some(&format!("Bearer {KEY}")) {
            return status(401);
        }
        match request.target.as_str() {
            "/v2/device/name" => ok(r#"{"status": "success", "deviceName": "new-name"}"#),
            "/v2/device/tags" => ok(
                r#"{"status": "success", "tags": [{"id": 1, "name": "site", "value": "dock #3"}, {"id": 2, "name": "empty", "value": ""}]}"#,
            ),
            _ => status(404),
        }
    });
    let provider = Balena::new().deadline(Duration::from_secs(60));
    let identity = identify(provider, with_supervisor(&service)).unwrap();
    assert_eq!(identity.device_name(), Some("new-name"));
    assert_eq!(identity.tags().collect::<Vec<_>>(), [("empty", ""), ("site", "dock #3")]);
    let source = identity.source(Field::DeviceName).unwrap().to_string();
    assert_eq!(source, "balena: the supervisor's /v2/device/name");
    assert!(!format!("{identity:#} {identity:?}").contains(KEY));
}

#[test]
fn a_device_that_is_offline_is_still_itself() {
    let replies: [fn(&common::Request) -> Reply; 3] =
        [|_| status(503), |_| Reply::Silence, |_| ok(r#"{"status": "failed", "message": "offline"}"#)];
    for reply in replies {
        let service = Service::start(reply);
        let provider = Balena::new().deadline(Duration::from_millis(200));
        let identity = identify(provider, with_supervisor(&service)).unwrap();
        assert_eq!((identity.device_name(), identity.tags().count()), (Some("old-name"), 0));
    }
}

#[test]
fn a_container_without_its_uuid_is_an_error_and_other_containers_are_elsewhere() {
    let error = identify(Balena::new(), Host::imaginary().with_variable("BALENA", "1")).unwrap_err();
    assert!(error.to_string().contains("balena: BALENA_DEVICE_UUID is not set"), "{error}");
    assert!(is_elsewhere(Balena::new(), Host::imaginary().with_variable("BALENA_DEVICE_UUID", "ab24d4b")));
}
