//! Who may watch: users, passwords, TLS; and what nobody may read.
#![cfg(feature = "rtsp")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use backpack_skyline::{Output, rtsp};
use common::rtsp::{Player, Raw, Reel, probe};
use gstreamer::prelude::*;

const USER: &str = "guard";
const PASSWORD: &str = "correct horse: battery";

/// A server with two users, its stream and the URL.
fn guarded() -> (rtsp::Server, Reel, String) {
    let server = rtsp::Server::builder()
        .user("other", "0ther-secret")
        .user(USER, PASSWORD)
        .bind("127.0.0.1:0")
        .unwrap();
    let reel = Reel::start(server.mount("/cam").unwrap());
    let url = server.url("/cam");
    (server, reel, url)
}

fn basic(name: &str, password: &str) -> String {
    format!("Authorization: Basic {}\r\n", gstreamer_rtsp_server::RTSPAuth::make_basic(name, password))
}

/// The answer to a challenge (RFC 2617 without quality of protection).
fn digest(challenge: &str, name: &str, password: &str, method: &str, url: &str) -> String {
    let value = |name: &str| {
        let rest = challenge.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (realm, nonce) = (value("realm"), value("nonce"));
    let hash = |text: String| format!("{:x}", md5::compute(text));
    let (secret, request) = (hash(format!("{name}:{realm}:{password}")), hash(format!("{method}:{url}")));
    let response = hash(format!("{secret}:{nonce}:{request}"));
    format!(
        "Authorization: Digest username=\"{name}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{url}\", response=\"{response}\"\r\n"
    )
}

/// The digest challenge of a server.
fn challenge(raw: &mut Raw, url: &str) -> String {
    let response = raw.request("DESCRIBE", url, "");
    response.head.lines().find(|line| line.starts_with("WWW-Authenticate: Digest")).unwrap().to_owned()
}

#[test]
fn without_valid_credentials_nothing_can_be_learnt_or_done() {
    let (server, _reel, url) = guarded();
    let mut raw = Raw::connect(server.address());
    let session = Raw::connect(server.address()).play(&url, &basic(USER, PASSWORD));
    let refused = [
        String::new(),
        basic(USER, "wrong"),
        basic("nobody", PASSWORD),
        basic(USER, "0ther-secret"),
        "Authorization: Basic ====\r\n".into(),
        "Authorization: Digest\r\n".into(),
        digest(&challenge(&mut raw, &url), USER, "wrong", "DESCRIBE", &url),
        // Made for another method.
        digest(&challenge(&mut raw, &url), USER, PASSWORD, "PAUSE", &url),
        // With a nonce that the server has not given.
        digest("realm=\"backpack\" nonce=\"0123\"", USER, PASSWORD, "DESCRIBE", &url),
    ];
    for credentials in refused {
        for path in ["/cam", "/cam/stream=0", "/unknown", "/", "*"] {
            let target = if path == "*" { "*".to_owned() } else { server.url(path) };
            for method in
                ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "ANNOUNCE"]
            {
                if method == "PAUSE" && credentials.contains("Digest username") {
                    continue;
                }
                let headers = format!(
                    "{credentials}Session: {session}\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
                );
                // A request may name no session but its own.
                for headers in [&headers, &credentials] {
                    let response = raw.request(method, &target, headers);
                    let is_refused = response.status == 401 || (path == "*" && response.status == 400);
                    assert!(is_refused, "{method} {path} with {headers:?}: {response:?}");
                    assert!(response.body.is_empty());
                }
            }
        }
    }
}

#[test]
fn basic_and_digest_let_every_user_in() {
    let (server, _reel, url) = guarded();
    let url = url.as_str();
    for (name, password) in [(USER, PASSWORD), ("other", "0ther-secret")] {
        Raw::connect(server.address()).play(url, &basic(name, password));
        let mut raw = Raw::connect(server.address());
        let answer = digest(&challenge(&mut raw, url), name, password, "DESCRIBE", url);
        assert_eq!(raw.request("DESCRIBE", url, &answer).status, 200);
        // A nonce belongs to one connection.
        assert_eq!(Raw::connect(server.address()).request("DESCRIBE", url, &answer).status, 401);
    }
    let response =
        Raw::connect(server.address()).request("DESCRIBE", &server.url("/x"), &basic(USER, PASSWORD));
    assert_eq!(response.status, 404, "a user is told what does not exist");
}

#[test]
fn players_log_in_with_their_own_means() {
    let (server, _reel, url) = guarded();
    let with = |credentials: &str| format!("rtsp://{credentials}@{}/cam", server.address());
    let ffprobe = |credentials: &str| probe(&with(credentials), &[]);
    assert_eq!(ffprobe("other:0ther-secret").unwrap(), "h264,640,360");
    assert_eq!(ffprobe("guard:correct%20horse%3A%20battery").unwrap(), "h264,640,360");
    for wrong in ["other:wrong", "nobody:0ther-secret"] {
        assert!(ffprobe(wrong).unwrap_err().contains("401"), "{wrong}");
    }
    assert!(probe(&url, &[]).unwrap_err().contains("401"));
    let player = |password: &'static str| {
        Player::open_with(&url, "tcp", move |source| {
            source.set_property("user-id", USER);
            source.set_property("user-pw", password);
        })
    };
    assert_eq!(player(PASSWORD).wait_for(5)[0].number, 0);
    assert!(player("wrong").wait_for_error().contains("Unauthorized"));
}

