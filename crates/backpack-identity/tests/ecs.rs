//! ECS on EC2, Fargate and hardware of one's own, against a small metadata endpoint.

mod common;

use std::time::{Duration, UNIX_EPOCH};

use backpack_identity::{DetectError, Field, Host, providers::Ecs};
use common::{Reply, Service, identify, is_elsewhere, ok, status};

const TASK: &str = r#"{
    "Cluster": "default",
    "TaskARN": "arn:aws:ecs:eu-west-1:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c",
    "Family": "counter",
    "Revision": "7",
    "DesiredStatus": "RUNNING",
    "KnownStatus": "RUNNING",
    "LaunchType": "EXTERNAL",
    "Containers": [
        {"Name": "side", "CreatedAt": "2026-10-02T00:43:07.012345678Z"},
        {"Name": "counter", "CreatedAt": "2026-10-02T00:43:06.202617438Z"},
        {"Name": "broken", "CreatedAt": "yesterday"}
    ],
    "TaskTags": {"site": "Bremen", "stage": "test"}
}"#;

/// With time enough on a busy machine.
fn ecs() -> Ecs {
    Ecs::new().deadline(Duration::from_secs(60))
}

fn task(service: &Service) -> Host {
    Host::imaginary().with_variable("ECS_CONTAINER_METADATA_URI_V4", format!("{}/v4/c1", service.url))
}

#[test]
fn the_task_is_the_instance_and_its_definition_the_application() {
    let service = Service::start(|_| ok(TASK));
    let identity = identify(ecs(), task(&service)).unwrap();
    let arn = "arn:aws:ecs:eu-west-1:111122223333:task/default/158d1c8083dd49d6b527399fd6414f5c";
    assert_eq!(identity.instance_id(), Some(arn));
    assert_eq!(identity.application_name(), Some("counter:7"));
    assert_eq!(identity.status(), Some("RUNNING"));
    assert_eq!(identity.tags().collect::<Vec<_>>(), [("site", "Bremen"), ("stage", "test")]);
    let created = UNIX_EPOCH + Duration::new(1_790_901_786, 202_617_438);
    assert_eq!(identity.created(), Some(created), "the first container's");
    assert_eq!((identity.device_id(), identity.device_name()), (None, None));
    assert_eq!(identity.source(Field::Status).unwrap().to_string(), "ecs: KnownStatus of the task metadata");
    assert_eq!(service.requests()[0].target, "/v4/c1/taskWithTags");
    assert_eq!(service.requests().len(), 1);
}

#[test]
fn the_container_instance_is_the_device_where_the_agent_writes_it_down() {
    let service = Service::start(|_| ok(TASK));
    let arn = "arn:aws:ecs:eu-west-1:111122223333:container-instance/default/1f73d099";
    let file = format!(r#"{{"ContainerInstanceARN": "{arn}", "MetadataFileStatus": "READY"}}"#);
    let host = task(&service)
        .with_variable("ECS_CONTAINER_METADATA_FILE", "/opt/ecs/metadata/x/ecs-container-metadata.json")
        .with_file("/opt/ecs/metadata/x/ecs-container-metadata.json", file);
    let identity = identify(ecs(), host).unwrap();
    assert_eq!(identity.device_id(), Some(arn));
}

#[test]
fn an_agent_that_knows_no_tags_is_asked_without() {
    let service = Service::start(|request| match request.target.as_str() {
        "/v4/c1/task" => ok(r#"{"TaskARN": "arn:task"}"#),
        _ => status(404),
    });
    let identity = identify(ecs(), task(&service)).unwrap();
    assert_eq!((identity.id(), identity.tags().count()), ("arn:task", 0));
}

#[test]
fn tags_that_may_not_be_read_are_left_out() {
    let answer = r#"{"TaskARN": "arn:task", "Errors": [{"ErrorField": "TaskTags", "ErrorCode": "AccessDeniedException", "StatusCode": 400}]}"#;
    let service = Service::start(move |_| ok(answer));
    assert_eq!(identify(ecs(), task(&service)).unwrap().tags().count(), 0);
}

#[test]
fn an_endpoint_that_recovers_is_asked_again() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let service = Service::start(move |_| match count.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => status(429),
        1 => status(500),
        _ => ok(TASK),
    });
    assert!(identify(ecs(), task(&service)).is_ok());
    assert_eq!(service.requests().len(), 3);
}

#[test]
fn every_failure_is_an_error_that_names_the_provider_and_the_reason() {
    type Answer = fn(&common::Request) -> Reply;
    let cases: [(Answer, Ecs, &str); 4] = [
        (|_| status(403), ecs(), "was answered with 403"),
        (|_| ok("<html>"), ecs(), "was answered with broken JSON"),
        (|_| ok("{}"), ecs(), "did not tell the TaskARN"),
        (|_| Reply::Silence, Ecs::new().deadline(Duration::from_millis(300)), "had no answer: it timed out"),
    ];
    for (answer, provider, reason) in cases {
        let service = Service::start(answer);
        let error = identify(provider, task(&service)).unwrap_err();
        assert!(matches!(&error, DetectError::Provider { provider, .. } if provider == "ecs"), "{error}");
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[test]
fn nobody_at_the_address_is_an_error() {
    let host = task(&Service::start(|_| status(200)));
    let error = identify(ecs(), host).unwrap_err().to_string();
    assert!(error.contains("refused"), "{error}");
}

#[test]
fn without_the_variable_it_is_elsewhere() {
    assert!(is_elsewhere(ecs(), Host::imaginary()));
}
