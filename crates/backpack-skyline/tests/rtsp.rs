//! The RTSP server through real players.
#![cfg(feature = "rtsp")]
#![allow(clippy::unwrap_used)]

mod common;

use backpack_skyline::{Output, rtsp};
use common::numbered::{HEIGHT, NumberedStream, WIDTH, is_put};
use common::rtsp::{Picture, Player, probe};
use common::{barcode, wait_until};

fn server() -> rtsp::Server {
    rtsp::Server::bind("127.0.0.1:0").unwrap()
}

fn streaming(server: &rtsp::Server, path: &str) -> NumberedStream {
    let stream = NumberedStream::start(vec![Box::new(server.mount(path).unwrap())]);
    wait_until("the stream to begin", || stream.put_at().len() > 3);
    stream
}

/// The signal-to-noise ratio of a picture's luma against what was put in, in decibels.
fn psnr(picture: &Picture) -> f64 {
    let source = barcode::frame(picture.number, WIDTH, HEIGHT);
    let view = source.view();
    let source: Vec<u8> = view.plane(0).rows().flatten().copied().collect();
    assert_eq!(source.len(), picture.luma.len());
    let errors = source.iter().zip(&picture.luma).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
    let mean = errors.sum::<f64>() / picture.luma.len() as f64;
    10.0 * (255.0_f64.powi(2) / mean.max(1e-9)).log10()
}

/// Every picture from the first one on came, once and in order.
fn assert_complete(pictures: &[Picture]) {
    let numbers: Vec<u16> = pictures.iter().map(|picture| picture.number).collect();
    let expected: Vec<u16> = (numbers[0]..).filter(|&number| is_put(number)).take(numbers.len()).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn every_picture_arrives_once_in_order_and_clean_over_udp_and_over_tcp() {
    let server = server();
    let stream = streaming(&server, "/cam");
    for transport in ["udp", "tcp"] {
        let player = Player::open(&server.url("/cam"), transport);
        let pictures = player.wait_for(100);
        assert_complete(&pictures);
        let worst = pictures.iter().map(psnr).fold(f64::INFINITY, f64::min);
        println!("{transport}: PSNR-Y from {worst:.1} dB");
        assert!(worst > 35.0, "{transport}: {worst} dB");
    }
    drop(stream);
}

#[test]
fn ffprobe_and_gstreamer_watch_two_mounts_of_one_server() {
    let server = server();
    let streams = [streaming(&server, "/cam"), streaming(&server, "/yard/left")];
    for path in ["/cam", "/yard/left"] {
        assert_eq!(probe(&server.url(path), &[]).unwrap(), "h264,640,360");
    }
    drop(streams);
}

#[test]
fn latency_is_a_few_milliseconds_for_first_and_late_viewers() {
    let server = server();
    let stream = streaming(&server, "/cam");
    for transport in ["udp", "tcp"] {
        let mut first = Vec::new();
        let mut latencies = Vec::new();
        for _ in 0..8 {
            let player = Player::open(&server.url("/cam"), transport);
            let pictures = player.wait_for(25);
            first.push(player.first_after());
            assert!(psnr(&pictures[0]) > 35.0, "the first picture of a late viewer is clean");
            let put_at = stream.put_at();
            // The pictures that were on their way during the handshake are older.
            latencies.extend(pictures[10..].iter().map(|picture| picture.at - put_at[&picture.number]));
        }
        first.sort_by(f64::total_cmp);
        latencies.sort_by(f64::total_cmp);
        let median = |values: &[f64]| values[values.len() / 2];
        let (first_median, latency) = (median(&first), median(&latencies));
        println!(
            "{transport}: first clean picture after {first_median:.0} ms (at most {:.0}), latency {latency:.1} ms (95 %: {:.1})",
            first[first.len() - 1],
            latencies[latencies.len() * 95 / 100]
        );
        assert!(first_median < 300.0 && latency < 40.0);
    }
}

#[test]
fn the_mount_is_called_by_its_url() {
    let server = server();
    let mount = server.mount("/cam").unwrap();
    assert_eq!(mount.name(), format!("rtsp rtsp://127.0.0.1:{}/cam", server.address().port()));
}
