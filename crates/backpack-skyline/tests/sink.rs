//! Any GStreamer sink as an output, with servers of others at its other end.
#![cfg(feature = "gstreamer")]
#![allow(clippy::unwrap_used)]

mod common;

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use backpack_core::{Frame, PixelFormat, Timestamp};
use backpack_skyline::{
    AccessUnit, Backoff, Encoder, Events, Fanout, Memory, MemoryContents, Output, OutputState, OutputStats,
    Sink, SkyLine, Stats, StreamInfo,
};
use backpack_timepiece::Clock;
use common::numbered::{HEIGHT, NumberedStream, RATE, WIDTH};
use common::player::{FfmpegPlayer, RtpPlayer, key_frames_of, numbers_of, play_file};
use common::servers::{self, folder, free_tcp_port, free_udp_port};
use common::{PATIENCE, fps, h265, wait_until};

fn of<'a>(stats: &'a Stats, name: &str) -> &'a OutputStats {
    stats.outputs.iter().find(|output| output.name.starts_with(name)).unwrap()
}

fn assert_nothing_lost(stats: &Stats) {
    let memory = of(stats, "memory");
    assert_eq!((memory.units, memory.dropped, memory.failures), (stats.units, 0, 0));
}

fn stream_with(sink: Sink) -> (NumberedStream, MemoryContents) {
    let memory = Memory::new();
    let sent = memory.contents();
    (NumberedStream::start(vec![Box::new(sink), Box::new(memory)]), sent)
}

fn wait_for(player: &common::player::Log, pictures: usize) {
    wait_until("pictures", || player.count() >= pictures);
}

#[test]
fn rtp_over_udp_brings_every_picture_from_the_first_to_the_last() {
    let player = RtpPlayer::listen("H264");
    let sink = format!("rtph264pay config-interval=-1 ! udpsink host=127.0.0.1 port={}", player.port);
    let sink = Sink::new(&sink).unwrap();
    assert_eq!(sink.name(), format!("udpsink 127.0.0.1:{}", player.port));
    let (stream, sent) = stream_with(sink);
    wait_for(&player.log, 100);
    player.log.assert_faithful("RTP", &stream, &sent);
    let stats = stream.stop();
    assert_nothing_lost(&stats);
    assert_eq!(of(&stats, "udpsink").state, OutputState::Closed);
    wait_until("the last picture", || player.log.numbers() == numbers_of(&sent));
}

#[test]
fn h265_goes_through_the_same_sinks() {
    let player = RtpPlayer::listen("H265");
    let rtp = format!("rtph265pay config-interval=-1 ! udpsink host=127.0.0.1 port={}", player.port);
    let (input, output) = (free_udp_port(), free_udp_port());
    let target = format!("srt://127.0.0.1:{output}?mode=listener");
    let _server = servers::srt_relay(input, &target, Stdio::null());
    let srt = format!("mpegtsmux alignment=7 ! srtsink uri=srt://127.0.0.1:{input}");
    let outputs: Vec<Box<dyn Output>> =
        vec![Box::new(Sink::new(&rtp).unwrap()), Box::new(Sink::new(&srt).unwrap())];
    let backoff = Backoff { initial: Duration::from_millis(100), max: Duration::from_millis(100) };
    let fanout =
        Fanout::start(outputs, h265::stream(), &Clock::system(), backoff, &Events::default()).unwrap();
    let srt = FfmpegPlayer::play(&target.replace("listener", "caller"));
    let begun = Instant::now();
    for unit in h265::units(240) {
        std::thread::sleep((begun + unit.pts.elapsed()).saturating_duration_since(Instant::now()));
        fanout.send(&unit);
    }
    wait_until("the last picture", || player.log.numbers() == (0..240).collect::<Vec<u16>>());
    let (_, problems) = fanout.stop(PATIENCE);
    assert_eq!(problems, [""; 0]);
    // The player began in the middle of a group of pictures.
    let seen = srt.log.since(&[30, 60, 90, 120, 150]);
    let numbers = seen.numbers();
    assert!(numbers.len() >= 60, "{numbers:?}");
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1), "{numbers:?}");
    let all = [seen.all(), player.log.all()].concat();
    let worst = all.iter().map(|seen| seen.psnr).fold(f64::INFINITY, f64::min);
    assert!(worst > 38.0, "{worst:.1} dB");
}

