//! What goes wrong on demand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::time::{Duration, Instant};

use backpack_kvs_local::{
    AckChunks, Cut, CutAt, CutHow, ErrorId, Faults, FragmentError, Limits, LocalKvs, LostAcks, Operation,
    RandomErrors, Refuse,
};
use common::*;

fn with(change: impl FnOnce(&mut Faults)) -> LocalKvs {
    let kvs = builder().start().unwrap();
    kvs.update_faults(change);
    kvs
}

fn limited(change: impl FnOnce(&mut Limits)) -> LocalKvs {
    let mut limits = Limits::default();
    change(&mut limits);
    builder().limits(limits).start().unwrap()
}

/// Three fragments, the last one ended.
fn three() -> Media {
    Media::new().fragment(START, 3).fragment(START + 1000, 3).fragment(START + 2000, 3).end()
}

fn stored(kvs: &LocalKvs) -> Vec<u64> {
    let fragments = kvs.playback("cam").unwrap().fragments;
    fragments.iter().map(|fragment| fragment.producer_timestamp as u64 - START).collect()
}

fn idle(kvs: &LocalKvs) -> bool {
    kvs.wait_until(TIMEOUT, |kvs| kvs.connections("cam") == 0)
}

#[test]
fn acknowledgements_come_in_every_form() {
    let plain = with(|_| {});
    let read = |kvs: &LocalKvs| {
        let mut put = Client::default().start(kvs);
        put.send(&three()).unwrap();
        put.finish().unwrap();
        let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
        put.chunks.retain(|&size| size > 0);
        (acks, put.chunks)
    };
    let (expected, chunks) = read(&plain);
    assert_eq!(expected.len(), 9);
    assert_eq!(chunks.len(), 9);

    let kvs = with(|faults| faults.ack_form.without_newlines = true);
    let (acks, shorter) = read(&kvs);
    assert_eq!(acks, expected);
    assert_eq!(shorter.iter().sum::<usize>() + 9, chunks.iter().sum::<usize>());

    let (acks, bytes) = read(&with(|faults| faults.ack_form.chunks = AckChunks::Bytes));
    assert_eq!(acks, expected);
    assert!(bytes.iter().all(|&size| size == 1));

    for at in 0..80 {
        let (acks, split) = read(&with(|faults| faults.ack_form.chunks = AckChunks::SplitAt(at)));
        assert_eq!(acks, expected);
        assert!(at == 0 || split[0] == at);
    }

    let (acks, joined) = read(&with(|faults| faults.ack_form.chunks = AckChunks::Joined(4)));
    assert_eq!(acks, expected);
    assert_eq!(joined.len(), 3);
}

#[test]
fn an_error_ends_the_connection_and_leaves_what_was_stored() {
    let kvs = with(|faults| faults.errors = vec![FragmentError::new(1, ErrorId::InvalidMkv).times(1)]);
    kvs.update_faults(|faults| faults.ack_form.double_errors = true);
    let mut put = Client::default().start(&kvs);
    put.send(&three()).unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    let (first, second) = (START, START + 1000);
    let errors = [format!("ERROR 4006 {second}"), "ERROR 4006 -1".to_owned()];
    assert_eq!(acks[acks.len() - 2..], errors);
    assert!(acks.contains(&format!("PERSISTED {first}")));
    assert!(idle(&kvs));
    assert_eq!(stored(&kvs), [0]);
    // Once only.
    let mut put = Client::default().start(&kvs);
    put.send(&three()).unwrap();
    put.finish().unwrap();
    put.acks().unwrap();
    assert_eq!(stored(&kvs), [0, 1000, 2000]);
    assert_eq!(kvs.playback("cam").unwrap().replaced, 1);
}

