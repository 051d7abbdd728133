//! Panorama, against a small fake of its API: pages, waiting, and what can go wrong.

#![cfg(feature = "panorama")]

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_panorama::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::Builder;
use backpack_identity::providers::{BackOff, Panorama};
use backpack_identity::{Cancel, Chain, DetectError, Field, Host, Identity};
use common::{Reply, Request, Service, is_elsewhere, ok};

const ID: &str = "applicationInstance-mine";
/// Time enough on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const SECRET: &str = "wJalrXUtnFEMI-of-the-test";

/// The SDK, told to talk to the fake.
fn sdk(service: &Service, patience: Duration) -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET, Some("s3ss10n".into()), None, "test");
    let timeouts = TimeoutConfig::builder().operation_timeout(patience).build();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(&service.url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(Builder::new().build_http())
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts)
        .build()
}

fn chain(service: &Service) -> Chain {
    chain_of(Panorama::new().sdk_config(sdk(service, PATIENCE)))
}

fn chain_of(panorama: Panorama) -> Chain {
    Chain::new().first_try(panorama).host(Host::imaginary().with_variable("AppGraph_Uid", ID))
}

/// The same chain, with the pauses that it makes instead of waiting.
fn with_pauses(chain: Chain) -> (Chain, Arc<Mutex<Vec<u64>>>) {
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let made = pauses.clone();
    (chain.waits_by(move |pause| made.lock().expect("nobody panicked").push(pause.as_secs())), pauses)
}

fn instance(id: &str, health: &str) -> String {
    format!(
        r#"{{"ApplicationInstanceId": "{id}", "Name": "counter", "Description": "counts cars",
            "HealthStatus": "{health}", "Status": "DEPLOYMENT_SUCCEEDED", "CreatedTime": 1645115885.51,
            "DefaultRuntimeContextDevice": "device-1", "DefaultRuntimeContextDeviceName": "gate",
            "Tags": {{"foo": "bar"}}}}"#
    )
}

