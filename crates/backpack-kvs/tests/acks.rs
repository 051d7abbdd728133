//! Acknowledgements, as they come over the wire.

use backpack_kvs::{Ack, AckParser, ErrorId};
use proptest::prelude::*;

const ANSWER: &str = concat!(
    r#"{"EventType":"BUFFERING","FragmentTimecode":1615717083421,"FragmentNumber":"91343852333181432392"}"#,
    "\r\n",
    r#"{"EventType":"PERSISTED","FragmentTimecode":1615717083421,"FragmentNumber":"9134 } \" {"}"#,
    r#"{"EventType":"RECEIVED","FragmentTimecode":"1615717085421","FragmentNumber":"1"}"#,
    "\n\n",
    r#"{"EventType":"ERROR","FragmentTimecode":-1,"FragmentNumber":"","ErrorCode":"INVALID_MKV_DATA","ErrorId":4006}"#,
    "\n",
    r#"{"EventType":"ERROR","ErrorCode":"KMS","ErrorId":4502,"More":{"Deep":{}}}"#,
    r#"{"EventType":"IDLE"}"#,
);

fn expected() -> Vec<Ack> {
    let timecode = 1_615_717_083_421;
    vec![
        Ack::Buffering { timecode },
        Ack::Persisted { timecode, number: "9134 } \" {".into() },
        Ack::Received { timecode: timecode + 2000 },
        Ack::Error { timecode: None, id: ErrorId::InvalidMkv },
        Ack::Error { timecode: None, id: ErrorId::Kms(4502) },
        Ack::Idle,
    ]
}

#[test]
fn an_answer_may_be_split_at_every_position() {
    for at in 0..=ANSWER.len() {
        let mut parser = AckParser::new();
        let (before, after) = ANSWER.as_bytes().split_at(at);
        let mut acks = parser.push(before);
        acks.extend(parser.push(after));
        assert_eq!(acks, expected(), "split at {at}");
    }
}

#[test]
fn what_cannot_be_read_is_counted_and_what_follows_is_read() {
    let mut parser = AckParser::new();
    let acks =
        parser.push(br#"} x {"EventType":"NEW"}{"EventType":"PERSISTED"}{broken}{"EventType":"IDLE"}"#);
    assert_eq!((acks, parser.unread()), (vec![Ack::Idle], 3));
}

#[test]
fn an_acknowledgement_without_an_end_takes_no_memory() {
    let mut parser = AckParser::new();
    parser.push(b"{\"EventType\":\"");
    for _ in 0..1000 {
        assert_eq!(parser.push(&[b'x'; 1000]), []);
    }
    assert_eq!(parser.push(br#""}{"EventType":"IDLE"}"#), [Ack::Idle]);
    assert_eq!(parser.unread(), 1);
}

#[test]
fn every_error_has_its_number() {
    for id in (4000..=4012).chain(4500..=4506).chain([5000, 5001, 777]) {
        let answer = format!(r#"{{"EventType":"ERROR","FragmentTimecode":5,"ErrorId":{id}}}"#);
        let [Ack::Error { timecode: Some(5), id: error }] = AckParser::new().push(answer.as_bytes())[..]
        else {
            panic!("{id} is not read");
        };
        assert_eq!(error.number(), id);
        assert!(error.to_string().contains(&id.to_string()), "{error}");
        assert_eq!(matches!(error, ErrorId::Unknown(_)), id == 777);
    }
}

proptest! {
    #[test]
    fn pieces_of_any_size_give_the_same(sizes in prop::collection::vec(1_usize..40, 1..100)) {
        let (mut rest, mut parser, mut acks) = (ANSWER.as_bytes(), AckParser::new(), Vec::new());
        for size in sizes.iter().cycle() {
            let (piece, after) = rest.split_at((*size).min(rest.len()));
            acks.extend(parser.push(piece));
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(acks, expected());
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(prop::sample::select(b"{}\"\\:,aE1 \n".to_vec()), 0..200)) {
        AckParser::new().push(&bytes);
    }
}
