//! What is kept, and for how long.
// Helpers of tests may unwrap: a test that cannot go on has failed.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use backpack_kvs::{BuildError, DropReason, Event, Producer, Spool, Video};
use backpack_kvs_local::LocalKvs;
use backpack_skyline::Codec;
use backpack_timepiece::Clock;
use common::{GROUP, PATIENCE, folder, heard, now, numbered, producer, service, stored, wait_until};

/// A producer whose service is away.
fn alone(service: &LocalKvs, spool: Spool) -> Producer {
    service.pause().unwrap();
    producer(service).spool(spool).video(Video::byte_stream(Codec::H264).started(now())).start().unwrap()
}

/// The names of the files of fragments.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    names.retain(|name| name.ends_with(".fragment"));
    names.sort();
    names
}

#[test]
fn a_full_spool_drops_whole_oldest_fragments_and_counts_them() {
    let folder = folder("full");
    for spool in [Spool::memory(1 << 20), Spool::disk(&folder, 1 << 20).memory_limit(1 << 20)] {
        let service = service().start().expect("a service");
        let producer = alone(&service, spool);
        let events = producer.events();
        for number in 0..GROUP * 20 {
            producer.put(&numbered(number, 4000)).unwrap();
            assert!(producer.stats().backlog_bytes <= 1 << 20);
        }
        let dropped = producer.stats().fragments.dropped;
        assert!((8..=11).contains(&dropped), "{dropped} fragments of 100 kB");
        service.resume().unwrap();
        producer.flush(PATIENCE).unwrap();
        producer.shutdown(PATIENCE).unwrap();
        assert_eq!(stored(&service), (GROUP * dropped as u32..GROUP * 20).collect::<Vec<_>>());
        let told = heard(&events)
            .into_iter()
            .filter(|event| matches!(event, Event::Dropped { reason: DropReason::Space, .. }));
        assert_eq!(told.count() as u64, dropped);
    }
    assert_eq!(files(&folder), Vec::<String>::new());
}

#[test]
fn what_waits_for_too_long_is_dropped() {
    let (clock, time) = Clock::manual();
    let service = service().clock(clock.clone()).start().expect("a service");
    service.pause().unwrap();
    let spool = Spool::memory(1 << 20).age(Duration::from_secs(10));
    let producer = producer(&service).spool(spool).clock(clock).start().unwrap();
    (0..GROUP * 3).for_each(|number| producer.put(&numbered(number, 0)).unwrap());
    time.advance(Duration::from_secs(11));
    // The third is still being made.
    wait_until("the oldest to go", || producer.stats().fragments.dropped == 2);
    service.resume().unwrap();
    wait_until("the service", || {
        time.advance(Duration::from_millis(100));
        producer.flush(Duration::from_millis(10)).is_ok()
    });
    producer.shutdown(PATIENCE).unwrap();
    assert!(stored(&service).len() <= GROUP as usize);
}

#[test]
fn a_spool_on_disk_holds_more_than_memory_and_outlives_the_producer() {
    let folder = folder("outlives");
    let service = service().start().expect("a service");
    let spool = || Spool::disk(&folder, 1 << 30).memory_limit(1 << 20);
    let producer = alone(&service, spool());
    (0..GROUP * 30).for_each(|number| producer.put(&numbered(number, 4000)).unwrap());
    let remaining = producer.shutdown(Duration::from_millis(10)).unwrap_err();
    assert_eq!((remaining.fragments, remaining.is_on_disk), (30, true));
    assert!(remaining.to_string().contains("they stay in the spool on disk"), "{remaining}");
    assert_eq!(files(&folder).len(), 30);

    let producer = alone(&service, spool());
    let found = Event::SpoolFound { fragments: 30, bytes: remaining.bytes };
    assert!(
        matches!(producer.events().try_next(), Some(Event::SpoolFound { fragments: 30, .. })),
        "{found:?}"
    );
    (GROUP * 30..GROUP * 32).for_each(|number| producer.put(&numbered(number, 4000)).unwrap());
    service.resume().unwrap();
    producer.flush(PATIENCE).unwrap();
    producer.shutdown(PATIENCE).unwrap();
    assert_eq!(stored(&service), (0..GROUP * 32).collect::<Vec<_>>());
    assert_eq!(files(&folder), Vec::<String>::new());
}

