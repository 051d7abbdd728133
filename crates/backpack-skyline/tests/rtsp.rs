//! The RTSP server through real players.
#![cfg(feature = "rtsp")]
#![allow(clippy::unwrap_used)]

mod common;

use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use backpack_core::Frame;
use backpack_skyline::{Codec, Encoder, Output, SkyLine, StreamInfo, rtsp};
use common::numbered::{HEIGHT, NumberedStream, WIDTH, is_put};
use common::rtsp::{
    Picture, Player, Raw, Reel, Relay, encode, h265, noisy_frame, now, probe, wait_for_exit, watch,
};
use common::{barcode, fps, slice, wait_until};

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
    psnr_to(picture, &barcode::frame(picture.number, WIDTH, HEIGHT))
}

fn psnr_to(picture: &Picture, source: &Frame) -> f64 {
    let view = source.view();
    let source: Vec<u8> = view.plane(0).rows().flatten().copied().collect();
    assert_eq!(source.len(), picture.luma.len());
    common::psnr(source.iter().zip(&picture.luma).map(|(&a, &b)| (f64::from(a), f64::from(b))))
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
fn a_viewer_of_a_mount_without_frames_is_told_at_once_and_blocks_nobody() {
    let server = server();
    let stream = streaming(&server, "/cam");
    let empty = server.mount("/empty").unwrap();
    let player = Player::open(&server.url("/cam"), "tcp");
    player.wait_for(1);
    let mut raw = Raw::connect(server.address());
    let begun = Instant::now();
    assert_eq!(raw.request("DESCRIBE", empty.url(), "").status, 503);
    let transport = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n";
    // Whoever has not asked what there is gets a less exact answer.
    assert_eq!(raw.request("SETUP", &format!("{}/stream=0", empty.url()), transport).status, 404);
    assert_eq!(raw.request("DESCRIBE", &server.url("/nothing"), "").status, 404);
    assert!(begun.elapsed() < Duration::from_secs(1), "took {:?}", begun.elapsed());
    assert_complete(&player.wait_for(30));
    drop(stream);
}

#[test]
fn a_viewer_who_waits_for_a_stream_to_go_on_blocks_nobody() {
    let server = server();
    // Its only group of pictures is too large to be kept, so that whoever comes has to wait for another key frame.
    let mut stalled = server.mount("/stalled").unwrap();
    stalled.open(&StreamInfo::h264(640, 360, fps(30))).unwrap();
    stalled.write(&slice(0, true, 5 << 20)).unwrap();
    stalled.write(&slice(33, false, 5 << 20)).unwrap();
    stalled.write(&slice(66, false, 10)).unwrap();
    let mut waiting = Raw::connect(server.address());
    waiting.send(format!("DESCRIBE {} RTSP/1.0\r\nCSeq: 1\r\n\r\n", stalled.url()).as_bytes());
    let stream = streaming(&server, "/cam");
    let player = Player::open(&server.url("/cam"), "udp");
    assert_complete(&player.wait_for(30));
    // Its end ends the waiting too.
    let begun = Instant::now();
    stalled.close().unwrap();
    waiting.wait_until_closed();
    assert!(begun.elapsed() < Duration::from_secs(5));
    drop(stream);
}

#[test]
fn a_viewer_who_joins_while_no_picture_comes_sees_the_last_ones() {
    let server = server();
    let mut mount = server.mount("/cam").unwrap();
    let (stream, units) = encode((0..40).map(|number| barcode::frame(number, WIDTH, HEIGHT)));
    mount.open(&stream).unwrap();
    units.iter().for_each(|unit| mount.write(unit).unwrap());
    for transport in ["udp", "tcp"] {
        let player = Player::open(mount.url(), transport);
        let pictures = player.wait_for(40);
        assert_eq!(pictures.iter().map(|picture| picture.number).collect::<Vec<_>>(), Vec::from_iter(0..40));
        let (first, last) = (&pictures[0], &pictures[39]);
        println!("{transport}: {:.0} ms from the first to the last", last.at - first.at);
        assert!(last.pts - first.pts < 100.0, "they are shown at once, not over again");
    }
}

#[test]
fn pictures_that_wait_for_the_viewer_to_play_do_not_delay_those_after_them() {
    let server = server();
    let stream = streaming(&server, "/cam");
    for (pause, described) in [(500, true), (50, true), (0, false)] {
        let mut raw = Raw::connect(server.address());
        let url = server.url("/cam");
        if described {
            assert_eq!(raw.request("DESCRIBE", &url, "").status, 200);
        }
        thread::sleep(Duration::from_millis(pause));
        raw.play(&url, "");
        let pictures = raw.rtp_pictures(60);
        // A player that shows the first picture when it arrives would hold each of the others for so long.
        let (first_at, first_time) = pictures[0];
        let held = |&(at, time): &(f64, f64)| (time - first_time) - (at - first_at);
        let most = pictures.iter().map(held).fold(f64::MIN, f64::max);
        println!("{pause} ms of handshake: a picture is held for {most:.1} ms at most");
        assert!(most < 25.0);
    }
    drop(stream);
}

#[test]
fn a_slow_viewer_misses_whole_groups_and_is_live_again_once_it_can_while_others_miss_nothing() {
    let server = server();
    let mount = server.mount("/cam").unwrap();
    let monitor = mount.monitor();
    let reel = Reel::noisy(mount);
    let relay = Relay::to(server.address());
    let slow = Player::open(&format!("rtsp://{}/cam", relay.address), "tcp");
    let other = Player::open(monitor.url(), "tcp");
    slow.wait_for(10);
    other.wait_for(10);
    assert_eq!(monitor.viewers(), 2);
    relay.stalled.store(true, Ordering::Release);
    wait_until("pictures to be missed", || monitor.missed() > 60);
    let (behind, resumed) = (slow.count(), now());
    relay.stalled.store(false, Ordering::Release);
    wait_until("the slow viewer to be live again", || {
        slow.pictures()[behind..].iter().any(|picture| reel.age(picture) < 100.0)
    });
    println!("live again after {:.0} ms and {} old pictures", now() - resumed, slow.count() - behind);
    let pictures = slow.wait_for(slow.count() + 30);
    let follows = |pair: &[Picture]| (pair[0].number + 1) % 120 == pair[1].number;
    let gaps: Vec<_> = pictures.windows(2).filter(|pair| !follows(pair)).collect();
    assert!(!gaps.is_empty() && gaps.iter().all(|pair| pair[1].number % 30 == 0), "it goes on at key frames");
    let others = other.pictures();
    assert!(others.windows(2).all(follows), "the other misses nothing");
    let quality = |picture: &Picture| psnr_to(picture, &noisy_frame(picture.number));
    let worst = pictures.iter().chain(&others).map(quality).fold(f64::INFINITY, f64::min);
    assert!(worst > 20.0, "every picture is clean, the first one too: {worst} dB");
    let mut ages: Vec<f64> = others[10..].iter().map(|picture| reel.age(picture)).collect();
    ages.sort_by(f64::total_cmp);
    let (median, oldest) = (ages[ages.len() / 2], ages[ages.len() - 1]);
    println!(
        "the other viewer's pictures are {median:.0} ms old, {oldest:.0} ms at most; quality from {worst:.1} dB"
    );
    // The slow one stands still for two seconds at least.
    assert!(median < 1000.0, "the other viewer is held up");
}

#[test]
fn the_end_of_a_stream_is_the_end_for_its_viewers_and_a_new_one_has_new_viewers() {
    let server = server();
    let mut sky = SkyLine::builder()
        .encoder(Encoder::h264())
        .output(server.mount("/cam").unwrap())
        .size(WIDTH, HEIGHT)
        .frame_rate(fps(30))
        .start()
        .unwrap();
    for round in 0..2 {
        let put = |sky: &mut SkyLine, number: u16| {
            sky.put(barcode::frame(number, WIDTH, HEIGHT)).unwrap();
            thread::sleep(Duration::from_millis(20));
        };
        (0..5).for_each(|number| put(&mut sky, number));
        let player = Player::open(&server.url("/cam"), "udp");
        let watching =
            [&[][..], &["-rtsp_transport", "tcp"]].map(|options| watch(&server.url("/cam"), options));
        for number in 5..500 {
            put(&mut sky, number);
            let viewers = sky.stats().outputs[0].viewers;
            if viewers == Some(3) && player.count() > 20 {
                break;
            }
            assert!(number < 499, "{viewers:?} viewers came");
        }
        put(&mut sky, 777);
        sky.stop().unwrap();
        player.wait_for_end();
        assert_eq!(player.pictures().last().unwrap().number, 777, "the last picture arrives before the end");
        for child in watching {
            let output = wait_for_exit(child);
            assert!(output.status.success(), "round {round}: {output:?}");
        }
        assert_eq!(probe(&server.url("/cam"), &[]).unwrap_err().matches("503").count(), 1);
        if round == 0 {
            sky.start_again().unwrap();
        }
    }
}

#[test]
fn a_stream_that_goes_on_in_another_size_ends_for_its_viewers_who_can_come_again() {
    let server = server();
    let mut mount = server.mount("/cam").unwrap();
    let (large, large_units) = encode((0..20).map(|number| barcode::frame(number, WIDTH, HEIGHT)));
    let (small, small_units) = encode((0..20).map(|number| barcode::frame(number, 320, 180)));
    mount.open(&large).unwrap();
    large_units.iter().for_each(|unit| mount.write(unit).unwrap());
    let player = Player::open(mount.url(), "tcp");
    player.wait_for(20);
    mount.close().unwrap();
    mount.open(&small).unwrap();
    small_units.iter().for_each(|unit| mount.write(unit).unwrap());
    player.wait_for_end();
    assert_eq!(player.count(), 20);
    let again = Player::open(mount.url(), "tcp");
    let pictures = again.wait_for(20);
    assert_eq!((pictures[19].number, pictures[19].luma.len()), (19, 320 * 180));
}

#[test]
fn h265_is_served_as_h265() {
    let server = server();
    let mut mount = server.mount("/cam").unwrap();
    mount.open(&StreamInfo::new(Codec::H265, WIDTH, HEIGHT, fps(30))).unwrap();
    for unit in h265((0..40).map(|number| barcode::frame(number, WIDTH, HEIGHT))) {
        mount.write(&unit).unwrap();
    }
    for transport in ["udp", "tcp"] {
        let pictures = Player::open(mount.url(), transport).wait_for(40);
        assert_eq!(pictures.iter().map(|picture| picture.number).collect::<Vec<_>>(), Vec::from_iter(0..40));
        assert!(pictures.iter().all(|picture| psnr(picture) > 35.0));
    }
    assert_eq!(probe(mount.url(), &[]).unwrap(), "hevc,640,360");
}

#[test]
fn mounts_keep_the_server_until_the_last_of_them_is_dropped() {
    let server = server();
    let address = server.address();
    let (first, mut second) = (server.mount("/first").unwrap(), server.mount("/second").unwrap());
    drop(server);
    drop(first);
    let (stream, units) = encode((0..5).map(|number| barcode::frame(number, WIDTH, HEIGHT)));
    second.open(&stream).unwrap();
    units.iter().for_each(|unit| second.write(unit).unwrap());
    let mut raw = Raw::connect(address);
    assert_eq!(raw.request("DESCRIBE", &format!("rtsp://{address}/first"), "").status, 404);
    raw.play(second.url(), "");
    let begun = Instant::now();
    drop(second);
    println!("dropped within {:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
    raw.wait_until_closed();
}

#[test]
fn a_path_must_fit_into_a_url_and_be_free() {
    let server = server();
    let cam = server.mount("/cam").unwrap();
    assert_eq!(server.mount("/cam").unwrap_err().to_string(), "the path \"/cam\" is taken already");
    assert!(server.mount("cam").unwrap_err().to_string().starts_with("the path \"cam\": it must be"));
    drop(cam);
    server.mount("/cam").unwrap();
}

#[test]
fn multicast_and_other_destinations_are_not_offered() {
    let server = server();
    let stream = streaming(&server, "/cam");
    let url = server.url("/cam");
    let mut raw = Raw::connect(server.address());
    let described = raw.request("DESCRIBE", &url, "");
    assert!(described.body.contains("m=video 0 RTP/AVP 96"), "{described:?}");
    let set_up = |raw: &mut Raw, transport: &str| {
        raw.request("SETUP", &format!("{url}/stream=0"), &format!("Transport: {transport}\r\n"))
    };
    assert_eq!(set_up(&mut raw, "RTP/AVP;multicast").status, 461);
    let redirected = set_up(&mut raw, "RTP/AVP;unicast;destination=192.0.2.1;client_port=40000-40001");
    assert!(redirected.status == 200 && !redirected.head.contains("192.0.2.1"), "{redirected:?}");
    drop(stream);
}

#[test]
fn the_mount_is_called_by_its_url() {
    let server = server();
    let mount = server.mount("/cam").unwrap();
    assert_eq!(mount.name(), format!("rtsp rtsp://127.0.0.1:{}/cam", server.address().port()));
}
