#![no_main]

use std::time::Duration;

use arbitrary::Arbitrary;
use backpack_core::Timestamp;
use backpack_skyline::{AccessUnit, Codec, FrameRate, Hls, Output, StreamInfo};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    /// The playlist of an earlier run, or anything else of that name.
    earlier: Option<String>,
    keep_all: bool,
    h265: bool,
    rate: (u32, u32),
    units: Vec<Unit>,
}

#[derive(Arbitrary, Debug)]
struct Unit {
    data: Vec<u8>,
    /// Good parameter sets in front, so that more than the parser is reached.
    good: bool,
    keyframe: bool,
    step: u32,
    shown_later: u32,
    reopen: bool,
}

const SETS: [u8; 17] = [0, 0, 0, 1, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0, 0, 0, 1, 0x68, 0xce, 0x3c, 0x80];

fuzz_target!(|input: Input| {
    let folder = std::env::temp_dir().join(format!("fuzz-hls-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the directory of temporary files can be written");
    if let Some(text) = input.earlier {
        std::fs::write(folder.join("video.m3u8"), text).expect("the directory can be written");
    }
    let rate = FrameRate::new(input.rate.0, input.rate.1).or(FrameRate::new(25, 1)).expect("25/1 is a rate");
    let codec = if input.h265 { Codec::H265 } else { Codec::H264 };
    let stream = StreamInfo::new(codec, 640, 360, rate);
    let hls = Hls::new(&folder).segment(Duration::from_secs(1));
    let mut hls = if input.keep_all { hls.keep_all() } else { hls.window(3) };
    hls.open(&stream).expect("the directory is there");
    let mut time = 0u64;
    for Unit { mut data, good, keyframe, step, shown_later, reopen } in input.units {
        if reopen {
            let _ = hls.close();
            hls.open(&stream).expect("the directory is there");
        }
        if good {
            data.splice(0..0, SETS);
        }
        time += u64::from(step);
        let mut unit = AccessUnit::new(data, Timestamp::from_nanos(time + u64::from(shown_later)), keyframe);
        unit.dts = Timestamp::from_nanos(time);
        let _ = hls.write(&unit);
    }
    drop(hls);
    let _ = std::fs::remove_dir_all(&folder);
});
