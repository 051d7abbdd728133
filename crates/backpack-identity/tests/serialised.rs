//! Identities in JSON: written and read back.

#![cfg(feature = "serde")]

use std::time::{Duration, UNIX_EPOCH};

use backpack_identity::{Field, Identity};
use proptest::prelude::*;

#[test]
fn values_have_the_names_that_are_printed_and_sources_lie_beside_them() {
    let identity = Identity::builder()
        .device_id("d")
        .tag("site", "Bremen")
        .created(UNIX_EPOCH + Duration::from_secs(1_577_836_800))
        .build()
        .unwrap();
    let expected = serde_json::json!({
        "application_created_time": "2020-01-01T00:00:00Z",
        "application_tags": {"site": "Bremen"},
        "device_id": "d",
        "sources": {
            "application_created_time": {"provider": "configuration", "origin": "given by the application"},
            "application_tags.site": {"provider": "configuration", "origin": "given by the application"},
            "device_id": {"provider": "configuration", "origin": "given by the application"},
        },
    });
    assert_eq!(serde_json::to_value(&identity).unwrap(), expected);
}

#[test]
fn a_record_by_hand_needs_no_sources_but_an_id() {
    let identity: Identity = serde_json::from_str(r#"{"device_id": "d", "device_name": ""}"#).unwrap();
    assert_eq!((identity.device_id(), identity.device_name()), (Some("d"), None));
    assert_eq!(identity.source(Field::DeviceId).unwrap().provider, "serialised");
    let error = serde_json::from_str::<Identity>(r#"{"device_name": "gate"}"#).unwrap_err();
    assert!(error.to_string().contains("needs an instance id or a device id"), "{error}");
    let error = serde_json::from_str::<Identity>(r#"{"device_id": "d", "application_created_time": "now"}"#);
    assert!(error.unwrap_err().to_string().contains("application_created_time \"now\""));
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        texts in prop::array::uniform6(any::<String>()),
        tags in prop::collection::btree_map(any::<String>(), any::<String>(), 0..5),
        seconds in 0_u64..253_402_207_200,
    ) {
        let [instance, name, description, status, device, device_name] = texts;
        let builder = Identity::builder()
            .instance_id(instance)
            .application_name(name)
            .description(description)
            .status(status)
            .device_id(format!("d{device}"))
            .device_name(device_name)
            .created(UNIX_EPOCH + Duration::from_secs(seconds));
        let identity = tags.into_iter().fold(builder, |builder, (key, value)| builder.tag(key, value)).build().unwrap();
        let json = serde_json::to_string(&identity).unwrap();
        prop_assert_eq!(serde_json::from_str::<Identity>(&json).unwrap(), identity);
    }
}
