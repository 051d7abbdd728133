//! The identity itself: made by hand, shown, compared.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use backpack_identity::{Field, Identity, NoIdError};

#[test]
fn one_id_is_enough_and_without_one_there_is_no_identity() {
    assert_eq!(Identity::builder().instance_id("i").build().unwrap().id(), "i");
    assert_eq!(Identity::builder().device_id("d").build().unwrap().id(), "d");
    assert_eq!(Identity::builder().device_id("d").instance_id("i").build().unwrap().id(), "i");
    assert_eq!(Identity::builder().device_name("gate").build(), Err(NoIdError));
}

#[test]
fn empty_texts_are_the_same_as_none() {
    assert_eq!(Identity::builder().device_id(" ").build(), Err(NoIdError));
    let identity = Identity::builder().device_id("d").device_name("").tag("", "x").build().unwrap();
    assert_eq!(identity.device_name(), None);
    assert_eq!(identity.tags().count(), 0);
}

#[test]
fn it_is_shown_line_by_line_with_what_is_known() {
    let identity = Identity::builder()
        .created(UNIX_EPOCH + Duration::from_micros(1_645_115_885_510_000))
        .description("counts cars")
        .instance_id("applicationInstance-0123")
        .application_name("counter")
        .status("RUNNING")
        .tag("foo", "bar")
        .tag("a", "b")
        .device_id("device-0123")
        .device_name("gate")
        .build()
        .unwrap();
    let expected = r#"<Identity
    application_created_time="2022-02-17 16:38:05.51+00:00"
    application_description="counts cars"
    application_instance_id="applicationInstance-0123"
    application_name="counter"
    application_status="RUNNING"
    application_tags={"a": "b", "foo": "bar"}
    device_id="device-0123"
    device_name="gate"
>"#;
    assert_eq!(identity.to_string(), expected);
}

#[test]
fn the_alternate_form_tells_the_sources() {
    let identity = Identity::builder().device_id("d").tag("a", "b").build().unwrap();
    let expected = r#"<Identity
    application_tags["a"]="b"  (configuration: given by the application)
    device_id="d"  (configuration: given by the application)
>"#;
    assert_eq!(format!("{identity:#}"), expected);
}

#[test]
fn values_from_outside_cannot_break_out_of_their_line() {
    let identity = Identity::builder().device_id("d\"\n>\u{1b}[31m").tag("k\n", "v\n").build().unwrap();
    assert_eq!(identity.to_string().lines().count(), 4);
    assert!(!identity.to_string().contains('\u{1b}'));
}

#[test]
fn an_identity_for_tests_is_always_the_same_and_complete() {
    let identity = Identity::for_tests("instance-1", "counter");
    assert_eq!(identity, Identity::for_tests("instance-1", "counter"));
    assert_eq!((identity.id(), identity.application_name()), ("instance-1", Some("counter")));
    for field in Field::ALL {
        assert!(identity.get(field).is_some(), "{field}");
        assert_eq!(identity.source(field).unwrap().provider, "tests");
    }
}

#[test]
fn dimensions_are_few_and_printable() {
    let all = |identity: &Identity| identity.dimensions().collect::<Vec<_>>();
    let named =
        Identity::builder().application_name("hike").device_name("Köln\n1").device_id("d").build().unwrap();
    assert_eq!(all(&named), [("Application", "hike".to_owned()), ("Device", "K?ln?1".to_owned())]);
    let bare = Identity::builder().device_id("d-1").build().unwrap();
    assert_eq!(all(&bare), [("Device", "d-1".to_owned())]);
}

#[test]
fn times_beyond_what_can_be_printed_are_shown_as_the_nearest() {
    let far = UNIX_EPOCH + Duration::from_secs(1 << 60);
    let identity = Identity::builder().device_id("d").created(far).build().unwrap();
    assert!(identity.get(Field::CreatedTime).unwrap().starts_with("9999-12-3"));
    let now = SystemTime::now();
    let identity = Identity::builder().device_id("d").created(now).build().unwrap();
    assert_eq!(identity.created(), Some(now));
}