#[test]
fn errors_at_random_are_the_same_for_the_same_seed() {
    let run = |seed| {
        let kvs = with(|faults| {
            faults.random_errors = Some(RandomErrors::new(0.5, [ErrorId::Internal, ErrorId::Archival], seed));
        });
        let outcome = |_| {
            let mut put = Client::default().start(&kvs);
            put.send(&Media::new().fragment(START, 1).end()).unwrap();
            put.finish().unwrap();
            put.acks().unwrap().last().map(short).unwrap()
        };
        (0..20).map(outcome).collect::<Vec<_>>()
    };
    let first = run(1);
    assert_eq!(first, run(1));
    assert_ne!(first, run(2));
    for wanted in ["PERSISTED", "ERROR 5000", "ERROR 5001"] {
        assert!(first.iter().any(|ack| ack.starts_with(wanted)), "{first:?}");
    }
}

#[test]
fn connections_are_cut_after_bytes_or_within_a_fragment() {
    let head = Media::new().fragment(START, 3).0.len() as u64;
    for how in [CutHow::Reset, CutHow::Finish] {
        let kvs = with(|faults| faults.cuts = vec![Cut::new(CutAt::Bytes(head + 20), how).times(1)]);
        let mut put = Client::default().start(&kvs);
        let _ = put.send(&three());
        assert!(put.acks().is_err(), "the response has no end");
        assert!(idle(&kvs));
        assert_eq!(stored(&kvs), [0], "what was received before is stored");

        kvs.update_faults(|faults| faults.cuts = vec![Cut::new(CutAt::Fragment(2), how).times(1)]);
        let mut put = Client::default().start(&kvs);
        let _ = put.send(&three());
        assert!(put.acks().is_err());
        assert!(idle(&kvs));
        assert_eq!(stored(&kvs), [0, 1000]);
        assert_eq!(kvs.faults().cuts[0].times, Some(0));
    }
}

#[test]
fn connections_are_cut_at_random_a_hundred_times() {
    let length = three().0.len() as u64;
    let cut = Cut::new(CutAt::RandomBytes { range: 0..length, seed: 7 }, CutHow::Reset).times(100);
    let kvs = with(|faults| faults.cuts = vec![cut]);
    for _ in 0..100 {
        let mut put = Client::default().put_media(&kvs).unwrap();
        let _ = put.send(&three());
        assert!(put.acks().is_err());
        assert!(idle(&kvs));
    }
    let mut put = Client::default().start(&kvs);
    put.send(&three()).unwrap();
    put.finish().unwrap();
    assert_eq!(put.acks().unwrap().len(), 9);
    assert_eq!(stored(&kvs), [0, 1000, 2000]);
}

#[test]
fn a_connection_does_not_outlive_its_time() {
    let kvs = limited(|limits| limits.connection_lifetime = Duration::from_millis(200));
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 3)).unwrap();
    assert_eq!(put.expect_error()["ErrorId"], 4003);
    assert_eq!(stored(&kvs), [0; 0]);
}

#[test]
fn an_idle_connection_is_told_so_and_closed() {
    let kvs = limited(|limits| {
        limits.idle_interval = Duration::from_millis(100);
        limits.idle_timeout = Duration::from_millis(450);
    });
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new()).unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    assert!(!acks.is_empty() && acks.iter().all(|ack| ack == "IDLE"), "{acks:?}");
    assert!(idle(&kvs));
}

#[test]
fn acknowledgements_get_lost_but_fragments_are_stored() {
    let kvs = with(|faults| faults.lost_acks = LostAcks::Persisted);
    let mut put = Client::default().start(&kvs);
    put.send(&three()).unwrap();
    put.finish().unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    assert_eq!(acks.len(), 6);
    assert!(acks.iter().all(|ack| !ack.starts_with("PERSISTED")));
    assert_eq!(stored(&kvs), [0, 1000, 2000]);
    let lost = kvs.acks("cam").iter().filter(|record| !record.is_sent).count();
    assert_eq!(lost, 3);
}

#[test]
fn storing_can_be_slow() {
    let kvs = with(|faults| faults.store_delay = Duration::from_millis(300));
    let mut put = Client::default().start(&kvs);
    let begin = Instant::now();
    put.send(&three()).unwrap();
    put.finish().unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    assert!(begin.elapsed() >= Duration::from_millis(300));
    assert!(acks[6..].iter().all(|ack| ack.starts_with("PERSISTED")), "{acks:?}");
    assert_eq!(stored(&kvs), [0, 1000, 2000]);
}