#[test]
fn a_file_that_is_cut_off_or_broken_costs_no_more_than_its_end() {
    let folder = folder("broken");
    let service = service().start().expect("a service");
    let first = alone(&service, Spool::disk(&folder, 1 << 30));
    (0..GROUP * 4).for_each(|number| first.put(&numbered(number, 100)).unwrap());
    drop(first);
    let names = files(&folder);
    assert_eq!(names.len(), 4);
    let path = |at: usize| folder.join(&names[at]);
    // One is no fragment at all, one has a changed byte in its middle, one is cut off.
    fs::write(path(0), "nothing").unwrap();
    let mut bytes = fs::read(path(1)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path(1), bytes).unwrap();
    let bytes = fs::read(path(3)).unwrap();
    fs::write(path(3), &bytes[..bytes.len() - 50]).unwrap();

    service.resume().unwrap();
    let producer = producer(&service).spool(Spool::disk(&folder, 1 << 30)).start().unwrap();
    assert_eq!(producer.stats().fragments.set_aside, 1);
    wait_until("the rest", || {
        producer.stats().fragments.persisted == 3 || producer.flush(Duration::from_millis(20)).is_ok()
    });
    producer.shutdown(PATIENCE).unwrap();
    let stored = stored(&service);
    assert!(stored.contains(&GROUP) && !stored.contains(&(GROUP * 2 - 1)), "{stored:?}");
    assert!((GROUP * 2..GROUP * 3).all(|number| stored.contains(&number)), "{stored:?}");
    assert_eq!(stored.last(), Some(&(GROUP * 4 - 2)));
    assert_eq!(fs::read_dir(folder.join("aside")).unwrap().count(), 1);
}

#[test]
fn two_producers_do_not_share_a_folder() {
    let folder = folder("shared");
    let service = service().start().expect("a service");
    let first = producer(&service).spool(Spool::disk(&folder, 1 << 30)).start().unwrap();
    let second = producer(&service).spool(Spool::disk(&folder, 1 << 30)).start();
    let Err(BuildError::Spool { error, .. }) = second else { panic!("{second:?}") };
    assert_eq!(error, "another producer uses it");
    first.shutdown(PATIENCE).unwrap();
    producer(&service).spool(Spool::disk(&folder, 1 << 30)).start().unwrap();
}

const ENDPOINT: &str = "BACKPACK_KVS_TEST_ENDPOINT";
const FOLDER: &str = "BACKPACK_KVS_TEST_FOLDER";
const FIRST: &str = "BACKPACK_KVS_TEST_FIRST";

/// What the other process does: it puts pictures, and prints the number of each that was taken.
#[test]
fn another_process() {
    let (Ok(endpoint), Ok(folder)) = (std::env::var(ENDPOINT), std::env::var(FOLDER)) else { return };
    let first: u32 = std::env::var(FIRST).unwrap().parse().unwrap();
    let producer = Producer::builder(common::STREAM)
        .region("eu-west-1")
        .endpoint(endpoint)
        .credentials(backpack_kvs::credentials::Credentials::new(
            common::KEY,
            common::SECRET,
            None,
            None,
            "test",
        ))
        .spool(Spool::disk(folder, 1 << 30))
        .unlimited_rate()
        .start()
        .unwrap();
    for number in first.. {
        producer.put(&numbered(number, 500)).unwrap();
        println!("\nput {number}");
        std::io::stdout().flush().unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_process_that_is_killed_loses_no_picture_that_it_took() {
    let folder = folder("killed");
    let service = service().start().expect("a service");
    let mut first = 0;
    let mut taken = Vec::new();
    for round in 0..6 {
        // Every other time the service is away, and everything is on disk alone.
        if round % 2 == 1 {
            service.pause().unwrap()
        } else {
            service.resume().unwrap()
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["another_process", "--exact", "--nocapture"])
            .env(ENDPOINT, service.endpoint())
            .env(FOLDER, &folder)
            .env(FIRST, first.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let numbers =
            lines.map_while(Result::ok).filter_map(|line| line.strip_prefix("put ")?.parse::<u32>().ok());
        let mut last = first;
        for number in numbers {
            last = number;
            if number >= first + 90 + round * 7 {
                // On Linux this is SIGKILL.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        taken.extend(first..=last);
        first = (last + 1).next_multiple_of(GROUP);
    }
    service.resume().unwrap();
    let producer = producer(&service).spool(Spool::disk(&folder, 1 << 30)).start().unwrap();
    producer.flush(PATIENCE).unwrap();
    assert_eq!(producer.stats().fragments.set_aside, 0);
    producer.shutdown(PATIENCE).unwrap();
    let stored: std::collections::BTreeSet<_> = stored(&service).into_iter().collect();
    let lost: Vec<_> = taken.iter().filter(|number| !stored.contains(number)).collect();
    assert_eq!(lost, Vec::<&u32>::new());
    assert_eq!(files(&folder), Vec::<String>::new());
}
