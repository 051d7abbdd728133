//! Numbered frames in H.265, for outputs that take any codec.

use std::sync::mpsc;
use std::time::Duration;

use backpack_core::Timestamp;
use backpack_skyline::{AccessUnit, Codec, Encoder, EncoderFactory, StreamInfo, UnitSink, VideoSpec};

use super::numbered::{HEIGHT, RATE, WIDTH};
use super::{barcode, fps};

pub fn stream() -> StreamInfo {
    StreamInfo::new(Codec::H265, WIDTH, HEIGHT, fps(RATE))
}

/// The first `count` numbered frames with a key frame every `RATE`.
pub fn units(count: u16) -> Vec<AccessUnit> {
    let (sender, units) = mpsc::channel();
    let sink = UnitSink::new(move |unit| sender.send(unit).expect("somebody listens"));
    let factory = Encoder::h265().key_frame_interval(Duration::from_secs(1)).bitrate_kbps(3000);
    let mut encoder =
        factory.open(&VideoSpec::new(WIDTH, HEIGHT, fps(RATE)), sink).expect("x265enc is installed");
    for number in 0..count {
        let time = Timestamp::from(Duration::from_secs(1) * u32::from(number) / RATE);
        let frame = barcode::frame(number, WIDTH, HEIGHT).with_timestamp(time);
        encoder.encode(frame, false).expect("it encodes");
    }
    encoder.finish().expect("it ends");
    units.try_iter().collect()
}
