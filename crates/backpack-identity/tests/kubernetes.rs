//! Kubernetes, by what manifests hand down.

mod common;

use backpack_identity::providers::{Downward, Kubernetes};
use backpack_identity::{Field, Host};
use common::{identify, is_elsewhere};

const LABELS: &str = r#"app.kubernetes.io/name="counter"
app.kubernetes.io/version="1.2"
pod-template-hash="5d5f"
"#;

fn pod() -> Host {
    Host::imaginary().with_variable("KUBERNETES_SERVICE_HOST", "10.0.0.1")
}

#[test]
fn all_that_a_manifest_can_hand_down_is_found() {
    let annotations =
        "kubernetes.io/config.source=\"api\"\nkubernetes.io/description=\"counts \\\"cars\\\"\\nand more\"\n";
    let host = pod()
        .with_variable("POD_UID", "0b1c-22")
        .with_variable("POD_NAME", "counter-5d5f-x2")
        .with_variable("NODE_NAME", "edge-3")
        .with_file("/etc/podinfo/labels", LABELS)
        .with_file("/etc/podinfo/annotations", annotations);
    let identity = identify(Kubernetes::new(), host).unwrap();
    assert_eq!(identity.instance_id(), Some("0b1c-22"));
    assert_eq!(identity.application_name(), Some("counter"));
    assert_eq!(identity.description(), Some("counts \"cars\"\nand more"));
    assert_eq!((identity.device_id(), identity.device_name()), (Some("edge-3"), Some("edge-3")));
    assert_eq!(identity.tag("app.kubernetes.io/version"), Some("1.2"));
    assert_eq!(identity.tags().count(), 3);
    let source = identity.source(Field::ApplicationName).unwrap().to_string();
    assert_eq!(source, "kubernetes: app.kubernetes.io/name in /etc/podinfo/labels");
}

#[test]
fn uid_and_name_may_be_files() {
    let host = pod().with_file("/podinfo/uid", "0b1c-22\n").with_file("/podinfo/name", "counter-x2");
    let identity = identify(Kubernetes::new().folder("/podinfo"), host).unwrap();
    assert_eq!(identity.instance_id(), Some("0b1c-22"));
    let host = pod().with_file("/etc/podinfo/name", "counter-x2\n");
    let identity = identify(Kubernetes::new(), host).unwrap();
    assert_eq!(identity.instance_id(), Some("counter-x2"));
}

#[test]
fn variables_may_have_names_of_their_own() {
    let host = pod()
        .with_variable("MY_UID", "0b1c-22")
        .with_variable("MY_NODE", "edge-3")
        .with_variable("MY_APP", "counter");
    let provider = Kubernetes::new()
        .variable(Downward::PodUid, "MY_UID")
        .variable(Downward::NodeName, "MY_NODE")
        .variable(Downward::AppName, "MY_APP");
    let identity = identify(provider, host).unwrap();
    assert_eq!((identity.instance_id(), identity.device_id()), (Some("0b1c-22"), Some("edge-3")));
    assert_eq!(identity.application_name(), Some("counter"));
}

#[test]
fn when_nothing_is_handed_down_the_host_name_is_the_pods() {
    let host = pod().with_file("/proc/sys/kernel/hostname", "counter-5d5f-x2\n");
    let identity = identify(Kubernetes::new(), host).unwrap();
    assert_eq!(identity.instance_id(), Some("counter-5d5f-x2"));
    let source = &identity.source(Field::InstanceId).unwrap().origin;
    assert!(source.starts_with("/proc/sys/kernel/hostname, which is the pod's name"), "{source}");
}

#[test]
fn a_broken_file_of_labels_is_an_error_with_its_line() {
    let host = pod().with_variable("POD_UID", "u").with_file("/etc/podinfo/labels", "a=\"b\"\nc=d\n");
    let error = identify(Kubernetes::new(), host).unwrap_err().to_string();
    assert_eq!(error, "the identity by kubernetes: /etc/podinfo/labels: line 2 is not `key=\"value\"`");
}

#[test]
fn every_escape_of_go_is_read() {
    let quoted = r#"a="\a\b\f\n\r\t\v\\\"\x41\u00e4\U0001f600=\xff""#;
    let host = pod().with_variable("POD_UID", "u").with_file("/etc/podinfo/labels", quoted);
    let identity = identify(Kubernetes::new(), host).unwrap();
    let expected = "\u{7}\u{8}\u{c}\n\r\t\u{b}\\\"Aä\u{1f600}=\u{fffd}";
    assert_eq!(identity.tag("a"), Some(expected));
}

#[test]
fn what_go_never_writes_is_refused() {
    let wrong =
        [r#"a="b"c""#, r#"a="\""#, r#"a="\x4""#, r#"a="\ud800""#, r#"a="\q""#, r#"="b""#, r#"a=""#, "a"];
    for line in wrong {
        let host = pod().with_variable("POD_UID", "u").with_file("/etc/podinfo/labels", line);
        assert!(identify(Kubernetes::new(), host).is_err(), "{line}");
    }
}

#[test]
fn elsewhere_the_same_variables_mean_nothing() {
    assert!(is_elsewhere(Kubernetes::new(), Host::imaginary().with_variable("POD_UID", "u")));
}

mod round_trip {
    use proptest::prelude::*;

    use super::*;

    /// As Go's `strconv.Quote` writes it: what cannot be printed is escaped.
    fn quote(text: &str) -> String {
        let escaped = text.chars().map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\n' => "\\n".to_owned(),
            c if c.is_control() => format!("\\u{:04x}", u32::from(c)),
            c if u32::from(c) > 0xffff => format!("\\U{:08x}", u32::from(c)),
            c => c.to_string(),
        });
        format!("\"{}\"", escaped.collect::<String>())
    }

    proptest! {
        #[test]
        fn whatever_go_quotes_is_read_back(value in any::<String>(), key in "[a-z./]{1,20}") {
            let line = format!("{key}={}\n", quote(&value));
            let host = pod().with_variable("POD_UID", "u").with_file("/etc/podinfo/labels", line);
            let identity = identify(Kubernetes::new(), host).unwrap();
            prop_assert_eq!(identity.tag(&key), Some(value.as_str()));
        }
    }
}
