#![no_main]

use backpack_kvs::Video;
use backpack_skyline::Codec;
use libfuzzer_sys::fuzz_target;

#[derive(arbitrary::Arbitrary, Debug)]
struct Input {
    h265: bool,
    /// The record as a whole, or else a good one around these sets.
    record: Option<Vec<u8>>,
    sps: Vec<u8>,
    pps: Vec<u8>,
}

fuzz_target!(|input: Input| {
    let codec = if input.h265 { Codec::H265 } else { Codec::H264 };
    let record = input.record.unwrap_or_else(|| record(codec, &input.sps, &input.pps));
    let _ = Video::with_configuration(codec, &record);
});

fn record(codec: Codec, sps: &[u8], pps: &[u8]) -> Vec<u8> {
    let set = |set: &[u8]| [&(set.len() as u16).to_be_bytes()[..], set].concat();
    match codec {
        Codec::H265 => {
            let mut record = vec![1; 23];
            (record[21], record[22]) = (3, 3);
            for (kind, data) in [(32, &[0x40, 1][..]), (33, sps), (34, pps)] {
                record.extend([kind, 0, 1]);
                record.extend(set(data));
            }
            record
        }
        _ => [&[1, 66, 0, 30, 0xff, 0xe1][..], &set(sps), &[1], &set(pps)].concat(),
    }
}
