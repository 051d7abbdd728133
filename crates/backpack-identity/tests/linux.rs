//! Any Linux: made-up ones, one in a folder, and the one that runs the tests.

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use backpack_identity::{Chain, Field, Host, Identity, ProviderError, providers::Linux};
use common::{identify, is_elsewhere};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn gate() -> Host {
    Host::imaginary().with_file("/proc/sys/kernel/hostname", "gate\n").with_executable("/opt/app/counter.bin")
}

#[test]
fn the_machine_id_is_hashed_and_the_hash_stays_the_same() {
    let identity = identify(Linux::new(), gate().with_file("/etc/machine-id", format!("{ID}\n"))).unwrap();
    // HMAC-SHA256 of "panorama-backpack device id" with the machine id as the key, its first half.
    assert_eq!(identity.device_id(), Some("93b2e22edaca8eda01c113c6cb5afb92"));
    assert_eq!(identity.source(Field::DeviceId).unwrap().to_string(), "linux: /etc/machine-id, hashed");
    assert_eq!((identity.device_name(), identity.application_name()), (Some("gate"), Some("counter")));
    assert!(!format!("{identity:#} {identity:?}").contains(ID));
}

#[test]
fn without_a_machine_id_the_host_name_takes_its_place_and_the_source_says_why() {
    let cases = [
        (None, "is missing"),
        (Some("\n"), "is empty"),
        (Some("uninitialized\n"), "is not initialised yet"),
        (Some("00000000000000000000000000000000\n"), "is all zeros"),
        (Some("0123\n"), "is no machine id"),
    ];
    for (contents, why) in cases {
        let host = match contents {
            Some(contents) => gate().with_file("/etc/machine-id", contents),
            None => gate(),
        };
        let identity = identify(Linux::new(), host).unwrap();
        assert_eq!(identity.device_id(), Some("gate"));
        let origin = &identity.source(Field::DeviceId).unwrap().origin;
        assert_eq!(origin, &format!("/proc/sys/kernel/hostname, as /etc/machine-id {why}"));
    }
}

#[test]
fn a_host_name_that_all_hosts_begin_with_names_no_device() {
    for name in ["localhost\n", "(none)\n", "localhost.localdomain", ""] {
        assert!(is_elsewhere(Linux::new(), Host::imaginary().with_file("/proc/sys/kernel/hostname", name)));
    }
    let host = Host::imaginary()
        .with_file("/proc/sys/kernel/hostname", "localhost\n")
        .with_file("/etc/hostname", "gate\n");
    assert_eq!(identify(Linux::new(), host).unwrap().device_id(), Some("gate"));
}

#[test]
fn the_files_of_a_host_may_be_mounted_somewhere() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("identity-mounted-host");
    fs::create_dir_all(root.join("etc")).unwrap();
    fs::write(root.join("etc/machine-id"), format!("{ID}\n")).unwrap();
    fs::write(root.join("etc/hostname"), "gate\n").unwrap();
    let identity = identify(Linux::new(), Host::imaginary().with_root(&root)).unwrap();
    assert_eq!(
        (identity.device_id(), identity.device_name()),
        (Some("93b2e22edaca8eda01c113c6cb5afb92"), Some("gate"))
    );
}

#[test]
fn files_that_are_no_text_or_too_long_or_no_files_are_errors() {
    let host = Host::imaginary()
        .with_file("/bytes", [0xff, 0xfe])
        .with_file("/long", vec![b'a'; (1 << 20) + 1])
        .with_root(env!("CARGO_MANIFEST_DIR"));
    let failed = |path: &str| match host.read(path) {
        Err(ProviderError::Failed { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed("/bytes"), "/bytes is not UTF-8");
    assert_eq!(failed("/long"), "/long is longer than 1 MiB");
    assert_eq!(failed("/src"), "/src cannot be read");
    assert_eq!(host.read("/none").unwrap(), None);
    assert_eq!(host.read("/Cargo.toml/none").unwrap(), None);
}

#[test]
fn this_machine_has_an_identity_and_it_is_the_same_every_time() {
    // Whatever platform runs the tests, what Linux says must be there.
    let detect = || Chain::new().completed_by(Linux::new()).detect_blocking().unwrap();
    let identity = detect();
    assert_eq!(identity, detect());
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "linux");
    assert!(identity.application_name().unwrap().starts_with("linux-"), "{identity:#}");
    if let Ok(id) = fs::read_to_string("/etc/machine-id") {
        assert!(!format!("{identity:#}").contains(id.trim()) || id.trim().is_empty());
    }
}

#[tokio::test]
async fn the_standard_chain_finds_this_machine() {
    let identity = tokio::time::timeout(Duration::from_secs(60), Identity::detect()).await.unwrap().unwrap();
    assert!(!identity.id().is_empty());
}