#[test]
fn answers_can_be_late() {
    let kvs = with(|faults| faults.latency = Duration::from_millis(200));
    let begin = Instant::now();
    Client::default().start(&kvs);
    assert!(begin.elapsed() >= Duration::from_millis(200));
}

#[test]
fn a_black_hole_answers_nothing_until_it_is_none() {
    let kvs = with(|faults| faults.black_hole = true);
    std::thread::scope(|scope| {
        let put = scope.spawn(|| Client::default().start(&kvs).status);
        assert!(!kvs.wait_until(Duration::from_millis(200), |kvs| !kvs.requests().is_empty()));
        kvs.update_faults(|faults| faults.black_hole = false);
        assert_eq!(put.join().unwrap(), 200);
    });
}

#[test]
fn reading_can_be_slow() {
    let kvs = with(|_| {});
    let mut put = Client::default().start(&kvs);
    kvs.update_faults(|faults| faults.read_rate = Some(10_000));
    let begin = Instant::now();
    let mut media = Media::new();
    while media.0.len() < 5000 {
        let next = START + media.0.len() as u64 * 10;
        media = media.fragment(next, 5);
    }
    put.send(&media.end()).unwrap();
    put.finish().unwrap();
    put.acks().unwrap();
    assert!(begin.elapsed() >= Duration::from_millis(300), "{:?}", begin.elapsed());
}

#[test]
fn a_paused_service_refuses_connections_and_comes_back_on_its_port() {
    let kvs = with(|_| {});
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 3)).unwrap();
    put.expect(&[&format!("BUFFERING {START}")]);
    for _ in 0..3 {
        kvs.pause().unwrap();
        let error = Client::default().put_media(&kvs).err().expect("nobody is there");
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
        kvs.resume().unwrap();
        assert!(idle(&kvs));
        Client::default().start(&kvs);
        assert!(idle(&kvs));
    }
    assert!(put.acks().is_err());
    kvs.resume().unwrap();
    kvs.disconnect(CutHow::Reset).unwrap();
    kvs.stop();
}

#[test]
fn a_stream_has_one_connection_at_a_time() {
    let kvs = builder().stream("other").start().unwrap();
    let first = Client::default().start(&kvs);
    let second = Client::default().put_media(&kvs).unwrap();
    assert_eq!(
        (second.status, second.header("x-amzn-errortype")),
        (400, Some("ConnectionLimitExceededException"))
    );
    let other = Client::default().header("x-amzn-stream-name", "other").put_media(&kvs).unwrap();
    assert_eq!(other.status, 200);
    drop(first);
    assert!(idle(&kvs));
    Client::default().start(&kvs);
}

#[test]
fn put_media_is_refused_on_demand() {
    let refuse = Refuse::new(Operation::PutMedia, 503, "ServiceUnavailableException").times(1);
    let kvs = with(|faults| faults.refusals = vec![refuse]);
    let put = Client::default().put_media(&kvs).unwrap();
    assert_eq!((put.status, put.header("x-amzn-errortype")), (503, Some("ServiceUnavailableException")));
    Client::default().start(&kvs);
}

#[test]
fn a_request_without_its_headers_is_refused() {
    let kvs = with(|_| {});
    let status = |client: Client| client.put_media(&kvs).unwrap().status;
    assert_eq!(status(Client::default().without("x-amzn-stream-name")), 400);
    assert_eq!(status(Client::default().without("x-amzn-fragment-timecode-type")), 400);
    assert_eq!(status(Client::default().header("x-amzn-fragment-timecode-type", "absolute")), 400);
    assert_eq!(status(Client::default().header("x-amzn-producer-start-timestamp", "1795398546.5")), 400);
    assert_eq!(status(Client::default().header("x-amzn-stream-name", "nobody")), 404);
}
