//! The encoder: presets, bit rates, codecs, frames of other sizes, and which one is used.
#![cfg(feature = "gstreamer")]
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::HashSet;
use std::time::Duration;

use backpack_core::{ColorRange, Colorimetry, Frame, Matrix, PixelFormat, Timestamp};
use backpack_skyline::{
    AccessUnit, Candidate, Codec, Encoder, Event, Memory, MemoryContents, Preset, Put, SizeChange, SkyLine,
    SkyLineBuilder, Stats, VideoSpec,
};
use common::decode::decode;
use common::{PATIENCE, barcode, fps};

const WIDTH: u32 = 320;
const HEIGHT: u32 = 180;

fn stream(encoder: Encoder) -> (SkyLineBuilder, MemoryContents) {
    let memory = Memory::new();
    let contents = memory.contents();
    (SkyLine::builder().encoder(encoder).output(memory).size(WIDTH, HEIGHT).frame_rate(fps(25)), contents)
}

/// Encodes numbered frames, 40 ms apart with a pause in the middle.
fn encode_numbers(encoder: Encoder, count: u16) -> (Vec<AccessUnit>, Stats) {
    let (builder, contents) = stream(encoder);
    let mut sky = builder.start().unwrap();
    for number in 0..count {
        put(&mut sky, barcode::frame(number, WIDTH, HEIGHT), time(number, count));
    }
    let stats = sky.stats();
    sky.stop().unwrap();
    (contents.units(), stats)
}

fn time(number: u16, count: u16) -> u64 {
    u64::from(number) * 40 + if number > count / 2 { 700 } else { 0 }
}

fn put(sky: &mut SkyLine, frame: Frame, millis: u64) {
    let frame = frame.with_timestamp(Timestamp::from_millis(millis));
    assert_eq!(sky.put_within(frame, PATIENCE).unwrap(), Put::Queued);
}

fn numbers(codec: Codec, units: &[AccessUnit], width: u32, height: u32) -> Vec<u16> {
    let pictures = decode(codec, units, width, height);
    pictures.iter().map(|luma| barcode::read(luma, width as usize)).collect()
}

fn codec_of(encoder: &str) -> Codec {
    if encoder.contains("265") { Codec::H265 } else { Codec::H264 }
}

#[test]
fn every_preset_of_every_encoder_gives_every_frame_at_its_time() {
    for (encoder, element) in
        [(Encoder::h264(), "x264enc"), (Encoder::h264(), "openh264enc"), (Encoder::h265(), "x265enc")]
    {
        for preset in [Preset::Live, Preset::Balanced, Preset::Quality] {
            let (units, _) = encode_numbers(encoder.clone().only(element).preset(preset), 60);
            let what = format!("{element} {preset:?}");
            assert!(units[0].keyframe, "{what}");
            assert!(
                units.windows(2).all(|pair| pair[0].dts < pair[1].dts),
                "{what}: decode times do not increase"
            );
            assert!(units.iter().all(|unit| unit.dts <= unit.pts), "{what}: decoded after it is shown");
            let mut times: Vec<u64> =
                units.iter().map(|unit| unit.pts.elapsed().as_millis() as u64).collect();
            times.sort_unstable();
            assert_eq!(times, (0..60).map(|number| time(number, 60)).collect::<Vec<_>>(), "{what}");
            let reordered = units.iter().any(|unit| unit.dts < unit.pts);
            assert_eq!(reordered, preset == Preset::Quality && element != "openh264enc", "{what}: reordered");
            let shown = numbers(codec_of(element), &units, WIDTH, HEIGHT);
            assert_eq!(shown, (0..60).collect::<Vec<_>>(), "{what}");
        }
    }
}

#[test]
fn the_live_preset_lets_every_frame_out_at_once() {
    for (encoder, element) in
        [(Encoder::h264(), "x264enc"), (Encoder::h264(), "openh264enc"), (Encoder::h265(), "x265enc")]
    {
        let (builder, contents) = stream(encoder.only(element));
        let mut sky = builder.start().unwrap();
        for number in 0..20 {
            put(&mut sky, barcode::frame(number, WIDTH, HEIGHT), u64::from(number) * 40);
            assert!(
                contents.wait_for_units(usize::from(number) + 1, PATIENCE),
                "{element} keeps frame {number} back"
            );
        }
        println!("{element}: latency {:?}, at most {:?}", sky.stats().latency, sky.stats().longest_latency);
        sky.stop().unwrap();
    }
}

/// Frames that no encoder can compress well.
fn noise(seed: u32) -> Frame {
    let mut state = seed.wrapping_mul(2_654_435_769) | 1;
    let mut frame = Frame::black(WIDTH, HEIGHT, PixelFormat::I420).unwrap();
    for row in frame.view_mut().plane_mut(0).rows_mut() {
        for pixel in row {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            *pixel = 60 + (state >> 28) as u8;
        }
    }
    frame
}

