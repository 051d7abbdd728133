//! The files of the backlog of backpack-cwtacho. Its modules are taken in as they are, as the crate itself brings the AWS SDK with it.
#![no_main]
#![allow(dead_code)]

#[path = "../../crates/backpack-cwtacho/src/journal.rs"]
mod journal;
#[path = "../../crates/backpack-cwtacho/src/record.rs"]
mod record;
#[path = "../../crates/backpack-cwtacho/src/resolution.rs"]
mod resolution;
#[path = "../../crates/backpack-cwtacho/src/unit.rs"]
mod unit;

use libfuzzer_sys::fuzz_target;
use resolution::Resolution;
use unit::Unit;

/// Any bytes with the length and the checksum that an entry has.
fn framed(payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u32;
    [&length.to_le_bytes(), &crc32fast::hash(payload).to_le_bytes(), payload].concat()
}

fuzz_target!(|input: (bool, Vec<Vec<u8>>, Vec<u8>)| {
    let (is_begun, payloads, end) = input;
    // Without a good beginning and right checksums little more than the mark would be reached.
    let mut bytes = if is_begun { journal::begin("Yard") } else { Vec::new() };
    bytes.extend(payloads.iter().flat_map(|payload| framed(payload)));
    bytes.extend(end);
    let Some(contents) = journal::read(&bytes) else { return };
    assert!(contents.length <= bytes.len() && contents.done <= contents.records.len());

    // What was understood can be written, and is understood again.
    let mut written = journal::begin(&contents.namespace);
    for record in &contents.records {
        journal::append(&mut written, &journal::Entry::Report(record.clone()));
    }
    journal::append(&mut written, &journal::Entry::Done(contents.done as u32));
    let again = journal::read(&written).expect("it was written whole");
    assert_eq!((again.length, again.done), (written.len(), contents.done));
    // Numbers that are none are not equal to themselves.
    assert_eq!(format!("{:?}", again.records), format!("{:?}", contents.records));
});