fn page(instances: &str, next: Option<&str>) -> Reply {
    let next = next.map(|token| format!(r#", "NextToken": "{token}""#)).unwrap_or_default();
    ok(format!(r#"{{"ApplicationInstances": [{instances}]{next}}}"#))
}

/// Mine is on the third page of three.
fn three_pages(request: &Request) -> Reply {
    let other = instance("applicationInstance-other", "ERROR");
    match request.target.as_str() {
        target if target.contains("nextToken=two") => page(&instance(ID, "RUNNING"), None),
        target if target.contains("nextToken=one") => page(&other, Some("two")),
        _ => page(&format!("{other}, {other}"), Some("one")),
    }
}

#[test]
fn the_instance_is_found_on_the_third_page() {
    let service = Service::start(three_pages);
    let identity = chain(&service).detect_blocking().unwrap();
    assert_eq!((identity.instance_id(), identity.application_name()), (Some(ID), Some("counter")));
    assert_eq!((identity.description(), identity.status()), (Some("counts cars"), Some("RUNNING")));
    assert_eq!((identity.device_id(), identity.device_name()), (Some("device-1"), Some("gate")));
    assert_eq!(identity.tag("foo"), Some("bar"));
    assert_eq!(identity.created(), Some(UNIX_EPOCH + Duration::from_millis(1_645_115_885_510)));
    assert_eq!(
        identity.source(Field::DeviceId).unwrap().to_string(),
        "panorama: DefaultRuntimeContextDevice"
    );
    let requests = service.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert!(request.target.starts_with("/application-instances?"), "{request:?}");
        assert!(request.target.contains("statusFilter=DEPLOYMENT_SUCCEEDED"), "{request:?}");
    }
}

/// Answers `NOT_AVAILABLE` so often, then that it runs.
fn available_after(count: usize) -> Service {
    let asked = AtomicUsize::new(0);
    Service::start(move |_| {
        let is_early = asked.fetch_add(1, Ordering::Relaxed) < count;
        page(&instance(ID, if is_early { "NOT_AVAILABLE" } else { "RUNNING" }), None)
    })
}

#[test]
fn it_asks_again_while_the_status_is_not_available() {
    let service = available_after(3);
    let (chain, pauses) = with_pauses(chain(&service));
    assert_eq!(chain.detect_blocking().unwrap().status(), Some("RUNNING"));
    assert_eq!(*pauses.lock().unwrap(), [5, 10, 20]);
    assert_eq!(service.requests().len(), 4);
}

#[test]
fn after_fifty_tries_and_four_hours_it_gives_up() {
    let service = available_after(usize::MAX);
    let (chain, pauses) = with_pauses(chain(&service));
    let error = chain.detect_blocking().unwrap_err().to_string();
    assert_eq!(
        error,
        format!("the identity by panorama: the application {ID} is still NOT_AVAILABLE after 50 tries")
    );
    let pauses = pauses.lock().unwrap();
    assert_eq!(pauses[..8], [5, 10, 20, 40, 80, 160, 300, 300]);
    assert_eq!((pauses.len(), pauses.iter().sum::<u64>()), (49, 315 + 43 * 300));
    assert_eq!(service.requests().len(), 50);
}

#[test]
fn the_pauses_are_as_configured() {
    let service = available_after(usize::MAX);
    let back_off = BackOff { first: Duration::from_secs(7), longest: Duration::from_secs(10), tries: 4 };
    let panorama = Panorama::new().sdk_config(sdk(&service, PATIENCE)).back_off(back_off);
    let (chain, pauses) = with_pauses(chain_of(panorama));
    assert!(chain.detect_blocking().unwrap_err().to_string().ends_with("after 4 tries"));
    assert_eq!(*pauses.lock().unwrap(), [7, 10, 10]);
    let once = BackOff { tries: 0, ..back_off };
    let (chain, pauses) =
        with_pauses(chain_of(Panorama::new().sdk_config(sdk(&service, PATIENCE)).back_off(once)));
    assert!(chain.detect_blocking().unwrap_err().to_string().ends_with("after 1 tries"));
    assert!(pauses.lock().unwrap().is_empty());
}

#[test]
fn waiting_can_be_called_off() {
    let service = available_after(usize::MAX);
    let cancel = Cancel::new();
    let (pauses, hand) = (AtomicUsize::new(0), cancel.clone());
    let chain = chain(&service).cancelled_by(&cancel).waits_by(move |_| {
        if pauses.fetch_add(1, Ordering::Relaxed) == 2 {
            hand.cancel();
        }
    });
    assert!(matches!(chain.detect_blocking(), Err(DetectError::Cancelled)));
    assert_eq!(service.requests().len(), 3);
}

#[test]
fn a_question_under_way_can_be_called_off() {
    let cancel = Cancel::new();
    let hand = cancel.clone();
    let service = Service::start(move |_| {
        hand.cancel();
        Reply::Silence
    });
    let patient = sdk(&service, Duration::from_secs(3600));
    let chain = chain_of(Panorama::new().sdk_config(patient)).cancelled_by(&cancel);
    assert!(matches!(chain.detect_blocking(), Err(DetectError::Cancelled)));
}

#[tokio::test]
async fn it_can_be_asked_from_within_a_runtime() {
    let service = Service::start(three_pages);
    assert_eq!(chain(&service).detect().await.unwrap().id(), ID);
    assert_eq!(chain(&service).detect_blocking().unwrap().id(), ID, "blocking is rude here, but no panic");
}

fn failure(patience: Duration, answer: fn(&Request) -> Reply) -> DetectError {
    let service = Service::start(answer);
    let panorama = Panorama::new().sdk_config(sdk(&service, patience));
    let error = chain_of(panorama)
        .detect_blocking()
        .map(|identity: Identity| identity.to_string())
        .expect_err("a failure");
    let text = format!("{error} {error:?}");
    assert!(text.contains("panorama") && !text.contains(SECRET) && !text.contains("s3ss10n"), "{text}");
    error
}

#[test]
fn denied_access_is_an_error_that_tells_the_permission() {
    const DENIED: &str = r#"{"__type": "AccessDeniedException", "message": "User: arn:aws:iam::1:role/app is not authorized"}"#;
    let error = failure(PATIENCE, |_| Reply::Answer(403, DENIED.into())).to_string();
    assert!(
        error.contains("AccessDeniedException: User: arn:aws:iam::1:role/app is not authorized"),
        "{error}"
    );
    assert!(error.ends_with("the role needs panorama:ListApplicationInstances"), "{error}");
}

#[test]
fn silence_and_nonsense_are_errors_with_their_causes() {
    let error = failure(Duration::from_millis(300), |_| Reply::Silence).to_string();
    assert!(error.contains("timeout"), "{error}");
    failure(PATIENCE, |_| ok("<html>"));
    failure(PATIENCE, |_| Reply::Answer(500, String::new()));
}

#[test]
fn an_instance_that_is_not_listed_is_an_error_that_tells_where_it_looked() {
    let error =
        failure(PATIENCE, |_| page(&instance("applicationInstance-other", "RUNNING"), None)).to_string();
    assert!(error.contains(&format!("no application {ID} is deployed in eu-west-1")), "{error}");
}

#[test]
fn a_region_is_needed_and_can_be_given() {
    let service = Service::start(three_pages);
    let mut config = sdk(&service, PATIENCE).into_builder();
    config.set_region(None);
    let config = config.build();
    let error =
        chain_of(Panorama::new().sdk_config(config.clone())).detect_blocking().unwrap_err().to_string();
    assert!(error.contains("no AWS region is known: set AWS_REGION"), "{error}");
    let panorama = Panorama::new().sdk_config(config).region("us-east-1");
    assert_eq!(chain_of(panorama).detect_blocking().unwrap().id(), ID);
    let authorization = service.requests()[0].header("authorization").unwrap().to_owned();
    assert!(authorization.contains("/us-east-1/panorama/"), "{authorization}");
}

#[test]
fn elsewhere_nothing_is_asked() {
    let service = Service::start(three_pages);
    assert!(is_elsewhere(Panorama::new().sdk_config(sdk(&service, PATIENCE)), Host::imaginary()));
    assert!(service.requests().is_empty());
}
