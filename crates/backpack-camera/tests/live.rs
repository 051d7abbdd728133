//! Live sources: only the newest frame counts, a stop wakes the reader, and nothing hangs.

mod support;

use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use backpack_camera::{Camera, CameraBuilder, CameraError, Pace, Reconnect, Source};
use support::{clip, event_log, next_nanos, wait_until, within};

/// A live source with a hundred frames a second.
fn live() -> CameraBuilder {
    let caps = "video/x-raw,format=I420,width=64,height=48,framerate=100/1";
    Camera::builder(Source::description(format!("videotestsrc is-live=true ! {caps}")))
}

/// A live source that gives one frame and is then silent for a quarter of an hour.
fn silent() -> CameraBuilder {
    let caps = "video/x-raw,format=I420,width=64,height=48,framerate=1/1000";
    Camera::builder(Source::description(format!("videotestsrc is-live=true ! {caps}")))
}

const AT_ONCE: Reconnect = Reconnect { initial: Duration::from_millis(10), max: Duration::from_millis(10) };

#[test]
fn a_slow_reader_gets_the_newest_frame_and_the_others_are_counted() {
    let mut camera = live().open().unwrap();
    assert!(camera.info().live);
    for _ in 0..3 {
        let before = camera.stats().received;
        wait_until("the reader is late", || camera.stats().received >= before + 20);
        let received = camera.stats().received;
        let number = next_nanos(&mut camera) / 10_000_000;
        assert!(number + 1 >= received, "frame {number} of {received} is not the newest");
        let stats = camera.stats();
        let waiting = stats.received - stats.delivered - stats.dropped;
        assert!(waiting <= 1, "{waiting} frames wait: {stats:?}");
        assert!(stats.dropped >= received - stats.delivered - 1, "{stats:?}");
    }
}

#[test]
fn the_test_pattern_can_be_live_and_a_live_source_can_be_kept_whole() {
    let mut camera = Camera::builder("test").live(true).frame_rate(100).size(64, 48).open().unwrap();
    wait_until("the reader is late", || camera.stats().received >= 20);
    next_nanos(&mut camera);
    assert!(camera.stats().dropped >= 18, "{:?}", camera.stats());

    let camera = live().live(false).open().unwrap();
    let stamps: Vec<_> = camera.take(30).map(|frame| frame.unwrap().timestamp().unwrap()).collect();
    assert!(stamps.windows(2).all(|pair| pair[1].since(pair[0]) == Duration::from_millis(10)), "{stamps:?}");
}

#[test]
fn a_stop_wakes_a_waiting_reader_promptly() {
    let mut camera = silent().open().unwrap();
    next_nanos(&mut camera);
    let stop = camera.stop_handle();
    let reader = thread::spawn(move || (camera.next_frame(), Instant::now(), camera));
    // The reader is most probably waiting by then; if it is not, it must end all the same.
    thread::sleep(Duration::from_millis(50));
    let stopped = Instant::now();
    stop.clone().stop();
    let (result, woken, mut camera) = within(10, || reader.join().unwrap());
    assert!(result.unwrap().is_none());
    let delay = woken.saturating_duration_since(stopped);
    assert!(delay < Duration::from_secs(1), "woken after {delay:?}");
    assert!(camera.next_frame().unwrap().is_none(), "a stop is final");
    within(10, || camera.close().unwrap());
}

#[test]
fn a_stop_ends_opening_and_reconnecting_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let builder = Camera::builder(format!("rtsp://{}/x", listener.local_addr().unwrap()));
    let stop = builder.stop_handle();
    let opening = thread::spawn(move || builder.open());
    let _connection = listener.accept().unwrap();
    stop.stop();
    let error = within(5, || opening.join().unwrap().unwrap_err());
    assert!(matches!(error, CameraError::Stopped { .. }), "{error}");

    let (log, on_event) = event_log();
    let never = Duration::from_secs(3600);
    let mut camera = silent()
        .stall_timeout(Duration::from_millis(50))
        .reconnect(Reconnect { initial: never, max: never })
        .on_event(on_event)
        .open()
        .unwrap();
    let stop = camera.stop_handle();
    let reader = thread::spawn(move || {
        next_nanos(&mut camera);
        camera.next_frame()
    });
    wait_until("the camera waits for its next attempt", || log.lock().unwrap().len() == 3);
    stop.stop();
    assert!(within(5, || reader.join().unwrap()).unwrap().is_none());
    assert_eq!(log.lock().unwrap()[2], "reconnecting 1");
}

#[test]
fn a_silent_source_is_lost_and_brought_back() {
    let (log, on_event) = event_log();
    let mut camera = silent()
        .stall_timeout(Duration::from_millis(100))
        .reconnect(AT_ONCE)
        .on_event(on_event)
        .open()
        .unwrap();
    let stamps = within(20, move || [(); 3].map(|()| next_nanos(&mut camera)));
    let gaps = [stamps[1] - stamps[0], stamps[2] - stamps[1]];
    assert!(gaps.iter().all(|&gap| gap >= 100_000_000), "the silence is part of the time: {stamps:?}");
    let log = log.lock().unwrap();
    let lost = "videotestsrc is-live=true ! video/x-raw,format=I420,width=64,height=48,framerate=1/1000: silent for 100ms";
    let lost = format!("lost: {lost}");
    assert_eq!(
        *log,
        ["connected", &lost, "reconnecting 1", "reconnected 1", &lost, "reconnecting 1", "reconnected 1"]
    );
}

#[test]
fn the_end_of_a_live_source_is_a_loss_and_an_error_if_it_shall_not_come_back() {
    let ending =
        || Camera::builder(Source::description("videotestsrc is-live=true num-buffers=5")).live(true);
    let results: Vec<_> = within(20, move || ending().reconnect(None).open().unwrap().collect());
    let error = results.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(error, CameraError::Ended { .. }), "{error}");
    assert!(results[..results.len() - 1].iter().all(Result::is_ok));

    let mut camera = ending().reconnect(AT_ONCE).open().unwrap();
    let stamps: Vec<_> = within(20, move || (0..30).map(|_| next_nanos(&mut camera)).collect());
    assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
}

#[test]
fn a_camera_can_be_dropped_in_any_state() {
    let file = || Camera::builder(clip("vtest.avi"));
    within(60, move || {
        drop(file());
        drop(file().open().unwrap());
        drop(file().pace(Pace::Fastest).looping(true).open().unwrap());
        let full = file().pace(Pace::Fastest).open().unwrap();
        wait_until("the decoder waits for room", || full.stats().received == 4);
        drop(full);
        let mut ended = Camera::builder(clip("bikes.mp4")).pace(Pace::Fastest).open().unwrap();
        assert_eq!(ended.by_ref().count(), 250);
        drop(ended);
        drop(silent().open().unwrap());
        let mut failed =
            Camera::open(Source::description("videotestsrc num-buffers=9 ! identity error-after=2")).unwrap();
        assert!(failed.by_ref().any(|result| result.is_err()));
        drop(failed);
        let stopped = live().open().unwrap();
        stopped.stop_handle().stop();
        drop(stopped);
        let frames: Vec<_> = Camera::open("test").unwrap().take(3).map(Result::unwrap).collect();
        assert!(
            frames.iter().all(|frame| frame.bytes().len() == 640 * 480 * 3 / 2),
            "frames outlive their camera"
        );
    });
}
