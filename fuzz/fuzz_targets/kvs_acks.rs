#![no_main]

use backpack_kvs::AckParser;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, usize)| {
    let (bytes, at) = input;
    let mut whole = AckParser::new();
    let acks = whole.push(&bytes);
    let (before, after) = bytes.split_at(at.min(bytes.len()));
    let mut split = AckParser::new();
    let mut pieces = split.push(before);
    pieces.extend(split.push(after));
    assert_eq!((acks, whole.unread()), (pieces, split.unread()), "it does not matter where bytes are split");
});
