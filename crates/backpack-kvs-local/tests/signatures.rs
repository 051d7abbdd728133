//! Who is let in. The producer's signatures are by AWS's own crate.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::time::{Duration, SystemTime};

use backpack_kvs_local::{Authorization, Credentials, SignatureError};
use backpack_timepiece::Clock;
use common::*;
use proptest::prelude::*;
use serde_json::json;

#[track_caller]
fn answer(client: &Client, expected: (u16, &str)) {
    let kvs = builder().start().unwrap();
    let put = client.put_media(&kvs).unwrap();
    assert_eq!((put.status, put.header("x-amzn-errortype").unwrap_or_default()), expected);
    let record = kvs.requests().pop().unwrap();
    assert_eq!((record.status, record.error_type.unwrap_or_default().as_str()), expected);
    assert_eq!(record.access_key.is_some(), expected.0 == 200);
}

#[test]
fn good_signatures_are_accepted() {
    answer(&Client::default(), (200, ""));
    answer(&Client::default().header("x-amz-meta", "  many   spaces "), (200, ""));
    answer(&Client::new(Signer::default().seconds_earlier(280)), (200, ""));
    answer(&Client::new(Signer::default().seconds_later(280)), (200, ""));
}

#[test]
fn wrong_keys_and_signatures_are_refused() {
    let signer = Signer::default;
    let invalid = (403, "InvalidSignatureException");
    answer(
        &Client::new(Signer { key: "AKIDOTHER".into(), ..signer() }),
        (403, "UnrecognizedClientException"),
    );
    answer(&Client::new(Signer { secret: "other".into(), ..signer() }), invalid);
    answer(&Client::new(Signer { service: "kinesis".into(), ..signer() }), invalid);
    answer(&Client::new(signer().seconds_earlier(320)), invalid);
    answer(&Client::new(signer().seconds_later(320)), invalid);
    answer(&Client::default().afterwards("x-amzn-stream-name", "cam2"), invalid);
    answer(&Client::default().afterwards("x-amzn-fragment-timecode-type", "RELATIVE"), invalid);
    answer(&Client::default().afterwards("x-amzn-unsigned", "added"), invalid);
    answer(&Client::default().afterwards("x-amz-date", ""), (403, "IncompleteSignatureException"));
    answer(&Client::default().afterwards("authorization", ""), (403, "MissingAuthenticationTokenException"));
    answer(
        &Client::default().afterwards("authorization", "Basic abc"),
        (403, "IncompleteSignatureException"),
    );
}

#[test]
fn a_refusal_tells_the_services_time() {
    let kvs = builder().start().unwrap();
    let put = Client::new(Signer::default().seconds_earlier(1000)).put_media(&kvs).unwrap();
    let date = httpdate::parse_http_date(put.header("date").unwrap()).unwrap();
    assert!(date.elapsed().unwrap_or_default() < Duration::from_secs(60));

    // The service's clock is ahead: who signs by the date it tells is let in.
    kvs.update_faults(|faults| faults.clock_offset = 3600);
    let put = Client::default().put_media(&kvs).unwrap();
    assert_eq!(put.status, 403);
    let time = httpdate::parse_http_date(put.header("date").unwrap()).unwrap();
    let put = Client::new(Signer { time, ..Signer::default() }).put_media(&kvs).unwrap();
    assert_eq!(put.status, 200);
}

#[test]
fn the_region_counts_if_it_is_set() {
    let kvs = builder().region("us-west-2").start().unwrap();
    assert_eq!(Client::default().put_media(&kvs).unwrap().status, 403);
    let signer = Signer { region: "us-west-2".into(), ..Signer::default() };
    assert_eq!(Client::new(signer).put_media(&kvs).unwrap().status, 200);
}

#[test]
fn session_tokens_must_be_right_and_fresh() {
    let (clock, time) = Clock::manual();
    let expires = clock.wall() + Duration::from_secs(60);
    let temporary = Credentials::new("ASIAEXAMPLE", SECRET).with_token("the token", expires);
    let kvs = builder().temporary_credentials(temporary).clock(clock.clone()).start().unwrap();
    let kind = |token: Option<&str>| {
        let token = token.map(str::to_owned);
        let signer = Signer { key: "ASIAEXAMPLE".into(), token, time: clock.wall(), ..Signer::default() };
        let put = Client::new(signer).put_media(&kvs).unwrap();
        put.header("x-amzn-errortype").unwrap_or("none").to_owned()
    };
    assert_eq!(kind(None), "UnrecognizedClientException");
    assert_eq!(kind(Some("another")), "UnrecognizedClientException");
    assert_eq!(kind(Some("the token")), "none");
    time.advance(Duration::from_secs(61));
    assert_eq!(kind(Some("the token")), "ExpiredTokenException");

    kvs.set_credentials([Credentials::new("ASIAEXAMPLE", SECRET).with_token("the next", None)]);
    assert_eq!(kind(Some("the next")), "none");
}

#[test]
fn calls_are_signed_with_their_bodies() {
    let kvs = builder().start().unwrap();
    let signer = Signer::default();
    assert_eq!(call(&kvs, &signer, "/describeStream", &json!({ "StreamName": "cam" })).status, 200);
    let wrong = Signer { secret: "other".into(), ..signer };
    let answer = call(&kvs, &wrong, "/describeStream", &json!({ "StreamName": "cam" }));
    assert_eq!((answer.status, answer.header("x-amzn-errortype")), (403, Some("InvalidSignatureException")));
}

#[test]
fn secrets_are_not_shown() {
    let secret = "a secret that nobody may read";
    let credentials = Credentials::new("key", secret).with_token("token of secrecy", SystemTime::now());
    let builder = builder().temporary_credentials(credentials.clone());
    let shown = format!("{builder:?} {credentials:?} {:?}", builder.clone().start().unwrap());
    assert!(!shown.contains(secret) && !shown.contains("secrecy") && !shown.contains(SECRET), "{shown}");
}

#[test]
fn an_authorization_header_is_read() {
    let header = format!(
        "AWS4-HMAC-SHA256 Credential=AKID/20240101/eu-west-1/kinesisvideo/aws4_request, \
         SignedHeaders=host;x-amz-date,Signature={}",
        "0".repeat(64)
    );
    let read = Authorization::parse(&header).unwrap();
    assert_eq!((read.access_key.as_str(), read.day.as_str()), ("AKID", "20240101"));
    assert_eq!((read.region.as_str(), read.service.as_str()), ("eu-west-1", "kinesisvideo"));
    assert_eq!(read.signed_headers, ["host", "x-amz-date"]);
    for (from, to) in [
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512"),
        ("Credential=AKID/", "Credential=/"),
        ("aws4_request", "aws3_request"),
        ("host;x-amz-date", "x-amz-date;host"),
        ("host;x-amz-date", "Host;x-amz-date"),
        ("host;x-amz-date", ""),
        ("Signature=00", "Signature=0"),
        ("Signature=00", "Signature=0A"),
        (",Signature", ",Signature=,Signature"),
        (",Signature", ",Other"),
    ] {
        let wrong = header.replacen(from, to, 1);
        assert!(matches!(Authorization::parse(&wrong), Err(SignatureError::Incomplete(_))), "{wrong}");
    }
}

proptest! {
    #[test]
    fn any_authorization_header_gets_an_answer(text in "(AWS4-HMAC-SHA256 )?(Credential=|SignedHeaders=|Signature=|[a-z0-9/;,= ]){0,20}") {
        let _ = Authorization::parse(&text);
    }
}