#[test]
fn rtmp_goes_through_nginx_and_comes_back_by_itself_when_nginx_does() {
    let folder = folder("nginx");
    let port = free_tcp_port();
    let server = servers::nginx(&folder, port);
    let url = format!("rtmp://127.0.0.1:{port}/live/yard");
    let sink = Sink::new(&format!("flvmux streamable=true ! rtmp2sink location={url}")).unwrap();
    assert_eq!(sink.name(), format!("rtmp2sink 127.0.0.1:{port}"));
    let (stream, sent) = stream_with(sink);
    wait_until("units", || sent.units().len() > 15);
    let player = FfmpegPlayer::play(&url);
    wait_for(&player.log, 90);
    player.log.assert_faithful("RTMP", &stream, &sent);

    server.kill();
    let before = player.wait().numbers();
    let _server = servers::nginx(&folder, port);
    let began_again = sent.units().len();
    // A player that comes before the stream would wait for it in vain.
    wait_until("the sink to come back", || {
        std::fs::read_to_string(folder.join("error.log")).is_ok_and(|log| log.matches("publish").count() >= 2)
    });
    let player = FfmpegPlayer::play(&url);
    wait_for(&player.log, 60);
    player.log.assert_faithful("RTMP again", &stream, &sent);
    assert!(player.log.numbers()[0] > before[before.len() - 1] && sent.units().len() > began_again);
    let stats = stream.stop();
    assert_nothing_lost(&stats);
    let sink = of(&stats, "rtmp2sink");
    assert!(sink.failures > 0 && sink.state == OutputState::Closed, "{sink:?}");
}

#[test]
fn srt_goes_through_a_relay() {
    let (input, output) = (free_udp_port(), free_udp_port());
    let target = format!("srt://127.0.0.1:{output}?mode=listener");
    let _server = servers::srt_relay(input, &target, Stdio::null());
    let sink = Sink::new(&format!("mpegtsmux alignment=7 ! srtsink uri=srt://127.0.0.1:{input}")).unwrap();
    assert_eq!(sink.name(), format!("srtsink 127.0.0.1:{input}"));
    let (stream, sent) = stream_with(sink);
    let player = FfmpegPlayer::play(&target.replace("listener", "caller"));
    wait_until("pictures", || player.log.since(&key_frames_of(&sent)).count() >= 100);
    player.log.since(&key_frames_of(&sent)).assert_faithful("SRT", &stream, &sent);
    assert_nothing_lost(&stream.stop());
}

#[test]
fn after_an_srt_server_was_gone_the_stream_begins_anew_at_a_key_frame() {
    let folder = folder("srt");
    let port = free_udp_port();
    let serve = |name: &str| {
        let file = std::fs::File::create(folder.join(name)).unwrap();
        servers::srt_relay(port, "file://con", file.into())
    };
    let size = |name: &str| std::fs::metadata(folder.join(name)).map_or(0, |file| file.len());
    let server = serve("first.ts");
    let (stream, sent) = stream_with(
        Sink::new(&format!("mpegtsmux alignment=7 ! srtsink uri=srt://127.0.0.1:{port}")).unwrap(),
    );
    wait_until("the first server to receive", || size("first.ts") > 50_000);
    server.kill();
    let at = sent.units().len();
    let server = serve("second.ts");
    wait_until("the second server to receive", || size("second.ts") > 50_000);
    let stats = stream.stop();
    assert_nothing_lost(&stats);
    assert_eq!(of(&stats, "srtsink").state, OutputState::Closed, "{:?}", of(&stats, "srtsink").last_error);
    drop(server);
    let (played, faults) = play_file(&folder.join("second.ts"));
    assert_eq!(faults, "");
    let played = played.numbers();
    assert!(played[0] > numbers_of(&sent)[at], "{played:?}");
    assert!(key_frames_of(&sent).contains(&played[0]), "{played:?}");
}

