//! Programs that end as programs on devices do, and what the next run finds.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use support::fake::{Answer, Fake};
use support::{DEADLINE, Folder, Windows, builder, wait_until};

const LIMIT: u64 = 1 << 20;

/// Starts this program again as one that reports 200 windows, of 1 ms to 200 ms, and says so. It waits until so many at a time are sent.
fn start(url: &str, folder: &Path, step: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_program_that_is_killed", "--ignored", "--nocapture"])
        .env("CWTACHO_URL", url)
        .env("CWTACHO_FOLDER", folder)
        .env("CWTACHO_STEP", step.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "is run by the other tests"]
fn the_program_that_is_killed() {
    let (Ok(url), Ok(folder)) = (std::env::var("CWTACHO_URL"), std::env::var("CWTACHO_FOLDER")) else {
        return;
    };
    let step: u64 = std::env::var("CWTACHO_STEP").unwrap().parse().unwrap();
    let cloudwatch = builder(&url).disk_backlog(&folder, LIMIT).build().unwrap();
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    for interval in 1..=200 {
        windows.report(Duration::from_millis(interval));
        if interval % step == 0 {
            wait_until("nothing waits", || cloudwatch.stats().waiting == 0);
        }
    }
    let records = || written(Path::new(&folder)) + cloudwatch.stats().sent;
    wait_until("all of them are on disk or sent", || records() >= 200);
    println!("\nreported");
    std::io::stdout().flush().unwrap();
    std::thread::sleep(DEADLINE);
}

/// How many times the name of the metric is in the files of a backlog.
fn written(folder: &Path) -> u64 {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let bytes = files.filter_map(|file| fs::read(file).ok());
    // A metric's name is its length and its text, and what follows is the number of its dimensions.
    bytes.map(|bytes| bytes.windows(3).filter(|bytes| *bytes == b"\x01m\x00").count() as u64).sum()
}

fn wait_until_reported(process: &mut Child) {
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "reported"), "it ended early");
}

/// As `kill -9` does.
fn kill(mut process: Child) {
    process.kill().unwrap();
    process.wait().unwrap();
}

fn arrived(fake: &Fake) -> Vec<u32> {
    fake.data().iter().map(|datum| (datum.statistics.unwrap()[3] * 1e3).round() as u32).collect()
}

/// Sends what is left.
fn run_again(fake: &Fake, folder: &Path) {
    let cloudwatch = builder(&fake.url).disk_backlog(folder, LIMIT).build().unwrap();
    wait_until("nothing waits", || cloudwatch.stats().waiting == 0);
    cloudwatch.shutdown(DEADLINE).unwrap();
}

#[test]
fn what_a_killed_program_could_not_send_the_next_run_sends_once() {
    let folder = Folder::new();
    // They are two servers, as the first may still have a request of the killed program before it.
    let (down, fake) = (Fake::start(|_| Answer::Close), Fake::accepting());
    let mut process = start(&down.url, &folder.0, u64::MAX);
    wait_until_reported(&mut process);
    kill(process);

    run_again(&fake, &folder.0);
    assert_eq!(arrived(&fake), (1..=200).collect::<Vec<_>>());
    assert!(folder.files().is_empty());
    run_again(&fake, &folder.0);
    assert_eq!(arrived(&fake).len(), 200, "there was nothing left to send");
}

#[test]
fn a_program_killed_while_it_sends_repeats_one_request_at_most() {
    for kill_after in [1, 3, 7] {
        let (fake, folder) = (Fake::accepting(), Folder::new());
        let process = start(&fake.url, &folder.0, 10);
        wait_until("it has sent something", || fake.accepted().len() >= kill_after);
        kill(process);
        let last = fake.accepted().last().unwrap().data.len();
        run_again(&fake, &folder.0);

        // If it was killed between an answer and the note of it, that request comes again.
        let mut intervals = arrived(&fake);
        let count = intervals.len();
        intervals.sort_unstable();
        intervals.dedup();
        let repeated = count - intervals.len();
        assert!(repeated == 0 || repeated == last, "{repeated} of {last} came twice");
        // Up to where it was killed, nothing is missing.
        assert_eq!(intervals, (1..=intervals.len() as u32).collect::<Vec<_>>());
    }
}

/// Leaves a backlog of some reports behind, in one file, as it is not tried to send them before they are all there.
fn leave(folder: &Path, intervals: std::ops::RangeInclusive<u32>) {
    let fake = Fake::start(|_| Answer::Close);
    let hour = Duration::from_secs(3600);
    let cloudwatch = builder(&fake.url).send_interval(hour).disk_backlog(folder, LIMIT).build().unwrap();
    let mut windows = Windows::new(cloudwatch.metric("m").reporter().unwrap());
    intervals.for_each(|interval| windows.report(interval * Duration::from_millis(1)));
    assert!(cloudwatch.shutdown(Duration::from_millis(500)).unwrap_err().is_kept);
}

#[test]
fn a_torn_end_costs_what_was_being_written_and_nothing_before() {
    let (fake, folder) = (Fake::accepting(), Folder::new());
    leave(&folder.0, 1..=10);
    let file = &folder.files()[0];
    let bytes = fs::read(file).unwrap();
    fs::write(file, &bytes[..bytes.len() - 3]).unwrap();
    run_again(&fake, &folder.0);
    assert_eq!(arrived(&fake), (1..=9).collect::<Vec<_>>());
    assert!(folder.files().is_empty());
}

#[test]
fn a_damaged_file_costs_nothing_in_the_others() {
    let (fake, folder) = (Fake::accepting(), Folder::new());
    leave(&folder.0, 1..=10);
    leave(&folder.0, 11..=20);
    leave(&folder.0, 21..=30);
    let files = folder.files();
    let mut bytes = fs::read(&files[1]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    fs::write(&files[1], bytes).unwrap();
    fs::write(folder.0.join("00000000000000000007.reports"), "no reports at all").unwrap();
    fs::write(folder.0.join("notes.txt"), "of somebody else").unwrap();
    run_again(&fake, &folder.0);
    let arrived = arrived(&fake);
    let damaged = arrived.iter().filter(|interval| (11..=20).contains(*interval)).count();
    assert!((2..9).contains(&damaged), "{damaged} of 10");
    let expected: Vec<_> = (1..=10 + damaged as u32).chain(21..=30).collect();
    assert_eq!(arrived, expected);
    assert_eq!(folder.files(), [folder.0.join("notes.txt")]);
}

#[test]
fn what_an_earlier_run_left_goes_to_its_own_namespace() {
    let (fake, folder) = (Fake::accepting(), Folder::new());
    leave(&folder.0, 1..=2);
    let cloudwatch = backpack_cwtacho::CloudWatch::builder("Garden")
        .region("eu-west-1")
        .endpoint_url(&fake.url)
        .credentials(backpack_cwtacho::Credentials::new("id", "key"))
        .send_interval(Duration::ZERO)
        .disk_backlog(&folder.0, LIMIT)
        .build()
        .unwrap();
    Windows::new(cloudwatch.metric("m").reporter().unwrap()).report(Duration::from_millis(3));
    cloudwatch.shutdown(DEADLINE).unwrap();
    let namespaces: Vec<_> = fake.accepted().into_iter().map(|put| put.namespace).collect();
    assert_eq!(namespaces, ["Yard", "Garden"]);
    assert_eq!(arrived(&fake), [1, 2, 3]);
}
