//! What a producer is told while it sends.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::{Client, Media, START, TIMEOUT, builder};

#[test]
fn acknowledgements_flow_while_the_body_is_sent() {
    let kvs = builder().start().unwrap();
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 3)).unwrap();
    put.expect(&[&format!("BUFFERING {START}")]);

    put.send(&Media::default().fragment(START + 1000, 3)).unwrap();
    let next = START + 1000;
    put.expect(&[&format!("RECEIVED {START}"), &format!("BUFFERING {next}"), &format!("PERSISTED {START}")]);

    put.send(&Media::default().end()).unwrap();
    put.expect(&[&format!("RECEIVED {next}"), &format!("PERSISTED {next}")]);
    put.finish().unwrap();
    assert_eq!(put.ack().unwrap(), None);
    assert!(kvs.wait_until(TIMEOUT, |kvs| kvs.connections("cam") == 0));

    let playback = kvs.playback("cam").unwrap();
    let times: Vec<_> =
        playback.fragments.iter().map(|fragment| fragment.producer_timestamp as u64).collect();
    assert_eq!(times, [START, next]);
    assert_eq!(playback.fragments[1].frames.len(), 3);
}
