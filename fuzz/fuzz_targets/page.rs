#![no_main]

use std::sync::{LazyLock, Mutex};

use arbitrary::Arbitrary;
use backpack_core::Timestamp;
use backpack_skyline::web::Page;
use backpack_skyline::{AccessUnit, Codec, FrameRate, Output, StreamInfo};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    h265: bool,
    width: u32,
    height: u32,
    units: Vec<(Vec<u8>, u64, bool)>,
}

static PAGE: LazyLock<Mutex<Page>> =
    LazyLock::new(|| Mutex::new(Page::bind("127.0.0.1:0").expect("a port is free")));

fuzz_target!(|input: Input| {
    let mut page = PAGE.lock().expect("no panic so far");
    let rate = FrameRate::new(25, 1).expect("25/1 is a rate");
    let codec = if input.h265 { Codec::H265 } else { Codec::H264 };
    page.open(&StreamInfo::new(codec, input.width, input.height, rate)).expect("opening a page cannot fail");
    for (data, time, keyframe) in input.units {
        let _ = page.write(&AccessUnit::new(data, Timestamp::from_nanos(time), keyframe));
    }
});
