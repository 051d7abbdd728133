//! A stream as a whole, over TLS, to a local service that others wrote.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;
use std::time::{Duration, SystemTime};

use backpack_kvs::{ConnectionState, Event, Framing, Notice, Persistence, PutError, Video};
use backpack_skyline::{AccessUnit, Codec};
use common::film::{self, Film, HEIGHT, PICTURES, WIDTH};
use common::proxy::Proxy;
use common::{
    PATIENCE, STREAM, assert_nothing_lost, folder, heard, larger, now, numbered, playback, producer, service,
    stored, wait_until,
};

/// The film as a byte stream whose key frames carry their parameter sets.
fn byte_stream(film: &Film, codec: &str) -> Vec<AccessUnit> {
    let sets = film::parameter_sets(codec, &film.configuration);
    let convert = |unit: &AccessUnit| {
        let mut data = if unit.keyframe { sets.clone() } else { Vec::new() };
        data.extend(film::start_codes(&unit.data));
        AccessUnit::new(data, unit.pts, unit.keyframe)
    };
    film.units.iter().map(convert).collect()
}

#[test]
fn every_picture_of_a_film_arrives_once_over_tls_and_is_persisted_and_plays() {
    let film = film::plain();
    let service = service().tls(true).start().expect("a service");
    let started = now();
    let producer =
        producer(&service).video(Video::byte_stream(Codec::H264).started(started)).start().unwrap();
    let events = producer.events();
    for unit in &byte_stream(&film, "h264") {
        producer.put(unit).unwrap();
    }
    producer.flush(PATIENCE).unwrap();
    let stats = producer.stats();
    producer.shutdown(PATIENCE).unwrap();

    let playback = playback(&service);
    assert_eq!(film::shown(&playback, "h264", WIDTH, HEIGHT), (0..PICTURES).collect::<Vec<_>>());
    assert_eq!((playback.replaced, playback.fragments.len()), (0, 15));
    assert_nothing_lost(&stats);
    assert_eq!((stats.fragments.persisted, stats.units, stats.resent), (15, 900, 0));
    let persisted = heard(&events).into_iter().filter(|event| matches!(event, Event::Persisted { .. }));
    assert_eq!(persisted.count(), 15);
    let first = started.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis() as i64;
    let times: Vec<_> = playback
        .fragments
        .iter()
        .flat_map(|fragment| &fragment.frames)
        .map(|frame| frame.timestamp - first)
        .collect();
    let expected: Vec<_> = film.units.iter().map(|unit| unit.pts.elapsed().as_millis() as i64).collect();
    let is_near = |(time, expected): (&i64, &i64)| (time - expected).abs() <= 1;
    assert!(times.iter().zip(&expected).all(is_near), "{times:?}");
    // Byte for byte the configuration that ffmpeg wrote.
    assert_eq!(playback.fragments[0].tracks[0].codec_private[..], film.configuration);
}

#[test]
fn what_goes_over_the_wire_is_clean_matroska_also_for_foreign_readers() {
    let film = film::reordered();
    let service = service().start().expect("a service");
    let proxy = Proxy::start();
    let producer = producer(&service)
        .proxy(format!("http://joe:p%40ss@{}", proxy.address))
        .video(Video::with_configuration(Codec::H264, &film.configuration).unwrap().started(now()))
        .start()
        .unwrap();
    producer.tag("place", "the yard", Persistence::Stream).unwrap();
    for unit in &film.units {
        producer.put(unit).unwrap();
    }
    producer.shutdown(PATIENCE).unwrap();

    assert_eq!(film::shown(&playback(&service), "h264", 320, 192), (0..150).collect::<Vec<_>>());
    assert!(proxy.asked()[0].contains("Proxy-Authorization: Basic am9lOnBAc3M=\r\n"), "{:?}", proxy.asked());
    let path = folder("wire").join("wire.mkv");
    let [body] = &proxy.bodies()[..] else { panic!("there is one connection") };
    std::fs::write(&path, body).unwrap();
    let info = Command::new("mkvinfo").arg("-v").arg(&path).output().expect("mkvinfo is installed");
    let text = String::from_utf8_lossy(&info.stdout);
    assert!(info.status.success(), "{text}");
    for wrong in ["Error", "error", "Warning", "Unknown", "skip"] {
        assert!(
            !text.replace("size is unknown", "").replace("size unknown", "").contains(wrong),
            "{wrong}: {text}"
        );
    }
    for right in [
        "V_MPEG4/ISO/AVC",
        "profile: High",
        "Pixel width: 320",
        "AWS_KINESISVIDEO_END_OF_FRAGMENT",
        "the yard",
    ] {
        assert!(text.contains(right), "{right} is missing: {text}");
    }
    let probe = Command::new("ffprobe")
        .args([
            "-v",
            "warning",
            "-count_packets",
            "-show_entries",
            "stream=nb_read_packets,width",
            "-of",
            "csv=p=0",
        ])
        .arg(&path)
        .output()
        .expect("ffprobe is installed");
    assert_eq!(String::from_utf8_lossy(&probe.stderr), "");
    assert_eq!(String::from_utf8_lossy(&probe.stdout).trim(), "320,150");
}

