//! The web page over HTTP, without a browser.
#![cfg(feature = "web")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant, SystemTime};

use backpack_core::Timestamp;
use backpack_skyline::web::{NameError, Page, Server, ServerBuilder};
use backpack_skyline::{AccessUnit, Output, StreamInfo};
use common::{PATIENCE, fps, slice, wait_until};
use mp4_atom::{Any, DecodeMaybe};
use serde_json::Value;

fn page() -> Page {
    Page::bind("127.0.0.1:0").unwrap()
}

/// Asks for a path; returns the head of the response and a reader of its body.
fn get(address: SocketAddr, path: &str) -> (String, BufReader<TcpStream>) {
    request(address, path, "")
}

fn request(address: SocketAddr, path: &str, headers: &str) -> (String, BufReader<TcpStream>) {
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(connection, "GET {path} HTTP/1.1\r\nHost: test\r\n{headers}\r\n").unwrap();
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
    page.write(&slice(0, true, 20)).unwrap();
    page.write(&slice(40, false, 10)).unwrap();
    let (head, mut first) = get(page.address(), "/stream.mp4");
    assert!(head.contains("video/mp4; codecs=\"avc1.42c01e\""), "{head}");
    let group = ["ftyp", "moov 640", "moof 0", "mdat 25", "moof 3600", "mdat 15"];
    assert_eq!(boxes(&chunk(&mut first)), group);

    page.write(&slice(80, true, 20)).unwrap();
    assert_eq!(boxes(&chunk(&mut first)), ["moof 7200", "mdat 25"]);
    page.write(&slice(120, false, 10)).unwrap();
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
    wait_until("the viewers to be gone", || monitor.viewers() == 0);
}