#[test]
fn a_server_that_never_answers_is_an_error_in_time_and_nobody_elses_trouble() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("rtmp://{}/live/yard", silent.local_addr().unwrap());
    let sink = Sink::new(&format!("flvmux streamable=true ! rtmp2sink location={url}")).unwrap();
    let begun = Instant::now();
    let (stream, sent) = stream_with(sink.named("silent").stall_timeout(Duration::from_secs(1)));
    // Kept open, and never read from.
    let tries: Vec<_> = silent.incoming().take(2).collect();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    wait_until("more units", || sent.units().len() > 100);
    let stopping = Instant::now();
    let (stats, problem) = stream.stop_failing();
    assert!(stopping.elapsed() < Duration::from_secs(4), "{:?}", stopping.elapsed());
    let problem = problem.to_string();
    let (stall, end) = ("stalled: nothing was taken for 1s", "the pipeline did not end within 1s");
    assert!([stall, end].iter().any(|reason| problem == format!("silent: {reason}")), "{problem}");
    assert!(of(&stats, "silent").failures > 1, "{stats:?}");
    assert_nothing_lost(&stats);
    drop(tries);
}

/// Units of noise, which are large.
fn noise() -> Vec<AccessUnit> {
    let memory = Memory::new();
    let sent = memory.contents();
    let encoder = Encoder::h264().bitrate_kbps(50_000).key_frame_interval(Duration::from_secs(1));
    let mut sky = SkyLine::builder()
        .encoder(encoder)
        .size(WIDTH, HEIGHT)
        .frame_rate(fps(RATE))
        .output(memory)
        .start()
        .unwrap();
    let mut seed = 1u32;
    let mut random = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    };
    for number in 0..RATE {
        let pixels: Vec<u8> = (0..WIDTH * HEIGHT).map(|_| random()).collect();
        let frame = Frame::new(pixels, WIDTH, HEIGHT, PixelFormat::Gray8).unwrap();
        let time = Timestamp::from(Duration::from_secs(1) * number / RATE);
        sky.put_within(frame.with_timestamp(time), PATIENCE).unwrap();
    }
    sky.stop().unwrap();
    sent.units()
}

#[test]
fn a_server_that_stops_reading_ends_neither_write_nor_close_nor_drop_in_waiting() {
    let units = noise();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    let sink = format!("tcpclientsink host=127.0.0.1 port={port}");
    let mut sink = Sink::new(&sink).unwrap().stall_timeout(Duration::from_secs(1));
    sink.open(&StreamInfo::h264(WIDTH, HEIGHT, fps(RATE))).unwrap();
    let _unread = server.accept().unwrap();
    let (mut written, mut longest) = (0, Duration::ZERO);
    let error = (0..1000).flat_map(|_| &units).find_map(|unit| {
        let begun = Instant::now();
        let result = sink.write(unit);
        written += unit.data.len();
        longest = longest.max(begun.elapsed());
        result.err()
    });
    assert_eq!(error.unwrap().to_string(), "stalled: nothing was taken for 1s");
    println!("{written} bytes went out; the longest write took {longest:?}");
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    let closing = Instant::now();
    assert!(sink.close().is_err());
    drop(sink);
    assert!(closing.elapsed() < Duration::from_secs(1), "{:?}", closing.elapsed());
}

