//! Greengrass v2, by the variables of its components.

mod common;

use backpack_identity::{Field, Host, providers::Greengrass};
use common::{identify, is_elsewhere};

const SOCKET: &str = "AWS_GG_NUCLEUS_DOMAIN_SOCKET_FILEPATH_FOR_COMPONENT";

fn core_device() -> Host {
    Host::imaginary()
        .with_variable(SOCKET, "/greengrass/v2/ipc.socket")
        .with_variable("SVCUID", "S3CRET")
        .with_variable("GGC_VERSION", "2.13.0")
        .with_variable("AWS_REGION", "eu-west-1")
        .with_variable("AWS_IOT_THING_NAME", "core-7")
}

#[test]
fn the_thing_is_the_device_and_the_component_the_application() {
    let host = core_device().with_variable("COMPONENT_NAME", "com.example.Counter");
    let identity = identify(Greengrass::new(), host).unwrap();
    assert_eq!((identity.device_id(), identity.device_name()), (Some("core-7"), Some("core-7")));
    assert_eq!(identity.application_name(), Some("com.example.Counter"));
    assert_eq!(identity.instance_id(), Some("core-7/com.example.Counter"));
    assert_eq!(identity.source(Field::DeviceId).unwrap().to_string(), "greengrass: AWS_IOT_THING_NAME");
    assert_eq!(identity.source(Field::ApplicationName).unwrap().origin, "COMPONENT_NAME");
}

#[test]
fn without_the_components_name_the_application_is_left_open() {
    let identity = identify(Greengrass::new(), core_device()).unwrap();
    assert_eq!((identity.instance_id(), identity.application_name()), (None, None));
    assert_eq!(identity.id(), "core-7");
}

#[test]
fn the_components_name_may_be_in_another_variable() {
    let host = core_device().with_variable("ME", "com.example.Counter");
    let identity = identify(Greengrass::new().component_variable("ME"), host).unwrap();
    assert_eq!(identity.application_name(), Some("com.example.Counter"));
}

#[test]
fn the_socket_or_the_token_alone_is_a_sign() {
    for sign in [SOCKET, "SVCUID"] {
        let host = Host::imaginary().with_variable(sign, "x").with_variable("AWS_IOT_THING_NAME", "core-7");
        assert!(identify(Greengrass::new(), host).is_ok(), "{sign}");
    }
    let host = Host::imaginary().with_variable("AWS_IOT_THING_NAME", "core-7");
    assert!(is_elsewhere(Greengrass::new(), host), "anybody may set the thing's name");
}

#[test]
fn a_component_without_a_thing_is_an_error_that_does_not_tell_the_token() {
    let host = Host::imaginary().with_variable("SVCUID", "S3CRET");
    let error = identify(Greengrass::new(), host).unwrap_err();
    assert!(error.to_string().contains("greengrass: AWS_IOT_THING_NAME is not set"), "{error}");
    assert!(!format!("{error} {error:?}").contains("S3CRET"));
}
