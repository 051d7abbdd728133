//! Who is asked, in which order, and what becomes of the answers.

mod common;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use backpack_identity::{
    Cancel, Chain, Details, DetectError, Field, Host, Identity, Provider, ProviderError, Search,
};

/// Says what the test wants it to, and counts how often it is asked.
struct Says<F>(&'static str, F, Arc<AtomicUsize>);

fn says<F>(name: &'static str, answer: F) -> Says<F>
where
    F: Fn(&Search) -> Result<Details, ProviderError> + Send + Sync,
{
    Says(name, answer, Arc::default())
}

impl<F: Fn(&Search) -> Result<Details, ProviderError> + Send + Sync> Provider for Says<F> {
    fn name(&self) -> &str {
        self.0
    }

    fn identify(&self, search: &Search) -> Result<Details, ProviderError> {
        self.2.fetch_add(1, Ordering::Relaxed);
        (self.1)(search)
    }
}

fn elsewhere(_: &Search) -> Result<Details, ProviderError> {
    Err(ProviderError::not_here("its sign is missing"))
}

fn broken(_: &Search) -> Result<Details, ProviderError> {
    Err(ProviderError::failed("the answer is 500").caused_by("the service is out of order"))
}

fn device(_: &Search) -> Result<Details, ProviderError> {
    Ok(Details::new().device_id("d-1", "a file").tag("site", "Bremen", "a file"))
}

fn chain() -> Chain {
    Chain::new().host(Host::imaginary())
}

#[test]
fn the_first_platform_that_is_here_is_taken_and_the_next_are_not_asked() {
    let other = says("other", device);
    let asked = other.2.clone();
    let chain = chain().or_else(says("a", elsewhere)).or_else(says("b", device)).or_else(other);
    let identity = chain.detect_blocking().unwrap();
    assert_eq!(identity.device_id(), Some("d-1"));
    assert_eq!(identity.source(Field::DeviceId).unwrap().to_string(), "b: a file");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[test]
fn a_provider_of_the_users_own_goes_before_the_others() {
    let own = says("own", |_: &Search| Ok(Details::new().device_id("mine", "here")));
    let identity = chain().or_else(says("b", device)).first_try(own).detect_blocking().unwrap();
    assert_eq!(identity.device_id(), Some("mine"));
}

#[test]
fn the_host_completes_what_the_platform_does_not_know_tag_by_tag() {
    let host = says("host", |_: &Search| {
        let details = Details::new().device_id("other", "host").device_name("gate", "host");
        Ok(details.tag("site", "Ulm", "host").tag("rack", "7", "host"))
    });
    let identity = chain().first_try(says("platform", device)).completed_by(host).detect_blocking().unwrap();
    assert_eq!((identity.device_id(), identity.device_name()), (Some("d-1"), Some("gate")));
    assert_eq!(identity.tags().collect::<Vec<_>>(), [("rack", "7"), ("site", "Bremen")]);
    assert_eq!(identity.tag_source("site").unwrap().provider, "platform");
    assert_eq!(identity.tag_source("rack").unwrap().provider, "host");
}

#[test]
fn what_is_configured_wins_over_all() {
    let values = Identity::builder().device_id("given").tag("site", "Rome");
    let identity = chain().first_try(says("platform", device)).configured(values).detect_blocking().unwrap();
    assert_eq!((identity.device_id(), identity.tag("site")), (Some("given"), Some("Rome")));
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "configuration");
}

#[test]
fn a_failure_ends_the_search_and_names_its_provider() {
    let next = says("next", device);
    let asked = next.2.clone();
    let error = chain().first_try(says("broken", broken)).or_else(next).detect_blocking().unwrap_err();
    let text = error.to_string();
    assert_eq!(text, "the identity by broken: the answer is 500: the service is out of order");
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[test]
fn a_failure_of_a_completing_provider_is_an_error_too() {
    let chain = chain().first_try(says("platform", device)).completed_by(says("host", broken));
    let result = chain.detect_blocking();
    assert!(matches!(result, Err(DetectError::Provider { provider, .. }) if provider == "host"));
}

#[test]
fn without_an_id_the_error_tells_who_was_asked_and_what_each_said() {
    let nameless = says("host", |_: &Search| Ok(Details::new().device_name("gate", "a file")));
    let error =
        chain().first_try(says("platform", elsewhere)).completed_by(nameless).detect_blocking().unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with("; platform: its sign is missing; host: knows no id"), "{text}");
    assert!(text.contains("Identity::builder()"), "{text}");
}

#[test]
fn a_chain_that_was_called_off_asks_nobody() {
    let cancel = Cancel::new();
    cancel.cancel();
    let platform = says("platform", device);
    let asked = platform.2.clone();
    let result = chain().first_try(platform).cancelled_by(&cancel).detect_blocking();
    assert!(matches!(result, Err(DetectError::Cancelled)));
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[test]
fn a_wait_ends_when_the_search_is_called_off() {
    let cancel = Cancel::new();
    let (sender, is_waiting) = mpsc::channel();
    let platform = says("platform", move |search: &Search| {
        sender.send(()).unwrap();
        search.wait(Duration::from_secs(3600)).map(|()| Details::new())
    });
    let chain = chain().first_try(platform).cancelled_by(&cancel);
    let search = thread::spawn(|| chain.detect_blocking());
    is_waiting.recv().unwrap();
    cancel.cancel();
    assert!(matches!(search.join().unwrap(), Err(DetectError::Cancelled)));
}

#[test]
fn waits_last_as_long_as_they_should() {
    const PAUSE: Duration = Duration::from_millis(30);
    let platform = says("platform", |search: &Search| {
        search.wait(PAUSE)?;
        device(search)
    });
    let start = Instant::now();
    chain().first_try(platform).detect_blocking().unwrap();
    assert!(start.elapsed() >= PAUSE);
}

#[tokio::test]
async fn it_can_be_awaited_on_any_executor() {
    let identity = chain().first_try(says("platform", device)).detect().await.unwrap();
    assert_eq!(identity.id(), "d-1");
}

#[test]
fn the_future_may_go_to_another_thread_and_lives_on_its_own() {
    fn is_free<T: Send + 'static>(value: T) -> T {
        value
    }
    drop(is_free(chain().detect()));
    drop(is_free(Identity::detect()));
}

#[tokio::test]
async fn dropping_the_future_calls_the_search_off_but_nothing_else() {
    let cancel = Cancel::new();
    let (began, has_begun) = mpsc::channel();
    let (ended, end) = mpsc::channel();
    let platform = says("platform", move |search: &Search| {
        began.send(()).unwrap();
        let result = search.wait(Duration::from_secs(3600));
        ended.send(matches!(result, Err(ProviderError::Cancelled))).unwrap();
        result.map(|()| Details::new())
    });
    let mut search = Box::pin(chain().first_try(platform).cancelled_by(&cancel).detect());
    tokio::select! {
        biased;
        _ = &mut search => panic!("it waits for an hour"),
        () = tokio::task::yield_now() => {}
    }
    has_begun.recv().unwrap();
    drop(search);
    assert!(end.recv_timeout(Duration::from_secs(10)).unwrap(), "the wait was called off");
    assert!(!cancel.is_cancelled(), "what else it may stop goes on");
}

#[tokio::test]
async fn a_provider_that_panics_is_an_error_for_those_who_await() {
    let platform = says("platform", |_: &Search| panic!("on purpose"));
    let result = chain().first_try(platform).detect().await;
    assert!(matches!(result, Err(DetectError::Panicked)));
}

#[test]
fn the_standard_chain_finds_a_machine_without_platform_by_itself() {
    let host = Host::imaginary().with_file("/proc/sys/kernel/hostname", "gate\n");
    let identity = Chain::standard().host(host).detect_blocking().unwrap();
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "linux");
}

#[test]
fn on_an_empty_machine_the_standard_chain_tells_why_each_platform_is_not_it() {
    let error = Chain::standard().host(Host::imaginary()).detect_blocking().unwrap_err().to_string();
    for name in ["greengrass", "ecs", "balena", "kubernetes", "ec2", "jetson", "linux"] {
        assert!(error.contains(&format!("; {name}: ")), "{error}");
    }
}
