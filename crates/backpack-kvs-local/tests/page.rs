//! What a browser sees.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::io::{Read, Write};
use std::net::TcpStream;

use backpack_kvs_local::LocalKvs;
use common::*;

fn get(kvs: &LocalKvs, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(kvs.address()).unwrap();
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}

#[test]
fn streams_and_fragments_are_listed_and_can_be_fetched() {
    let kvs = builder().page(true).start().unwrap();
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 3).tag("place", "<yard>").end()).unwrap();
    put.finish().unwrap();
    put.acks().unwrap();

    let page = String::from_utf8(get(&kvs, "/")).unwrap();
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("cam") && page.contains(&START.to_string()),
        "{page}"
    );
    assert!(page.contains("place=&lt;yard&gt;") && !page.contains("<yard>"), "{page}");
    let file = get(&kvs, "/streams/cam.mkv");
    assert!(file.windows(4).any(|bytes| bytes == [0x1a, 0x45, 0xdf, 0xa3]));
    assert!(get(&kvs, "/streams/nobody.mkv").starts_with(b"HTTP/1.1 404"));
}

#[test]
fn nothing_is_shown_unless_asked_for() {
    let kvs = builder().start().unwrap();
    assert!(get(&kvs, "/").starts_with(b"HTTP/1.1 404"));
}