#[test]
fn a_stream_that_is_joined_late_is_sent_at_once() {
    let player = RtpPlayer::listen("H265");
    // Who waits for the time of a unit notices when it is wrong.
    let sink = format!("rtph265pay ! udpsink host=127.0.0.1 port={} sync=true", player.port);
    let mut sink = Sink::new(&sink).unwrap();
    let units = h265::units(30);
    for (round, hours) in [(1, 1), (2, 0), (3, 2)] {
        sink.open(&h265::stream()).unwrap();
        let begun = Instant::now();
        for unit in &units {
            std::thread::sleep((begun + unit.pts.elapsed()).saturating_duration_since(Instant::now()));
            let pts = Timestamp::from(Duration::from_secs(hours * 3600) + unit.pts.elapsed());
            sink.write(&AccessUnit::new(unit.data.clone(), pts, unit.keyframe)).unwrap();
        }
        sink.close().unwrap();
        wait_for(&player.log, round * 30);
        assert!(begun.elapsed() < Duration::from_millis(1500), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_description_that_cannot_work_is_refused_with_its_reason() {
    let error = |text: &str| Sink::new(text).unwrap_err().to_string();
    let prefix = "the description of a sink: ";
    for (text, reason) in [
        ("  ", "it is empty"),
        ("flvmux", "it has no sink: it must end in one, such as `… ! rtmp2sink location=…`"),
        ("nosuchmux ! nosuchsink", "there is no element nosuchmux, nosuchsink: is its plugin installed?"),
        ("fakesink !", "syntax error"),
        ("fakesink colour=red", "no property \"colour\" in element \"fakesink\""),
        ("fakesink sync=perhaps", "could not set property \"sync\" in element \"fakesink\" to \"perhaps\""),
        ("vp8dec name=wrong ! fakesink", "could not link the H.264 stream to wrong"),
        (
            "rtmp2sink location=rtmp://host/live/key with spaces",
            "a word stands where no element can: a value with spaces belongs in quotes",
        ),
    ] {
        assert_eq!(error(text), format!("{prefix}{reason}"), "{text}");
    }
}

#[test]
fn a_codec_that_a_sink_cannot_take_is_an_error_of_its_own() {
    let mut sink = Sink::new("flvmux name=mux ! fakesink").unwrap();
    let error = sink.open(&h265::stream()).unwrap_err().to_string();
    assert_eq!(error, "could not link the H.265 stream to mux");
}

#[test]
fn secrets_are_neither_in_names_nor_in_errors_nor_in_debug() {
    let secrets = ["s3cret", "hidden", "tok3n", "my-key", "0123456789"];
    let check = |text: &str| {
        assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
        assert!(!text.is_empty());
    };
    let nobody = free_tcp_port();
    let mut errors = Vec::new();
    for text in [
        format!(
            "flvmux ! rtmpsink location=\"rtmp://joe:s3cret@127.0.0.1:{nobody}/live/my-key pubPasswd=hidden\""
        ),
        format!(
            "flvmux ! rtmp2sink location=rtmp://joe:s3cret@127.0.0.1:{nobody}/live/my-key?t=tok3n password=hidden"
        ),
        format!("mpegtsmux ! srtsink uri=srt://127.0.0.1:{nobody}?streamid=tok3n&passphrase=0123456789"),
        "mpegtsmux ! srtsink uri=srt://127.0.0.1?mode=tok3n passphrase=0123456789 streamid=hidden".to_owned(),
        "filesink location=/no/such/folder/x user=s3cret".to_owned(),
        "fakesink sync=tok3n password=tok3n".to_owned(),
        "nosuchsink secret-key=hidden uri=x://s3cret@y/tok3n".to_owned(),
        "rtmp2sink location=rtmp://x/live/my-key password=very hidden".to_owned(),
        "rtmp2sink location=\"rtmp://x/live/my-key ! fakesink".to_owned(),
        "rtmp://x/live/my-key".to_owned(),
    ] {
        let mut sink = match Sink::new(&text) {
            Ok(sink) => sink.stall_timeout(Duration::from_secs(2)),
            Err(error) => {
                check(&format!("{error} {error:?}"));
                continue;
            }
        };
        check(&sink.name());
        check(&format!("{sink:?}"));
        let stream = StreamInfo::h264(WIDTH, HEIGHT, fps(RATE));
        let units = noise();
        let error = sink.open(&stream).and_then(|()| {
            (0..100).flat_map(|_| &units).try_for_each(|unit| {
                std::thread::sleep(Duration::from_millis(1));
                sink.write(unit)
            })
        });
        let error = error.unwrap_err();
        check(&format!("{error} {error:?}"));
        check(&sink.close().map_or_else(|error| format!("{error} {error:?}"), |()| "closed".into()));
        errors.push(error.to_string());
    }
    println!("{errors:#?}");
    assert!(errors.iter().any(|error| error.contains("Could not connect to RTMP stream")), "{errors:#?}");
}