#[test]
fn reordered_pictures_need_no_decode_times_and_open_groups_lose_no_picture() {
    let film = film::open_groups();
    let service = service().start().expect("a service");
    let producer = producer(&service).video(Video::byte_stream(Codec::H265).started(now())).start().unwrap();
    for unit in &byte_stream(&film, "hevc") {
        producer.put(unit).unwrap();
    }
    producer.shutdown(PATIENCE).unwrap();
    let playback = playback(&service);
    assert_eq!(film::shown(&playback, "hevc", 320, 192), (0..150).collect::<Vec<_>>());
    let leads =
        |fragment: &backpack_kvs_local::Fragment| fragment.frames[0].timestamp > fragment.producer_timestamp;
    assert!(playback.fragments.iter().any(leads), "no group is open");
    assert_eq!(playback.fragments[0].tracks[0].codec_id, "V_MPEGH/ISO/HEVC");
    assert_eq!(service.streams()[0].name, STREAM);
}

#[test]
fn pictures_go_out_as_they_come_and_the_last_fragment_is_persisted_when_it_is_flushed() {
    let service = service().start().expect("a service");
    let producer = producer(&service).video(Video::byte_stream(Codec::H264).started(now())).start().unwrap();
    producer.put(&numbered(0, 0)).unwrap();
    let buffering = |service: &backpack_kvs_local::LocalKvs| {
        service.acks(STREAM).iter().any(|ack| ack.ack.event_type() == "BUFFERING")
    };
    assert!(service.wait_until(PATIENCE, buffering), "the first picture waits for nothing");
    assert_eq!(producer.stats().fragments.open, 1);
    producer.put(&numbered(1, 0)).unwrap();
    producer.flush(PATIENCE).unwrap();
    assert_eq!(stored(&service), [0, 1]);
    assert_eq!(producer.put(&numbered(2, 0)), Err(PutError::NeedsKeyFrame));
    assert!(producer.key_frame_request().take());
    producer.shutdown(PATIENCE).unwrap();
}

#[test]
fn another_size_takes_another_connection_and_nothing_is_lost() {
    let service = service().start().expect("a service");
    let producer = producer(&service).video(Video::byte_stream(Codec::H264).started(now())).start().unwrap();
    (0..50).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    (50..100).for_each(|number| producer.put(&larger(number)).unwrap());
    (100..125).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    producer.flush(PATIENCE).unwrap();
    assert_nothing_lost(&producer.stats());
    assert_eq!((producer.stats().connections, producer.stats().failures), (3, 0));
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!(stored(&service), (0..125).collect::<Vec<_>>());
    let widths = playback(&service)
        .fragments
        .iter()
        .map(|fragment| match fragment.tracks[0].kind {
            backpack_kvs_local::TrackKind::Video { width, .. } => width,
            _ => 0,
        })
        .collect::<Vec<_>>();
    assert_eq!(widths, [64, 64, 96, 96, 64]);
}

#[test]
fn timestamps_that_jump_back_are_told_and_go_on_behind() {
    let service = service().start().expect("a service");
    let producer = producer(&service).start().unwrap();
    let events = producer.events();
    (250..300).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    // The source counts anew, in the midst of a group.
    assert!(matches!(producer.put(&numbered(3, 0)), Err(PutError::TimestampBack(_))));
    assert!(producer.key_frame_request().take());
    (25..75).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    producer.flush(PATIENCE).unwrap();
    assert_eq!(stored(&service), (250..300).chain(25..75).collect::<Vec<_>>());
    assert!(heard(&events).contains(&Event::TimeRestarted));
    assert_eq!((producer.stats().time_restarts, producer.stats().refused_units), (1, 1));
    producer.shutdown(PATIENCE).unwrap();
}