#[test]
fn a_user_name_that_headers_cannot_carry_is_refused() {
    for name in ["", "a:b", "a\"b", "a\\b", "a\nb"] {
        let error = rtsp::Server::builder().user(name, "geheim").bind("127.0.0.1:0").unwrap_err();
        assert!(error.to_string().starts_with(&format!("the user name {name:?}: ")), "{error}");
        assert!(!error.to_string().contains("geheim"));
    }
}

/// A self-signed certificate for 127.0.0.1 and its key, in PEM.
fn certificate(test: &str) -> (String, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| -> PathBuf { folder.join(name) };
    let output = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .args([Path::new("-keyout"), &path("key.pem"), Path::new("-out"), &path("certificate.pem")])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    (read("certificate.pem"), read("key.pem"))
}

#[test]
fn with_tls_the_stream_is_encrypted_and_users_are_asked_for_all_the_same() {
    let (certificate, key) = certificate("rtsp-tls");
    let server =
        rtsp::Server::builder().user(USER, PASSWORD).tls(certificate, key).bind("127.0.0.1:0").unwrap();
    let mount = server.mount("/cam").unwrap();
    let url = mount.url().to_owned();
    let _reel = Reel::start(mount);
    assert_eq!(url, format!("rtsps://{}/cam", server.address()));
    let player = |password: &'static str| {
        Player::open_with(&url, "tcp+tls", move |source| {
            // The certificate is signed by itself.
            source.set_property_from_str("tls-validation-flags", "0");
            source.set_property("user-id", USER);
            source.set_property("user-pw", password);
        })
    };
    assert_eq!(player(PASSWORD).wait_for(5)[0].number, 0);
    assert!(player("wrong").wait_for_error().contains("Unauthorized"));
    let distrustful = Player::open(&url, "tcp+tls");
    println!("without trust: {}", distrustful.wait_for_error());
    // Clients that do not encrypt, or stop in the middle of the handshake, keep nobody waiting.
    let mut silent = std::net::TcpStream::connect(server.address()).unwrap();
    silent.write_all(&[0x16, 3, 1]).unwrap();
    let mut plain = Raw::connect(server.address());
    plain.send(format!("OPTIONS {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n").as_bytes());
    assert_eq!(player(PASSWORD).wait_for(5)[0].number, 0);
}

#[test]
fn a_certificate_that_cannot_be_used_is_an_error_without_the_key() {
    let (certificate, key) = certificate("rtsp-tls-bad");
    let broken = key.replace("\nM", "\n!");
    for (certificate, key) in
        [("".into(), key.clone()), (certificate.clone(), String::new()), (certificate, broken)]
    {
        let builder = rtsp::Server::builder().tls(certificate.clone(), key.clone());
        let error = builder.bind("127.0.0.1:0").unwrap_err();
        assert!(error.to_string().starts_with("the certificate and its key must be given in PEM"), "{error}");
        for line in key.lines().filter(|line| line.len() > 20 && !line.contains("-----")) {
            assert!(!format!("{error} {error:?} {:?}", rtsp::Server::builder().tls("", line)).contains(line));
        }
    }
}

/// What is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn passwords_are_in_no_log_name_or_debug_text() {
    let log = Log::default();
    let writer = log.clone();
    // For all threads: the server has its own.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || writer.clone())
        .init();
    let builder = rtsp::Server::builder().user(USER, PASSWORD).tls("c3rtificate", "pr1vate");
    let mut texts = format!("{builder:?} {:?}", builder.clone().bind("127.0.0.1:0"));
    assert!(texts.contains(USER), "names are shown");
    let (server, reel, url) = guarded();
    Raw::connect(server.address()).play(&url, &basic(USER, PASSWORD));
    Raw::connect(server.address()).request("DESCRIBE", &url, &basic(USER, "wr0ng-secret"));
    let mount = reel.stop();
    let taken = rtsp::Server::builder().user(USER, PASSWORD).bind(server.address()).unwrap_err();
    texts += &format!("{server:?} {mount:?} {:?} {} {taken} {taken:?}", mount.monitor(), mount.name());
    drop((server, mount));
    texts += &String::from_utf8_lossy(&log.0.lock().unwrap());
    assert!(texts.contains("the RTSP server serves"), "the log is looked at: {texts}");
    let encoded = |password: &str| basic(USER, password).trim().rsplit(' ').next().unwrap().to_owned();
    let wrong = "wr0ng-secret".to_owned();
    for secret in [PASSWORD.to_owned(), "0ther-secret".into(), encoded(PASSWORD), encoded(&wrong), wrong] {
        assert!(!texts.contains(&secret), "{secret} is in {texts}");
    }
    assert!(!texts.contains("pr1vate"));
}
