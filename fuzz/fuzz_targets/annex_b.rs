#![no_main]

use backpack_skyline::Codec;
use backpack_skyline::annex_b::{NalKind, nal_units, to_length_prefixed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|stream: &[u8]| {
    let mut kept = 0;
    for unit in nal_units(stream) {
        assert!(unit.last().is_some_and(|&byte| byte != 0), "zero bytes do not belong to a unit");
        assert!(!unit.windows(3).any(|bytes| bytes == [0, 0, 1]), "a unit has no start code inside");
        if !matches!(NalKind::of(Codec::H264, unit), NalKind::Sps | NalKind::Pps | NalKind::Delimiter) {
            kept += 4 + unit.len();
        }
    }
    assert_eq!(to_length_prefixed(Codec::H264, stream).len(), kept);
});
