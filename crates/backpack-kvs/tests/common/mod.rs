//! Streams to send, and a service to send them to.
#![allow(dead_code)]

pub mod barcode;
pub mod film;
pub mod proxy;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant, SystemTime};

use backpack_core::Timestamp;
use backpack_kvs::credentials::Credentials;
use backpack_kvs::{Event, Producer, ProducerBuilder, ProducerStats, Subscription};
use backpack_kvs_local::{Builder, LocalKvs, Playback};
use backpack_skyline::{AccessUnit, Backoff};

pub const STREAM: &str = "yard";
pub const KEY: &str = "AKIDEXAMPLEOFTESTS";
pub const SECRET: &str = "a-secret-key-of-tests-that-nobody-may-see";
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until `condition` holds.
pub fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain for: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// An empty folder of this test's own.
pub fn folder(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("kvs-{name}-{}-{number}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// A local service with the stream and the keys of these tests.
pub fn service() -> Builder {
    LocalKvs::builder().stream(STREAM).credentials(KEY, SECRET).region("eu-west-1")
}

/// A producer for it that comes back quickly.
pub fn producer(service: &LocalKvs) -> ProducerBuilder {
    let builder = Producer::builder(STREAM)
        .region("eu-west-1")
        .endpoint(service.endpoint())
        .credentials(Credentials::new(KEY, SECRET, None, None, "test"))
        .backoff(Backoff { initial: Duration::from_millis(20), max: Duration::from_millis(500) })
        .unlimited_rate()
        // Clocks that tests move are looked at more often then.
        .linger(Duration::ZERO);
    match service.ca_pem() {
        None => builder,
        Some(pem) => {
            let path = folder("authority").join("ca.pem");
            std::fs::write(&path, pem).expect("the target folder can be written");
            builder.authorities(path)
        }
    }
}

/// 64×48 pixels.
const SPS: [u8; 21] = [
    0x67, 0x42, 0xc0, 0x0a, 0xda, 0x11, 0xec, 0x04, 0x40, 0x00, 0x00, 0x03, 0x00, 0x40, 0x00, 0x00, 0x0c,
    0x83, 0xc4, 0x89, 0xa8,
];
/// 96×80 pixels.
const LARGER_SPS: [u8; 22] = [
    0x67, 0x42, 0xc0, 0x0a, 0xda, 0x18, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03,
    0x03, 0x20, 0xf1, 0x22, 0x6a,
];
const PPS: [u8; 4] = [0x68, 0xce, 0x0f, 0xc8];

/// How many pictures a second numbered streams have, and how many a group.
pub const RATE: u32 = 25;
pub const GROUP: u32 = 25;

/// A picture that holds its number, and so many bytes more; no decoder would take it.
pub fn numbered(number: u32, bytes: usize) -> AccessUnit {
    sized(&SPS, number, bytes)
}

/// The same in another size.
pub fn larger(number: u32) -> AccessUnit {
    sized(&LARGER_SPS, number, 0)
}

fn sized(sps: &[u8], number: u32, bytes: usize) -> AccessUnit {
    let is_key = number.is_multiple_of(GROUP);
    let start = [0, 0, 0, 1];
    let mut data = [&start[..], &[9, 0xf0]].concat();
    if is_key {
        data.extend([&start, sps, &start, &PPS].concat());
    }
    data.extend(start);
    data.push(if is_key { 0x65 } else { 0x41 });
    data.extend(format!("{number:08x}").bytes());
    data.extend(std::iter::repeat_n(0x55, bytes));
    AccessUnit::new(data, time_of(number), is_key)
}

pub fn time_of(number: u32) -> Timestamp {
    Timestamp::from(Duration::from_secs(1) * number / RATE)
}

/// The number in a block.
pub fn number(block: &[u8]) -> u32 {
    let text = block.get(5..13).and_then(|text| std::str::from_utf8(text).ok());
    text.and_then(|text| u32::from_str_radix(text, 16).ok()).expect("a block of a numbered picture")
}

/// The numbers that are stored, in the order of the fragments and, in these, as they were sent.
pub fn stored(service: &LocalKvs) -> Vec<u32> {
    let playback = playback(service);
    playback.fragments.iter().flat_map(|fragment| &fragment.frames).map(|frame| number(&frame.data)).collect()
}

pub fn playback(service: &LocalKvs) -> Playback {
    service.playback(STREAM).expect("the stream is there")
}

/// All events so far.
pub fn heard(events: &Subscription) -> Vec<Event> {
    std::iter::from_fn(|| events.try_next()).collect()
}

/// A start of streams that the service's clock does not mind.
pub fn now() -> SystemTime {
    SystemTime::now()
}

/// What must hold at any end in which nothing is lost.
pub fn assert_nothing_lost(stats: &ProducerStats) {
    let fragments = stats.fragments;
    assert_eq!(
        (fragments.dropped, fragments.set_aside, stats.refused_units, stats.backlog_bytes),
        (0, 0, 0, 0),
        "{stats:?}"
    );
}
