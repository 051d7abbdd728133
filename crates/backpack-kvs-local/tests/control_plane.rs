//! Streams: made, described, found and ended.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use backpack_kvs_local::{Limits, Operation, Refuse};
use common::*;
use serde_json::json;

#[test]
fn a_stream_is_created_with_all_its_parameters_and_described() {
    let kvs = builder().start().unwrap();
    let signer = Signer::default();
    let answer = call(&kvs, &signer, "/describeStream", &json!({ "StreamName": "new" }));
    assert_eq!((answer.status, answer.header("x-amzn-errortype")), (404, Some("ResourceNotFoundException")));

    let parameters = json!({
        "StreamName": "new", "DeviceName": "gate", "MediaType": "video/h264", "KmsKeyId": "alias/key",
        "DataRetentionInHours": 48, "Tags": { "site": "north" },
    });
    let created = call(&kvs, &signer, "/createStream", &parameters);
    assert_eq!(created.status, 200);
    let described = call(&kvs, &signer, "/describeStream", &json!({ "StreamName": "new" })).json();
    let info = &described["StreamInfo"];
    assert_eq!(info["StreamARN"], created.json()["StreamARN"]);
    assert_eq!((&info["MediaType"], &info["KmsKeyId"]), (&json!("video/h264"), &json!("alias/key")));
    assert_eq!((&info["DataRetentionInHours"], &info["Status"]), (&json!(48), &json!("ACTIVE")));
    assert!(info["CreationTime"].is_f64());

    let stream = kvs.streams().into_iter().find(|stream| stream.name == "new").unwrap();
    assert_eq!(stream.tags["site"], "north");
    assert_eq!((stream.device_name.as_deref(), stream.retention_hours), (Some("gate"), 48));

    let again = call(&kvs, &signer, "/createStream", &parameters);
    assert_eq!((again.status, again.header("x-amzn-errortype")), (400, Some("ResourceInUseException")));
    let by_arn = call(&kvs, &signer, "/describeStream", &json!({ "StreamARN": info["StreamARN"] }));
    assert_eq!(by_arn.json()["StreamInfo"]["StreamName"], "new");
}

#[test]
fn what_is_wrong_is_said() {
    let kvs = builder().start().unwrap();
    let kind = |path: &str, body| {
        let answer = call(&kvs, &Signer::default(), path, &body);
        (answer.status, answer.header("x-amzn-errortype").unwrap().to_owned())
    };
    let invalid = (400, "InvalidArgumentException".to_owned());
    assert_eq!(kind("/describeStream", json!({})), invalid);
    assert_eq!(kind("/describeStream", json!([1])), invalid);
    assert_eq!(kind("/createStream", json!({ "StreamName": "no spaces" })), invalid);
    assert_eq!(kind("/createStream", json!({ "StreamName": "a", "DataRetentionInHours": 87_601 })), invalid);
    assert_eq!(kind("/getDataEndpoint", json!({ "StreamName": "cam", "APIName": "GET_MEDIA" })), invalid);
    assert_eq!(kind("/getDataEndpoint", json!({ "StreamName": "cam" })), invalid);
    assert_eq!(kind("/nothing", json!({})), (404, "UnknownOperationException".to_owned()));
}

#[test]
fn the_data_endpoint_is_the_same_server() {
    let kvs = builder().start().unwrap();
    let body = json!({ "StreamName": "cam", "APIName": "PUT_MEDIA" });
    let answer = call(&kvs, &Signer::default(), "/getDataEndpoint", &body);
    assert_eq!(answer.json()["DataEndpoint"], kvs.endpoint());
}

#[test]
fn streams_are_listed_in_pages() {
    let kvs = builder().stream("b").stream("ca").start().unwrap();
    let list = |body| call(&kvs, &Signer::default(), "/listStreams", &body).json();
    let first = list(json!({ "MaxResults": 2 }));
    assert_eq!(first["StreamInfoList"].as_array().unwrap().len(), 2);
    let second = list(json!({ "MaxResults": 2, "NextToken": first["NextToken"] }));
    assert_eq!(second["StreamInfoList"][0]["StreamName"], "cam");
    assert!(second["NextToken"].is_null());
    let condition = json!({ "ComparisonOperator": "BEGINS_WITH", "ComparisonValue": "ca" });
    assert_eq!(
        list(json!({ "StreamNameCondition": condition }))["StreamInfoList"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn a_deleted_stream_ends_its_connection() {
    let kvs = builder().start().unwrap();
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 1)).unwrap();
    put.expect(&[&format!("BUFFERING {START}")]);
    let arn = kvs.streams()[0].arn.clone();
    let delete = json!({ "StreamARN": arn, "CurrentVersion": "other" });
    assert_eq!(call(&kvs, &Signer::default(), "/deleteStream", &delete).status, 400);
    assert_eq!(call(&kvs, &Signer::default(), "/deleteStream", &json!({ "StreamARN": arn })).status, 200);
    assert_eq!(put.expect_error()["ErrorId"], 4008);
    assert_eq!(Client::default().put_media(&kvs).unwrap().status, 404);
}

#[test]
fn calls_are_limited_per_stream_and_operation() {
    let mut limits = Limits::default();
    limits.calls_per_second = Some(5);
    let kvs = builder().stream("other").limits(limits).start().unwrap();
    let describe = |name| call(&kvs, &Signer::default(), "/describeStream", &json!({ "StreamName": name }));
    // However slow the machine is, sooner or later six fall into a second.
    let refused =
        (0..1000).map(|_| describe("cam")).find(|answer| answer.status != 200).expect("some are refused");
    assert_eq!(
        (refused.status, refused.header("x-amzn-errortype")),
        (400, Some("ClientLimitExceededException"))
    );
    assert_eq!(describe("other").status, 200);
}

#[test]
fn requests_are_refused_on_demand_and_recorded() {
    let kvs = builder().start().unwrap();
    let refuse = Refuse::new(Operation::DescribeStream, 500, "InternalFailure").times(2);
    kvs.update_faults(|faults| faults.refusals = vec![refuse]);
    let describe =
        || call(&kvs, &Signer::default(), "/describeStream", &json!({ "StreamName": "cam" })).status;
    assert_eq!([describe(), describe(), describe()], [500, 500, 200]);
    let requests = kvs.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[0].error_type.as_deref(), Some("InternalFailure"));
    assert_eq!((requests[2].stream.as_deref(), requests[2].access_key.as_deref()), (Some("cam"), Some(KEY)));
}