#[test]
fn the_bit_rate_can_be_changed_while_the_encoder_runs() {
    for (encoder, element) in
        [(Encoder::h264(), "x264enc"), (Encoder::h264(), "openh264enc"), (Encoder::h265(), "x265enc")]
    {
        let (builder, contents) = stream(encoder.only(element).bitrate_kbps(2000));
        let mut sky = builder.start().unwrap();
        (0..75).for_each(|n| put(&mut sky, noise(n), u64::from(n) * 40));
        assert!(contents.wait_for_units(70, PATIENCE), "{element}");
        sky.set_bitrate_kbps(400);
        (75..150).for_each(|n| put(&mut sky, noise(n), u64::from(n) * 40));
        sky.stop().unwrap();
        let units = contents.units();
        let bytes =
            |range: std::ops::Range<usize>| units[range].iter().map(|unit| unit.data.len()).sum::<usize>();
        let (before, after) = (bytes(25..75), bytes(100..150));
        assert!(
            after * 2 < before,
            "{element}: {before} bytes in two seconds before, {after} after the change"
        );
    }
}

#[test]
fn a_key_frame_comes_when_it_is_asked_for() {
    for (encoder, element) in
        [(Encoder::h264(), "x264enc"), (Encoder::h264(), "openh264enc"), (Encoder::h265(), "x265enc")]
    {
        let encoder = encoder.only(element).key_frame_interval(Duration::from_secs(1000));
        let (builder, contents) = stream(encoder);
        let mut sky = builder.start().unwrap();
        for number in 0..30 {
            if number == 17 {
                assert!(contents.wait_for_units(17, PATIENCE), "{element}");
                sky.request_key_frame();
            }
            put(&mut sky, barcode::frame(number, WIDTH, HEIGHT), u64::from(number) * 40);
        }
        sky.stop().unwrap();
        let key_frames: Vec<usize> =
            contents.units().iter().enumerate().filter(|(_, unit)| unit.keyframe).map(|(at, _)| at).collect();
        assert_eq!(key_frames, [0, 17], "{element}");
    }
}

#[test]
fn every_encoder_says_whether_it_works_here_and_why_not() {
    let video = VideoSpec::new(WIDTH, HEIGHT, fps(25));
    let candidates = Encoder::h264().candidates(&video).unwrap();
    let names: Vec<&str> = candidates.iter().map(|candidate| candidate.encoder.as_str()).collect();
    assert_eq!(names, ["nvv4l2h264enc", "nvh264enc", "vah264enc", "v4l2h264enc", "x264enc", "openh264enc"]);
    let x264 = &candidates[4];
    assert_eq!((x264.problem.as_ref(), x264.to_string().as_str()), (None, "x264enc: works"));

    let (builder, _) = stream(Encoder::h264());
    let mut sky = builder.start().unwrap();
    let events = sky.subscribe();
    let Some(Event::EncoderOpened { encoder, rejected, .. }) = events.next_within(PATIENCE) else {
        panic!("the first event is the encoder's")
    };
    let working = |candidate: &&Candidate| candidate.problem.is_none();
    assert_eq!(Some(&encoder), candidates.iter().find(working).map(|candidate| &candidate.encoder));
    assert!(rejected.iter().all(|candidate| candidate.problem.is_some()));
    assert_eq!(rejected, candidates[..rejected.len()]);
    sky.stop().unwrap();

    let error = Encoder::h264().only("flux").candidates(&video).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no H.264 encoder works here (flux: is not one of the encoders known here)"
    );
}

#[test]
fn properties_of_an_encoder_can_be_set_and_wrong_ones_are_named() {
    let video = VideoSpec::new(WIDTH, HEIGHT, fps(25));
    let problem = |encoder: Encoder| encoder.only("x264enc").candidates(&video).unwrap().remove(0).problem;
    let h264 = Encoder::h264;
    assert_eq!(problem(h264().property("x264enc", "speed-preset", "ultrafast")), None);
    assert_eq!(problem(h264().property("openh264enc", "wings", "2")), None);
    assert_eq!(problem(h264().property("x264enc", "wings", "2")).unwrap(), "has no property wings");
    let error = problem(h264().property("x264enc", "speed-preset", "light")).unwrap();
    assert_eq!(error, "does not know light for its property speed-preset");
}

