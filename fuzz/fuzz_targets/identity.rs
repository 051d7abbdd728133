#![no_main]

use arbitrary::Arbitrary;
use backpack_identity::{Chain, Field, Host};
use libfuzzer_sys::fuzz_target;

#[derive(Debug, Arbitrary)]
struct Machine<'a> {
    labels: &'a [u8],
    annotations: &'a [u8],
    uid: &'a [u8],
    machine_id: &'a [u8],
    host_name: &'a [u8],
    compatible: &'a [u8],
    serial: &'a [u8],
    node: &'a str,
    is_pod: bool,
}

fuzz_target!(|machine: Machine| {
    let mut host = Host::imaginary()
        .with_file("/etc/podinfo/labels", machine.labels)
        .with_file("/etc/podinfo/annotations", machine.annotations)
        .with_file("/etc/podinfo/uid", machine.uid)
        .with_file("/etc/machine-id", machine.machine_id)
        .with_file("/proc/sys/kernel/hostname", machine.host_name)
        .with_file("/proc/device-tree/compatible", machine.compatible)
        .with_file("/proc/device-tree/serial-number", machine.serial)
        .with_variable("NODE_NAME", machine.node);
    if machine.is_pod {
        host = host.with_variable("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    }
    if let Ok(identity) = Chain::standard().host(host).detect_blocking() {
        assert!(!identity.id().trim().is_empty(), "there is an id");
        let known = Field::ALL.into_iter().filter(|&field| identity.get(field).is_some());
        let tags = usize::from(identity.tags().next().is_some());
        assert_eq!(identity.to_string().lines().count(), 2 + known.count() + tags, "one line each");
    }
});
