#![no_main]

use backpack_kvs::export_fragment;
use libfuzzer_sys::fuzz_target;

/// What every file begins with.
const MAGIC: &[u8] = b"BPKVS\0\0\x01";

fuzz_target!(|file: &[u8]| {
    let mut film = Vec::new();
    let _ = export_fragment(file, &mut film);
    film.clear();
    let _ = export_fragment(&[MAGIC, file].concat()[..], &mut film);
    assert!(film.len() <= file.len() + 1024, "nothing is made of nothing");
});