#[test]
fn frames_of_other_sizes_formats_and_colours_are_fitted_into_the_picture_if_asked() {
    let (builder, contents) = stream(Encoder::h264());
    let mut sky = builder.size_change(SizeChange::Scale).start().unwrap();
    put(&mut sky, barcode::frame(1, WIDTH, HEIGHT), 0);
    put(&mut sky, barcode::frame(2, 640, 360), 40);
    // A wider and a higher picture than the stream's, in other formats.
    let white = |width, height, format| {
        let mut frame = Frame::black(width, height, format).unwrap();
        frame.view_mut().plane_mut(0).data_mut().fill(255);
        frame
    };
    put(&mut sky, white(640, 180, PixelFormat::Bgr8), 80);
    put(&mut sky, white(33, 99, PixelFormat::Gray8), 120);
    let full = Colorimetry { matrix: Matrix::Bt709, range: ColorRange::Full };
    put(&mut sky, white(WIDTH, HEIGHT, PixelFormat::Nv12).with_colorimetry(full), 160);
    put(&mut sky, barcode::frame(3, WIDTH, HEIGHT), 200);
    sky.stop().unwrap();
    let units = contents.units();
    let pictures = decode(Codec::H264, &units, WIDTH, HEIGHT);
    let numbers: Vec<u16> =
        [0, 1, 5].iter().map(|&at: &usize| barcode::read(&pictures[at], WIDTH as usize)).collect();
    assert_eq!(numbers, [1, 2, 3]);
    let at = |picture: usize, x: usize, y: usize| pictures[picture][y * WIDTH as usize + x];
    let bright = |value: u8| value > 225;
    // 640×180 becomes 320×90 in the middle, 33×99 becomes 60×180.
    assert!(bright(at(2, 160, 90)) && bright(at(2, 4, 60)) && at(2, 160, 20) < 25 && at(2, 160, 160) < 25);
    assert!(bright(at(3, 160, 4)) && bright(at(3, 160, 176)) && at(3, 100, 90) < 25 && at(3, 220, 90) < 25);
    assert!(
        at(4, 160, 90).abs_diff(235) < 5,
        "white of the full range is white of the limited: {}",
        at(4, 160, 90)
    );
    assert_eq!(contents.streams().len(), 1);
}

#[test]
fn a_new_segment_in_another_size_loses_no_frame() {
    let (builder, contents) = stream(Encoder::h264());
    let mut sky = builder.size_change(SizeChange::NewSegment).start().unwrap();
    (0..10).for_each(|number| put(&mut sky, barcode::frame(number, WIDTH, HEIGHT), u64::from(number) * 40));
    // Without waiting, as a frame loop puts them.
    for number in 10..20 {
        let frame =
            barcode::frame(number, 641, 361).with_timestamp(Timestamp::from_millis(u64::from(number) * 40));
        if number == 10 {
            assert!(contents.wait_for_units(10, PATIENCE));
        }
        assert_eq!(sky.put(frame).unwrap(), Put::Queued, "frame {number}");
    }
    sky.stop().unwrap();
    let streams = contents.streams();
    let sizes: Vec<_> = streams.iter().map(|stream| (stream.width, stream.height)).collect();
    assert_eq!(sizes, [(WIDTH, HEIGHT), (640, 360)]);
    assert_eq!(streams[0].started, streams[1].started);
    let units = contents.units();
    assert!(units[10].keyframe);
    assert_eq!(units[10].pts, Timestamp::from_millis(400));
    assert_eq!(numbers(Codec::H264, &units[10..], 640, 360), (10..20).collect::<Vec<_>>());
}

#[test]
fn a_borrowed_frame_of_any_format_shows_the_same_as_an_owned_one() {
    for &format in PixelFormat::ALL {
        let encoded = [true, false].map(|borrowed| {
            // Several threads that share a bit rate do not make the same of the same pictures every time.
            let encoder = Encoder::h264().only("x264enc").property("x264enc", "threads", "1");
            let (builder, contents) = stream(encoder);
            let mut sky = builder.size(321, 181).start().unwrap();
            for n in 0..5_u8 {
                let mut frame = Frame::black(321, 181, format).unwrap();
                for (y, row) in frame.view_mut().plane_mut(0).rows_mut().enumerate() {
                    row.iter_mut()
                        .enumerate()
                        .for_each(|(x, pixel)| *pixel = (x + y + 9 * usize::from(n)) as u8);
                }
                let frame = frame.with_timestamp(Timestamp::from_millis(u64::from(n) * 40));
                let result =
                    if borrowed { sky.put_within(&frame, PATIENCE) } else { sky.put_within(frame, PATIENCE) };
                assert_eq!(result.unwrap(), Put::Queued);
            }
            sky.stop().unwrap();
            contents.units()
        });
        assert_eq!(encoded[0], encoded[1], "{format}");
        assert_eq!(encoded[0].iter().map(|unit| unit.pts).collect::<HashSet<_>>().len(), 5);
    }
}