#[test]
fn tags_and_notices_come_with_the_fragment_that_they_are_for() {
    let service = service().start().expect("a service");
    let producer = producer(&service).video(Video::byte_stream(Codec::H264).started(now())).start().unwrap();
    producer.tag("camera", "north", Persistence::Stream).unwrap();
    producer.put(&numbered(0, 0)).unwrap();
    producer.tag("plate", "M-AB 12", Persistence::Fragment).unwrap();
    producer.notice(Notice::Image { prefix: Some("gate".into()) }).unwrap();
    producer.notice(Notice::Notification).unwrap();
    (1..50).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    for (name, value) in [("AWS_X", ""), ("", ""), (&"n".repeat(129), ""), ("n", &"v".repeat(257))] {
        assert!(producer.tag(name, value, Persistence::Fragment).is_err(), "{name}");
    }
    for number in 0..9 {
        producer.tag(&format!("tag {number}"), "", Persistence::Fragment).unwrap();
    }
    assert!(producer.tag("one more", "", Persistence::Fragment).is_err());
    producer.shutdown(PATIENCE).unwrap();
    let tags: Vec<_> = playback(&service).fragments.iter().map(|fragment| fragment.tags.clone()).collect();
    let names = |at: usize| tags[at].iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>();
    let expected = [
        "AWS_KINESISVIDEO_IMAGE_GENERATION",
        "AWS_KINESISVIDEO_IMAGE_PREFIX",
        "AWS_KINESISVIDEO_NOTIFICATION",
        "camera",
        "plate",
    ];
    assert_eq!(names(0), expected);
    assert_eq!(tags[0][4].1, "M-AB 12");
    assert_eq!(names(1).len(), 10);
}

#[test]
fn a_stream_that_does_not_exist_is_created_if_that_is_wanted() {
    let service =
        backpack_kvs_local::LocalKvs::builder().credentials(common::KEY, common::SECRET).start().unwrap();
    let create = backpack_kvs::CreateStream::retention(Duration::from_secs(2 * 3600)).tag("site", "yard");
    let producer = producer(&service).create_stream(create).start().unwrap();
    let events = producer.events();
    producer.put(&numbered(0, 0)).unwrap();
    producer.shutdown(PATIENCE).unwrap();
    assert!(heard(&events).contains(&Event::StreamCreated));
    let [info] = &service.streams()[..] else { panic!("there is one stream") };
    assert_eq!((info.retention_hours, info.media_type.as_deref()), (2, Some("video/h264")));
    assert_eq!(info.tags["site"], "yard");
    assert_eq!(stored(&service), [0]);
}

#[test]
fn a_stream_that_does_not_exist_is_an_error_that_says_so_and_units_are_kept() {
    let service =
        backpack_kvs_local::LocalKvs::builder().credentials(common::KEY, common::SECRET).start().unwrap();
    let producer = producer(&service).start().unwrap();
    producer.put(&numbered(0, 0)).unwrap();
    wait_until("the error", || producer.stats().last_error.is_some());
    let error = producer.stats().last_error.unwrap();
    assert!(error.contains("DescribeStream answered 404, ResourceNotFoundException"), "{error}");
    let remaining = producer.shutdown(Duration::from_millis(10)).unwrap_err();
    assert_eq!((remaining.fragments, remaining.is_on_disk), (1, false));
    assert!(remaining.to_string().starts_with("1 fragments ("), "{remaining}");
}

#[test]
fn lengths_that_do_not_fit_are_an_error() {
    let service = service().start().expect("a service");
    let film = film::reordered();
    let video = Video::with_configuration(Codec::H264, &film.configuration).unwrap();
    let producer = producer(&service).video(video).start().unwrap();
    let unit = AccessUnit::new(vec![0, 0, 1, 0, 0x65], film.units[0].pts, true);
    assert!(matches!(producer.put(&unit), Err(PutError::Malformed(_))));
    assert!(Video::with_configuration(Codec::H264, &film.configuration[..9]).is_err());
    assert!(Video::with_configuration(Codec::H265, &film.configuration).is_err());
    assert_eq!(Framing::default(), Framing::AnnexB);
    assert_eq!(producer.stats().connection, ConnectionState::Idle);
    producer.shutdown(PATIENCE).unwrap();
}

#[test]
fn pictures_that_are_gathered_wait_for_no_others() {
    let service = service().start().expect("a service");
    let producer = producer(&service)
        .video(Video::byte_stream(Codec::H264).started(now()))
        .linger(Duration::from_millis(200))
        .start()
        .unwrap();
    producer.put(&numbered(0, 0)).unwrap();
    wait_until("the service", || producer.stats().connection == ConnectionState::Connected);
    producer.put(&numbered(1, 10_000)).unwrap();
    wait_until("the picture to be sent", || producer.stats().sent_bytes > 10_000);
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!(stored(&service), [0, 1]);
}
