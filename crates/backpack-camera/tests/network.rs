//! Cameras over the network: RTSP, HTTP, and a bare TCP stream; and what happens when they go away and return.
#![allow(clippy::unwrap_used)]

mod support;

use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use backpack_camera::{Camera, CameraBuilder, Pace, Reconnect, Source};
use backpack_core::PixelFormat;
use support::rtsp::Server;
use support::{KillOnDrop, event_log, ffmpeg, http, next_nanos, wait_until, within};

const SOON: Reconnect = Reconnect { initial: Duration::from_millis(50), max: Duration::from_millis(200) };

#[test]
fn an_rtsp_camera_is_live_and_takes_credentials_from_its_address() {
    let server = Server::start(0);
    let source = |credentials, path| format!("rtsp://{credentials}@127.0.0.1:{}/{path}", server.port);
    let mut camera = Camera::open(source("user:secret", "camera")).unwrap();
    let info = camera.info();
    assert_eq!((info.width, info.height, info.format, info.live), (320, 240, PixelFormat::I420, true));
    let stamps = within(20, move || [(); 20].map(|()| next_nanos(&mut camera)));
    assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");

    for (source, reason) in [
        (source("user:wrong", "camera"), "rtspsrc: Unauthorized"),
        (source("user:secret", "nothing"), "rtspsrc: Not found"),
    ] {
        let error = within(20, move || Camera::open(source).unwrap_err().to_string());
        assert!(error.contains(reason), "{error}");
        assert!(!error.contains("wrong") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn an_rtsp_camera_that_goes_away_comes_back() {
    let server = Server::start(0);
    let port = server.port;
    let camera = move || Camera::builder(format!("rtsp://user:secret@127.0.0.1:{port}/camera"));
    survives(camera, server, || Server::start(port));
}

#[test]
fn a_process_that_is_killed_and_started_again_is_found_again() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let serve = || {
        let arguments = format!(
            "-re -f lavfi -i testsrc=s=320x240:r=25 -c:v libx264 -preset ultrafast -tune zerolatency -g 5 \
             -pix_fmt yuv420p -f mpegts tcp://127.0.0.1:{port}?listen=1"
        );
        KillOnDrop(ffmpeg(&arguments).spawn().unwrap())
    };
    let camera = move || {
        let elements = "tsdemux ! h264parse ! avdec_h264";
        let description = format!("tcpclientsrc host=127.0.0.1 port={port} ! {elements}");
        Camera::builder(Source::description(description)).live(true)
    };
    survives(camera, serve(), serve);
}

/// The camera outlives its server, tries in vain while there is none, and goes on with the next one.
fn survives<S>(
    camera: impl Fn() -> CameraBuilder + Send + 'static,
    server: S,
    start_again: impl FnOnce() -> S,
) {
    let (log, mut camera) = within(20, move || {
        loop {
            let (log, on_event) = event_log();
            match camera().reconnect(SOON).on_event(on_event).open() {
                Ok(camera) => return (log, camera),
                // The server needs a moment before it listens.
                Err(error) => assert!(error.to_string().contains("refused"), "{error}"),
            }
        }
    });
    let before = next_nanos(&mut camera);
    drop(server);
    let reader = thread::spawn(move || {
        let mut after = Vec::new();
        while after.len() < 10 {
            let stamp = next_nanos(&mut camera);
            if camera.stats().reconnects == 1 {
                after.push(stamp);
            }
        }
        after
    });
    let tried = || log.lock().unwrap().iter().any(|line| line.starts_with("failed"));
    wait_until("an attempt fails", tried);
    let _server = start_again();
    let after = within(30, || reader.join().unwrap());
    assert!(before < after[0] && after.is_sorted_by(|a, b| a < b), "{before}, then {after:?}");

    let log = log.lock().unwrap();
    assert_eq!(log[0], "connected");
    assert!(log[1].starts_with("lost: "), "{log:?}");
    let attempts: Vec<_> = log[2..].chunks(2).collect();
    for (index, pair) in attempts.iter().enumerate() {
        let attempt = index + 1;
        assert_eq!(pair[0], format!("reconnecting {attempt}"));
        let outcome = if attempt < attempts.len() { "failed" } else { "reconnected" };
        assert!(pair[1].starts_with(&format!("{outcome} {attempt}")), "{log:?}");
    }
}

#[test]
fn motion_jpeg_over_http_is_live_and_each_frame_has_the_time_it_came() {
    let address = http::serve();
    let mut camera = Camera::open(format!("http://user:secret@{address}/camera")).unwrap();
    assert!(camera.info().live);
    let stamps: Vec<_> = within(20, move || (0..30).map(|_| next_nanos(&mut camera)).collect());
    assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
    // 29 pauses of 40 ms lie between them, and the frames of the first moments may have piled up.
    let span = stamps[29] - stamps[0];
    assert!(span > 400_000_000, "{stamps:?}");

    let error = within(20, move || Camera::open(format!("http://{address}/camera")).unwrap_err().to_string());
    assert!(error.contains("souphttpsrc: Unauthorized"), "{error}");
}

#[test]
fn a_video_file_over_http_is_read_like_a_file() {
    let source = format!("http://{}/clip", http::serve());
    let camera = Camera::builder(source).pace(Pace::Fastest).open().unwrap();
    assert!(!camera.info().live);
    assert_eq!(within(20, move || camera.map(Result::unwrap).count()), 250);
}
