//! NVIDIA Jetson, by its device tree.

mod common;

use backpack_identity::{Chain, Field, Host, providers::Jetson};
use common::{identify, is_elsewhere};

fn orin() -> Host {
    Host::imaginary()
        .with_file(
            "/proc/device-tree/compatible",
            "nvidia,p3768-0000+p3767-0005\0nvidia,p3767-0005\0nvidia,tegra234\0",
        )
        .with_file("/proc/device-tree/model", "NVIDIA Jetson Orin Nano Developer Kit\0")
        .with_file("/proc/device-tree/serial-number", "1421221034567\0")
}

#[test]
fn serial_and_model_are_read_without_their_null_bytes() {
    let identity = identify(Jetson::new(), orin()).unwrap();
    assert_eq!(identity.device_id(), Some("1421221034567"));
    assert_eq!(identity.device_name(), Some("NVIDIA Jetson Orin Nano Developer Kit"));
    assert_eq!(
        identity.source(Field::DeviceId).unwrap().to_string(),
        "jetson: /proc/device-tree/serial-number"
    );
}

#[test]
fn other_boards_and_machines_without_a_device_tree_are_none() {
    let raspberry = Host::imaginary()
        .with_file("/proc/device-tree/compatible", "raspberrypi,5-model-b\0brcm,bcm2712\0")
        .with_file("/proc/device-tree/serial-number", "10000000abcdef\0");
    assert!(is_elsewhere(Jetson::new(), raspberry));
    assert!(is_elsewhere(Jetson::new(), Host::imaginary()));
}

#[test]
fn a_jetson_without_a_serial_number_gets_its_id_from_linux() {
    let host = orin()
        .with_file("/proc/device-tree/serial-number", "\0")
        .with_file("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    let identity = Chain::standard().host(host).detect_blocking().unwrap();
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "linux");
    assert_eq!(identity.source(Field::DeviceName).unwrap().provider, "jetson");
}