#[test]
fn a_viewer_that_does_not_read_misses_units_and_goes_on_at_a_key_frame() {
    let mut page = page();
    let monitor = page.monitor();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    page.write(&slice(0, true, 10)).unwrap();
    let (_, mut slow) = get(page.address(), "/stream.mp4");
    // Far more than the sockets' buffers take, all without waiting.
    let mut time = 0;
    while monitor.missed() < 100 {
        time += 40;
        page.write(&slice(time, time % 1000 == 0, 500_000)).unwrap();
        assert!(time < 200_000, "nothing is missed although nobody reads");
    }
    // Once the viewer reads, there is room for the next key frame. It is the first piece that is large after a gap, or a small one that
    // was sent since: the key frames from here on are the only ones of 14 bytes.
    let deadline = Instant::now() + PATIENCE;
    loop {
        assert!(Instant::now() < deadline, "no key frame came through");
        time += 40;
        page.write(&slice(time, time % 1000 == 0, if time % 1000 == 0 { 10 } else { 20 })).unwrap();
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

/// The whole body of a response that tells its length.
fn body(head: &str, reader: &mut impl Read) -> Vec<u8> {
    let head = head.to_lowercase();
    let length = head.split_once("content-length: ").unwrap().1.lines().next().unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    body
}

fn html(address: SocketAddr) -> String {
    let (head, mut reader) = get(address, "/");
    String::from_utf8(body(&head, &mut reader)).unwrap()
}

fn json(address: SocketAddr, path: &str) -> Value {
    let (head, mut reader) = get(address, path);
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/json"), "{head}");
    serde_json::from_slice(&body(&head, &mut reader)).unwrap()
}

#[test]
fn health_tells_how_a_stream_does_and_what_went_wrong() {
    let mut page = page();
    let health = |page: &Page| json(page.address(), "/stream.json");
    let nothing = health(&page);
    assert_eq!(nothing["streaming"], false);
    assert!(nothing["silent_ms"].is_null() && nothing["error"].is_null(), "{nothing}");
    let mut stream = StreamInfo::h264(640, 360, fps(25));
    stream.started = SystemTime::now() - Duration::from_secs(7);
    page.open(&stream).unwrap();
    for n in 0..11 {
        page.write(&slice(n * 100, n == 0, 1250)).unwrap();
    }
    let good = health(&page);
    for (field, wanted) in [
        ("name", Value::from("stream")),
        ("streaming", true.into()),
        ("codec", "H.264".into()),
        ("width", 640.into()),
        ("height", 360.into()),
        ("fps", 10.0.into()),
        ("viewers", 0.into()),
        ("missed", 0.into()),
        ("error", Value::Null),
    ] {
        assert_eq!(good[field], wanted, "{field}");
    }
    assert!((99.0..=102.0).contains(&good["kbps"].as_f64().unwrap()), "{good}");
    // The last picture was taken one second after the start, seven seconds ago.
    assert!((6000..7000).contains(&good["delay_ms"].as_u64().unwrap()), "{good}");
    assert!(good["silent_ms"].as_u64().unwrap() < 3000, "{good}");

    page.write(&AccessUnit::new(vec![0, 0, 1, 0x65, 1], Timestamp::from_millis(1100), true)).unwrap_err();
    page.close().unwrap();
    let bad = health(&page);
    assert_eq!(bad["streaming"], false);
    assert_eq!(bad["error"], "a key frame came without a sequence parameter set");
    assert_eq!(json(page.address(), "/health.json")["streams"], Value::from(vec![bad]));
}

#[test]
fn a_title_stands_on_the_page_as_text() {
    let server = Server::builder().title("gate <3> & {header}").bind("127.0.0.1:0").unwrap();
    let page = html(server.address());
    let shown = "gate &#60;3&#62; &#38; &#123;header&#125;";
    assert!(page.contains(&format!("<title>{shown}</title>")), "{page}");
    assert!(page.contains(&format!("<header>{shown}</header>")), "{page}");
    let page_without_title = self::page();
    assert!(html(page_without_title.address()).contains("<title>Live</title>"));
}

#[test]
fn several_streams_have_one_page_and_do_not_notice_each_other() {
    let server = Server::bind("127.0.0.1:0").unwrap();
    let address = server.address();
    let mut yard = server.stream("yard").unwrap();
    let mut gate = server.stream("gate").unwrap();
    assert_eq!(server.stream("yard").unwrap_err().to_string(), "there is a stream named \"yard\" already");
    for unfit in ["", "a b", "a/b", "ü", "a.mp4", "health", &"x".repeat(65)] {
        assert!(matches!(server.stream(unfit), Err(NameError::Unfit(_))), "{unfit:?}");
    }
    assert_eq!(Output::name(&yard), format!("page http://{address}/#yard"));
    yard.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    yard.write(&slice(0, true, 20)).unwrap();
    gate.open(&StreamInfo::h264(320, 180, fps(25))).unwrap();
    gate.write(&slice(0, true, 20)).unwrap();
    let (_, mut at_yard) = get(address, "/yard.mp4");
    let (_, mut at_gate) = get(address, "/gate.mp4");
    assert_eq!(boxes(&chunk(&mut at_yard))[1], "moov 640");
    assert_eq!(boxes(&chunk(&mut at_gate))[1], "moov 320");
    assert_eq!(yard.viewers().unwrap().count(), 1);

    let (head, mut reader) = get(address, "/");
    let html = String::from_utf8(body(&head, &mut reader)).unwrap();
    assert!(html.contains("data-names=\"yard gate\""), "{html}");

    drop(gate);
    assert!(chunk(&mut at_gate).is_empty(), "its viewers are told");
    yard.write(&slice(40, false, 10)).unwrap();
    assert!(!chunk(&mut at_yard).is_empty(), "the others go on");
    let (head, _) = get(address, "/gate.mp4");
    assert!(head.starts_with("HTTP/1.1 404"), "{head}");
    server.stream("gate").unwrap();
}

#[test]
fn a_viewer_is_counted_until_it_leaves() {
    let mut page = page();
    let viewers = page.viewers().unwrap();
    page.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    page.write(&slice(0, true, 20)).unwrap();
    let (_, mut first) = get(page.address(), "/stream.mp4");
    let (_, second) = get(page.address(), "/stream.mp4");
    assert!(!chunk(&mut first).is_empty());
    assert_eq!(viewers.count(), 2);
    // Although nothing is sent that could fail.
    drop(second);
    wait_until("the viewer to be gone", || viewers.count() == 1);
}

/// Asks with these header lines, and returns the head of the response.
fn ask(address: SocketAddr, path: &str, headers: &str) -> String {
    request(address, path, headers).0
}

const PATHS: [&str; 12] = [
    "/",
    "/page.js",
    "/page.css",
    "/health.json",
    "/stream.json",
    "/stream.mp4",
    "/stream.mjpeg",
    "/stream.jpg",
    "/hls/stream/index.m3u8",
    "/nothing",
    "/a/b/c",
    "/%2e%2e/secret",
];

#[test]
fn a_token_is_needed_on_every_path() {
    let server = Server::builder().token("s3cret-Token_~.").bind("127.0.0.1:0").unwrap();
    let address = server.address();
    let _page = server.stream("stream").unwrap();
    let cookie = format!("skyline-{}", address.port());
    for path in PATHS {
        let wrong = [
            "".to_owned(),
            "Authorization: Bearer s3cret-Token_~\r\n".into(),
            "Authorization: Bearer s3cret-Token_~.x\r\n".into(),
            "Authorization: Basic s3cret-Token_~.\r\n".into(),
            "Authorization: Bearer\r\n".into(),
            format!("Cookie: {cookie}=; {cookie}x=s3cret-Token_~.\r\n"),
            "Cookie: \u{fc}\r\n".into(),
        ];
        for headers in &wrong {
            let head = ask(address, path, headers);
            assert!(head.starts_with("HTTP/1.1 401"), "{path} {headers}: {head}");
            assert!(
                head.contains("www-authenticate: Bearer realm=") && !head.contains("set-cookie"),
                "{head}"
            );
        }
        let right = [
            "Authorization: Bearer s3cret-Token_~.\r\n".to_owned(),
            "authorization: bearer s3cret-Token_~.\r\n".to_owned(),
            format!("Cookie: other=1; {cookie}=s3cret-Token_~.\r\n"),
        ];
        for headers in &right {
            let head = ask(address, path, headers);
            assert!(
                !head.starts_with("HTTP/1.1 401") && !head.contains("set-cookie"),
                "{path} {headers}: {head}"
            );
        }
    }
    for query in ["?token=", "?token=s3cret", "?xtoken=s3cret-Token_~.", "?token"] {
        assert!(ask(address, &format!("/{query}"), "").starts_with("HTTP/1.1 401"), "{query}");
    }
    let head = ask(address, "/?mjpeg&token=s3cret-Token_~.", "");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(
        head.contains(&format!("set-cookie: {cookie}=s3cret-Token_~.; Path=/; HttpOnly; SameSite=Lax")),
        "{head}"
    );
}

#[test]
fn a_name_and_a_password_are_needed_on_every_path() {
    let server = Server::builder().user("guard", "pass:wörd").bind("127.0.0.1:0").unwrap();
    let address = server.address();
    let _page = server.stream("stream").unwrap();
    for path in PATHS {
        // Nothing, the wrong password, the wrong name, not base64.
        let wrong = [
            "",
            "Basic Z3VhcmQ6cGFzcw==",
            "Basic Z3VlcmQ6cGFzczp3w7ZyZA==",
            "Basic !",
            "Bearer pass:w\u{f6}rd",
        ];
        for credentials in wrong {
            let head = ask(address, path, &format!("Authorization: {credentials}\r\n"));
            assert!(head.starts_with("HTTP/1.1 401"), "{path} {credentials}: {head}");
            assert!(head.contains("www-authenticate: Basic realm="), "{head}");
        }
        let head = ask(address, path, "Authorization: Basic Z3VhcmQ6cGFzczp3w7ZyZA==\r\n");
        assert!(!head.starts_with("HTTP/1.1 401"), "{path}: {head}");
    }
}

#[test]
fn secrets_are_not_shown_and_must_make_sense() {
    let builder = Server::builder().token("abcdefgh");
    assert!(!format!("{builder:?}").contains("abcdefgh"));
    let server = builder.bind("127.0.0.1:0").unwrap();
    let page = server.stream("yard").unwrap();
    assert!(
        !format!("{server:?} {page:?} {:?} {}", page.monitor(), Output::name(&page)).contains("abcdefgh")
    );
    let user = Server::builder().user("guard", "abcdefgh");
    assert!(
        !format!("{user:?}").contains("abcdefgh") && !format!("{user:?}").contains("Z3VhcmQ6YWJjZGVmZ2g=")
    );

    let refusal = |builder: ServerBuilder| {
        let error = builder.bind("127.0.0.1:0").unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    };
    let token = "the token must consist of letters, digits and -._~, and not be empty";
    assert_eq!(refusal(Server::builder().token("")), token);
    assert_eq!(refusal(Server::builder().token("a b;c")), token);
    let user = "the user needs a name without a colon, and a password";
    assert_eq!(refusal(Server::builder().user("a:b", "c")), user);
    assert_eq!(refusal(Server::builder().user("a", "")), user);
}

#[test]
fn h265_is_announced_as_what_it_is() {
    let mut page = page();
    page.open(&StreamInfo::new(backpack_skyline::Codec::H265, 1280, 720, fps(25))).unwrap();
    let mut data = vec![0, 0, 1, 0x40, 1, 0x0c, 1, 0, 0, 1];
    data.extend([
        66, 1, 1, 1, 96, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 0, 3, 0, 120, 160, 2, 128, 128, 45, 31, 229, 249, 36,
        109, 158, 217,
    ]);
    data.extend([0, 0, 1, 0x44, 1, 0xc1, 0x90, 0, 0, 1, 0x26, 1, 0xaf]);
    page.write(&AccessUnit::new(data, Timestamp::ZERO, true)).unwrap();
    let (head, mut reader) = get(page.address(), "/stream.mp4");
    assert!(head.contains("video/mp4; codecs=\"hvc1.1.6.L120\""), "{head}");
    assert_eq!(boxes(&chunk(&mut reader)), ["ftyp", "moov 1280", "moof 0", "mdat 7"]);
}

#[cfg(not(feature = "gstreamer"))]
#[test]
fn without_a_decoder_pictures_are_refused_with_the_reason() {
    let page = page();
    for path in ["/stream.jpg", "/stream.mjpeg"] {
        let (head, mut reader) = get(page.address(), path);
        assert!(head.starts_with("HTTP/1.1 501"), "{head}");
        assert_eq!(
            String::from_utf8(body(&head, &mut reader)).unwrap(),
            "Pictures cannot be decoded here: this program was built without the feature `gstreamer`.\n"
        );
    }
}

#[cfg(feature = "hls")]
#[test]
fn an_hls_output_is_served_too_and_nothing_else_of_its_directory() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("web_hls");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("secret.txt"), "secret").unwrap();
    let server = Server::bind("127.0.0.1:0").unwrap();
    let mut hls = backpack_skyline::Hls::new(&folder);
    server.hls("yard", &hls).unwrap();
    assert!(matches!(server.hls("yard", &hls), Err(NameError::Taken(_))));
    hls.open(&StreamInfo::h264(640, 360, fps(25))).unwrap();
    for n in 0..101 {
        hls.write(&slice(n * 40, n % 25 == 0, 10_000)).unwrap();
    }
    for (file, media) in [
        ("index.m3u8", "application/vnd.apple.mpegurl"),
        ("video.m3u8", "application/vnd.apple.mpegurl"),
        ("header-00000000.mp4", "video/mp4"),
        ("segment-00000001.m4s", "video/mp4"),
    ] {
        let (head, mut reader) = get(server.address(), &format!("/hls/yard/{file}"));
        assert!(head.starts_with("HTTP/1.1 200") && head.contains(media), "{head}");
        assert_eq!(body(&head, &mut reader), std::fs::read(folder.join(file)).unwrap(), "{file}");
    }
    for file in ["secret.txt", "segment-00000009.m4s", "..%2fweb_hls%2fsecret.txt", "%2e%2e", ""] {
        let (head, _) = get(server.address(), &format!("/hls/yard/{file}"));
        assert!(head.starts_with("HTTP/1.1 404"), "{file}: {head}");
    }
    assert!(get(server.address(), "/hls/gate/index.m3u8").0.starts_with("HTTP/1.1 404"));
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
    first.write(&slice(0, true, 10)).unwrap();
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
