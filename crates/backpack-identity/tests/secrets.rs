//! Secrets that providers come by are told to nobody: not in logs, not in `Debug`, not in errors.

mod common;

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use backpack_identity::providers::{Balena, Ec2};
use backpack_identity::{Chain, Host};
use common::{Service, ok, status};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const KEY: &str = "0badc0ffee";

/// Keeps every event of every level as text.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(&mut self.0.lock().expect("nobody panicked")));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        writeln!(self.0, "{field}={value:?}").expect("a string takes all");
    }
}

fn device(address: &str) -> Host {
    Host::imaginary()
        .with_variable("BALENA", "1")
        .with_variable("BALENA_DEVICE_UUID", "ab24d4b")
        .with_variable("BALENA_SUPERVISOR_API_KEY", KEY)
        .with_variable("BALENA_SUPERVISOR_ADDRESS", address)
}

#[test]
fn the_key_of_a_supervisor_that_refuses_it_is_not_logged() {
    let service = Service::start(|_| status(401));
    // An address that is none must not drag the key into the error either.
    for address in [service.url.as_str(), "http://no address", "https://127.0.0.1:1", "http://127.0.0.1:1"] {
        let log = Log::default();
        let chain = Chain::new().first_try(Balena::new()).host(device(address));
        let shown = format!("{chain:?}");
        let identity = tracing::subscriber::with_default(log.clone(), || chain.detect_blocking()).unwrap();
        let logged = log.0.lock().unwrap().clone();
        assert!(logged.contains("balena's supervisor does not tell"), "{logged}");
        for text in [logged, shown, format!("{identity:#} {identity:?}")] {
            assert!(!text.contains(KEY), "{text}");
        }
    }
}

/// Keeps what the HTTP client logs.
struct ClientLog(Mutex<String>);

static CLIENT_LOG: ClientLog = ClientLog(Mutex::new(String::new()));

impl log::Log for ClientLog {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.lock().expect("nobody panicked"), "{}", record.args()).expect("a string takes all");
    }

    fn flush(&self) {}
}

#[test]
fn the_http_client_logs_neither_key_nor_token() {
    const TOKEN: &str = "AQAAAtokenOfTheTest";
    log::set_logger(&CLIENT_LOG).unwrap();
    log::set_max_level(log::LevelFilter::Debug);
    let service = Service::start(|request| ok(if request.method == "PUT" { TOKEN } else { "{}" }));
    drop(Chain::new().first_try(Balena::new()).host(device(&service.url)).detect_blocking());
    let instance = Host::imaginary().with_variable("AWS_EC2_METADATA_SERVICE_ENDPOINT", &service.url);
    drop(Chain::new().first_try(Ec2::new()).host(instance).detect_blocking());
    let sent = format!("{:?}", service.requests());
    assert!(sent.contains(KEY) && sent.contains(TOKEN), "both were sent: {sent}");
    let logged = CLIENT_LOG.0.lock().unwrap().clone();
    assert!(logged.contains("GET") && logged.contains("PUT"), "the client logs: {logged}");
    assert!(!logged.contains(KEY) && !logged.contains(TOKEN), "{logged}");
}
