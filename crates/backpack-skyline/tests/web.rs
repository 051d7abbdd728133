//! The web page over HTTP, without a browser.
#![cfg(feature = "web")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use backpack_core::Timestamp;
use backpack_skyline::web::Page;
use backpack_skyline::{AccessUnit, Output, StreamInfo};
use common::{PATIENCE, fps};
use mp4_atom::{Any, DecodeMaybe};

/// A unit in the shape of H.264: parameter sets of a baseline stream before key frames, and a slice that holds `size` bytes.
fn unit(millis: u64, keyframe: bool, size: usize) -> AccessUnit {
    let mut data = Vec::new();
    if keyframe {
        data.extend_from_slice(&[
            0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80,
        ]);
    }
    data.extend_from_slice(&[0, 0, 1, if keyframe { 0x65 } else { 0x41 }]);
    data.extend(std::iter::repeat_n(0x55, size));
    AccessUnit::new(data, Timestamp::from_millis(millis), keyframe)
}

fn page() -> Page {
    Page::bind("127.0.0.1:0").unwrap()
}

/// Asks for a path; returns the head of the response and a reader of its body.
fn get(address: SocketAddr, path: &str) -> (String, BufReader<TcpStream>) {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: test\r\n\r\n").unwrap();
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "the head is cut off: {head}");
    }
    (head, reader)
}

/// The next chunk of a chunked body; empty at the end.
fn chunk(reader: &mut impl BufRead) -> Vec<u8> {
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return Vec::new();
    }
    let mut bytes = vec![0; usize::from_str_radix(line.trim(), 16).unwrap() + 2];
    reader.read_exact(&mut bytes).unwrap();
    bytes.truncate(bytes.len() - 2);
    bytes
}

/// The boxes of a piece, and for each fragment its decode time in ticks of a 90 kHz clock.
fn boxes(bytes: &[u8]) -> Vec<String> {
    let mut rest = bytes;
    let mut names = Vec::new();
    while let Some(atom) = Any::decode_maybe(&mut rest).unwrap() {
        names.push(match atom {
            Any::Ftyp(_) => "ftyp".to_owned(),
            Any::Moov(moov) => format!("moov {}", moov.trak[0].tkhd.width.integer()),
            Any::Moof(moof) => format!("moof {}", moof.traf[0].tfdt.as_ref().unwrap().base_media_decode_time),
            Any::Mdat(mdat) => format!("mdat {}", mdat.data.len()),
            other => format!("{other:?}"),
        });
    }
    names
}

#[test]
fn the_page_is_there_before_the_stream_and_says_so() {
    let page = page();
    let (head, _) = get(page.address(), "/");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/html"), "{head}");
    let (head, _) = get(page.address(), "/stream.mp4");
    assert!(head.starts_with("HTTP/1.1 503") && head.contains("retry-after"), "{head}");
    let (head, _) = get(page.address(), "/nothing");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
}

#[test]
fn every_viewer_begins_at_a_key_frame_at_once_and_then_gets_every_unit() {
    let mut page = page();
    let monitor = page.monitor();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    page.write(&unit(0, true, 20)).unwrap();
    page.write(&unit(40, false, 10)).unwrap();
    let (head, mut first) = get(page.address(), "/stream.mp4");
    assert!(head.contains("video/mp4; codecs=\"avc1.42c01e\""), "{head}");
    let group = ["ftyp", "moov 640", "moof 0", "mdat 25", "moof 3600", "mdat 15"];
    assert_eq!(boxes(&chunk(&mut first)), group);

    page.write(&unit(80, true, 20)).unwrap();
    assert_eq!(boxes(&chunk(&mut first)), ["moof 7200", "mdat 25"]);
    page.write(&unit(120, false, 10)).unwrap();
    let (_, mut late) = get(page.address(), "/stream.mp4");
    assert_eq!(
        boxes(&chunk(&mut late)),
        ["ftyp", "moov 640", "moof 7200", "mdat 25", "moof 10800", "mdat 15"]
    );
    assert_eq!(monitor.viewers(), 2);

    page.close().unwrap();
    assert_eq!(boxes(&chunk(&mut first)), ["moof 10800", "mdat 15"], "what was sent before the end arrives");
    assert!(chunk(&mut first).is_empty(), "the response ends with the stream");
    assert!(chunk(&mut late).is_empty());
    assert_eq!(monitor.viewers(), 0);
}

#[test]
fn a_viewer_that_does_not_read_misses_units_and_goes_on_at_a_key_frame() {
    let mut page = page();
    let monitor = page.monitor();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    page.write(&unit(0, true, 10)).unwrap();
    let (_, mut slow) = get(page.address(), "/stream.mp4");
    // Far more than the sockets' buffers take, all without waiting.
    let mut time = 0;
    while monitor.missed() < 100 {
        time += 40;
        page.write(&unit(time, time % 1000 == 0, 500_000)).unwrap();
        assert!(time < 200_000, "nothing is missed although nobody reads");
    }
    // Once the viewer reads, there is room for the next key frame. It is the first piece that is large after a gap, or a small one that
    // was sent since: the key frames from here on are the only ones of 14 bytes.
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "no key frame came through");
        time += 40;
        page.write(&unit(time, time % 1000 == 0, if time % 1000 == 0 { 10 } else { 20 })).unwrap();
        let piece = chunk(&mut slow);
        assert!(!piece.is_empty(), "the viewer was thrown off");
        let small: Vec<String> =
            boxes(&piece).into_iter().filter(|name| name.starts_with("mdat ") && name.len() < 8).collect();
        match small.first().map(String::as_str) {
            Some("mdat 15") => break,
            Some(other) => panic!("after a gap came {other}, which is no key frame"),
            None => {}
        }
    }
}

#[test]
fn health_tells_size_rate_and_viewers() {
    let mut page = page();
    let body = |page: &Page| {
        let (head, mut reader) = get(page.address(), "/health.json");
        let length = head
            .to_lowercase()
            .split_once("content-length: ")
            .unwrap()
            .1
            .lines()
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        serde_json::from_slice::<serde_json::Value>(&body).unwrap()
    };
    assert_eq!(body(&page)["streaming"], false);
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    for n in 0..11 {
        page.write(&unit(n * 100, n == 0, 1250)).unwrap();
    }
    let health = body(&page);
    assert_eq!(
        (&health["streaming"], &health["width"], &health["height"]),
        (&true.into(), &640.into(), &360.into())
    );
    assert_eq!((&health["fps"], &health["viewers"]), (&10.0.into(), &0.into()));
    assert!((99..=102).contains(&health["kbps"].as_u64().unwrap()), "{health}");
}

#[test]
fn a_port_that_is_taken_is_an_error_that_names_it() {
    let page = page();
    let error = Page::bind(page.address()).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "Address already in use (os error 98)");
    assert_eq!(error.to_string(), format!("cannot serve a page on {}", page.address()));
}

#[test]
fn dropping_the_page_frees_its_port_although_somebody_watches() {
    let mut first = page();
    let address = first.address();
    first.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    first.write(&unit(0, true, 10)).unwrap();
    let (_, mut viewer) = get(address, "/stream.mp4");
    assert!(!chunk(&mut viewer).is_empty());
    drop(first);
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn a_key_frame_without_parameter_sets_is_an_error_and_not_a_broken_page() {
    let mut page = page();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    let bare = AccessUnit::new(vec![0, 0, 1, 0x65, 1], Timestamp::ZERO, true);
    assert_eq!(
        page.write(&bare).unwrap_err().to_string(),
        "a key frame came without a sequence parameter set"
    );
}
