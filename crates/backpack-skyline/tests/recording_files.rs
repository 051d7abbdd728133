//! The files of a recording: segments, what is kept of them, crashes and full disks.
#![cfg(feature = "gstreamer")]
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use backpack_core::Timestamp;
use backpack_skyline::{
    AccessUnit, Backoff, Container, Events, Fanout, Memory, MemoryContents, Output, OutputError, OutputState,
    Recording, StreamInfo,
};
use backpack_timepiece::Clock;
use common::numbered::{NumberedStream, RATE};
use common::player::{key_frames_of, numbers_of, play_file};
use common::servers::folder;
use common::{PATIENCE, h265, wait_until};

const SECOND: Duration = Duration::from_secs(1);

/// The files whose names begin and end so, in the order of their names.
fn files(folder: &Path, prefix: &str, suffix: &str) -> Vec<PathBuf> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(prefix) && name.ends_with(suffix)).collect();
    names.sort();
    names.iter().map(|name| folder.join(name)).collect()
}

fn bytes(files: &[PathBuf]) -> u64 {
    files.iter().map(|file| fs::metadata(file).map_or(0, |file| file.len())).sum()
}

/// The numbers of the frames in a file, which is without a fault.
fn numbers(file: &Path) -> Vec<u16> {
    let (log, faults) = play_file(file);
    assert_eq!(faults, "", "{}", file.display());
    log.numbers()
}

/// The numbers of the frames in a file, each of which looks like what was put in.
fn play(file: &Path) -> Vec<u16> {
    let (log, faults) = play_file(file);
    assert_eq!(faults, "", "{}", file.display());
    let worst = log.all().iter().map(|seen| seen.psnr).fold(f64::INFINITY, f64::min);
    assert!(worst > 38.0, "{}: {worst:.1} dB", file.display());
    log.numbers()
}

/// What ffprobe says of a file, which must be without a fault.
fn probe(file: &Path, entries: &str) -> String {
    let arguments = ["-v", "error", "-select_streams", "v", "-show_entries", entries, "-of", "csv=p=0"];
    let output = Command::new("ffprobe").args(arguments).arg(file).output().expect("ffprobe is installed");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{}", file.display());
    String::from_utf8(output.stdout).unwrap()
}

fn stream_with(recordings: Vec<Recording>) -> (NumberedStream, MemoryContents) {
    start(NumberedStream::start, recordings)
}

/// The same with pictures of many bytes, which lose some of their noise.
fn noisy_stream_with(recordings: Vec<Recording>) -> (NumberedStream, MemoryContents) {
    start(NumberedStream::start_noisy, recordings)
}

fn start(
    stream: fn(Vec<Box<dyn Output>>) -> NumberedStream,
    recordings: Vec<Recording>,
) -> (NumberedStream, MemoryContents) {
    let memory = Memory::new();
    let sent = memory.contents();
    let recordings = recordings.into_iter().map(|recording| Box::new(recording) as Box<dyn Output>);
    let outputs = [Box::new(memory) as Box<dyn Output>].into_iter().chain(recordings).collect();
    (stream(outputs), sent)
}

#[test]
fn segments_by_time_hold_every_frame_once_in_the_order_of_their_names() {
    let folder = folder("segments_by_time");
    let kinds = ["mkv", "mp4", "ts"];
    let recordings =
        kinds.map(|kind| Recording::new(folder.join(format!("yard.{kind}"))).segment_duration(SECOND));
    let before = SystemTime::now();
    let (stream, sent) = stream_with(recordings.into());
    wait_until("segments", || kinds.iter().all(|kind| files(&folder, "yard-2", kind).len() >= 4));
    let stats = stream.stop();
    assert!(stats.outputs.iter().all(|output| output.failures == 0 && output.dropped == 0), "{stats:?}");
    for kind in kinds {
        let segments = files(&folder, "yard-2", kind);
        let numbers: Vec<Vec<u16>> = segments.iter().map(|segment| play(segment)).collect();
        assert_eq!(numbers.concat(), numbers_of(&sent), "{kind}");
        let key_frames = key_frames_of(&sent);
        for (segment, numbers) in segments.iter().zip(&numbers) {
            assert!(key_frames.contains(&numbers[0]), "{}", segment.display());
            probe(segment, "stream=codec_name");
        }
        // The encoder makes a key frame every two seconds by itself.
        let lengths: Vec<u16> = numbers.windows(2).map(|pair| pair[1][0] - pair[0][0]).collect();
        println!("{kind}: segments of {lengths:?} frames");
        assert!(
            lengths.iter().all(|length| (RATE - 4..=RATE + 6).contains(&u32::from(*length))),
            "{lengths:?}"
        );
    }
    let name = files(&folder, "yard-2", "mkv")[0].file_name().unwrap().to_str().unwrap().to_owned();
    let seconds = before.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let date = |seconds: u64| {
        let output = Command::new("date")
            .args(["-u", "-d", &format!("@{seconds}"), "+yard-%Y%m%dT%H%M%SZ.mkv"])
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned()
    };
    // The first frame may take a moment.
    assert!((seconds..seconds + 5).any(|seconds| date(seconds) == name), "{name}");
}

#[test]
fn segments_by_size_have_about_that_size() {
    let folder = folder("segments_by_size");
    let (stream, sent) =
        noisy_stream_with(vec![Recording::new(folder.join("yard.ts")).segment_bytes(100_000)]);
    wait_until("segments", || files(&folder, "yard-", "ts").len() >= 3);
    let stats = stream.stop();
    assert_eq!(stats.outputs[1].failures, 0, "{stats:?}");
    let segments = files(&folder, "yard-", "ts");
    let numbers: Vec<u16> = segments.iter().flat_map(|segment| numbers(segment)).collect();
    assert_eq!(numbers, numbers_of(&sent));
    let sizes: Vec<u64> = segments.iter().map(|segment| fs::metadata(segment).unwrap().len()).collect();
    println!("segments of {sizes:?} bytes");
    assert!(sizes[..sizes.len() - 1].iter().all(|size| (90_000..120_000).contains(size)), "{sizes:?}");
}

#[test]
fn only_the_oldest_segments_of_the_recording_itself_are_deleted() {
    let folder = folder("retention");
    let foreign = [
        "yard.ts",
        "yard-2.ts",
        "yard-20200101T000000Z.ts.bak",
        "yard-20200101T000000Z.mkv",
        "gate-20200101T000000Z.ts",
        "yard-2-20200101T000000Z.ts",
        "yard-20209901T000000Z.ts",
    ];
    let own = ["yard-20200101T000000Z.ts", "yard-20200101T000000Z_2.ts", "yard-20200101T010000Z.ts"];
    for name in foreign.iter().chain(&own) {
        fs::write(folder.join(name), [0; 50_000]).unwrap();
    }
    fs::create_dir(folder.join("yard-20200101T000001Z.ts")).unwrap();
    let own_files = || {
        let all = files(&folder, "yard-", "Z.ts").into_iter().chain(files(&folder, "yard-", "Z_2.ts"));
        let is_own = |path: &PathBuf| path.is_file() && !foreign.iter().any(|name| path.ends_with(name));
        all.filter(is_own).collect::<Vec<_>>()
    };
    let recording =
        Recording::new(folder.join("yard.ts")).segment_duration(SECOND).keep_files(3).keep_bytes(130_000);
    let (stream, sent) = stream_with(vec![recording]);
    wait_until("the old ones to go", || own.iter().all(|name| !folder.join(name).exists()));
    wait_until("new ones to go, too", || sent.units().len() > 100 && own_files().len() == 3);
    stream.stop();
    let left = own_files();
    assert!(left.len() <= 3 && bytes(&left) <= 140_000, "{left:?} {}", bytes(&left));
    let numbers = numbers_of(&sent);
    let kept: Vec<u16> = left.iter().flat_map(|segment| play(segment)).collect();
    assert!(numbers.ends_with(&kept) && kept.len() < numbers.len(), "{kept:?}");
    assert!(foreign.iter().all(|name| folder.join(name).exists()), "{:?}", files(&folder, "", ""));
    assert!(folder.join("yard-20200101T000001Z.ts").is_dir());
}

#[test]
fn a_limit_on_what_is_kept_needs_segments() {
    let error = Recording::new(folder("limit").join("yard.ts")).keep_files(3).prepare().unwrap_err();
    assert!(error.to_string().ends_with("set segment_duration or segment_bytes"), "{error}");
}

#[test]
fn a_file_that_is_there_already_is_left_alone() {
    let folder = folder("left_alone");
    fs::write(folder.join("yard.mkv"), "precious").unwrap();
    let recording = |name: &str| Recording::new(folder.join(name));
    let (stream, sent) =
        stream_with(vec![recording("yard.mkv"), recording("yard.mkv"), recording("new.mkv")]);
    wait_until("units", || sent.units().len() > 10);
    stream.stop();
    assert_eq!(fs::read(folder.join("yard.mkv")).unwrap(), b"precious");
    for name in ["yard-2.mkv", "yard-3.mkv", "new.mkv"] {
        assert_eq!(play(&folder.join(name)), numbers_of(&sent));
    }
    assert_eq!(files(&folder, "", "").len(), 4);
}

#[test]
fn h265_is_recorded_in_every_container_and_cut_without_loss() {
    let folder = folder("h265");
    let kinds = ["mkv", "mp4", "ts"];
    let outputs = kinds.map(|kind| -> Box<dyn Output> {
        Box::new(Recording::new(folder.join(format!("yard.{kind}"))).segment_duration(2 * SECOND))
    });
    let fanout = Fanout::start(
        outputs.into(),
        h265::stream(),
        &Clock::system(),
        Backoff::default(),
        &Events::default(),
    )
    .unwrap();
    h265::units(150).iter().for_each(|unit| fanout.send(unit));
    let (_, problems) = fanout.stop(PATIENCE);
    assert_eq!(problems, [""; 0]);
    for kind in kinds {
        let segments = files(&folder, "yard-", kind);
        let numbers: Vec<Vec<u16>> = segments.iter().map(|segment| play(segment)).collect();
        assert_eq!(numbers.concat(), (0..150).collect::<Vec<u16>>(), "{kind}");
        assert_eq!(numbers.len(), 3, "{kind}");
        assert!(probe(&segments[0], "stream=codec_name,width").starts_with("hevc,640"), "{kind}");
    }
}

/// Run by the test below, in a process of its own.
#[test]
#[ignore = "records until it is killed"]
fn records_until_it_is_killed() {
    let folder = PathBuf::from(std::env::var_os("RECORDING_FOLDER").unwrap());
    let recordings = ["mkv", "mp4", "ts"].map(|kind| Recording::new(folder.join(format!("yard.{kind}"))));
    let (_stream, _sent) = noisy_stream_with(recordings.into());
    std::thread::sleep(PATIENCE);
}

#[test]
fn what_was_recorded_before_a_crash_can_be_played() {
    let folder = folder("crash");
    let mut recorder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "records_until_it_is_killed", "--ignored"])
        .env("RECORDING_FOLDER", &folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let kinds = ["mkv", "mp4", "ts"];
    // More than what waits in memory before it is written.
    wait_until("much of each file", || {
        kinds.iter().all(|kind| {
            fs::metadata(folder.join(format!("yard.{kind}"))).is_ok_and(|file| file.len() > 400_000)
        })
    });
    recorder.kill().unwrap();
    recorder.wait().unwrap();
    let mut lengths = Vec::new();
    for kind in kinds {
        let (log, faults) = play_file(&folder.join(format!("yard.{kind}")));
        let numbers = log.numbers();
        println!("{kind}: {} frames are left {faults}", numbers.len());
        let expected: Vec<u16> =
            (0..).filter(|number| common::numbered::is_put(*number)).take(numbers.len()).collect();
        assert!(numbers.len() > 30 && numbers == expected, "{kind}: {numbers:?}");
        lengths.push(numbers.len());
    }
    // A fragment of an MP4 file is a second long.
    assert!(lengths.iter().all(|length| length + 35 > lengths[0]), "{lengths:?}");
}

/// A file system of a given size, for a test alone.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// `None` if this user may not make one.
    fn mount(name: &str, size: &str) -> Option<Self> {
        let path = folder(name);
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&path)
            .output();
        mount.is_ok_and(|mount| mount.status.success()).then_some(Self(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A recording whose failures can be counted while it runs.
struct Watched {
    recording: Recording,
    failures: Arc<AtomicUsize>,
}

impl Watched {
    fn count<T>(&self, result: Result<T, OutputError>) -> Result<T, OutputError> {
        result.inspect_err(|error| {
            println!("{error}");
            self.failures.fetch_add(1, Ordering::Relaxed);
        })
    }
}

impl Output for Watched {
    fn name(&self) -> String {
        self.recording.name()
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        let result = self.recording.open(stream);
        self.count(result)
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        let result = self.recording.write(unit);
        self.count(result)
    }

    fn close(&mut self) -> Result<(), OutputError> {
        self.recording.close()
    }
}

#[test]
fn after_a_full_disk_has_room_again_the_recording_goes_on() {
    let Some(disk) = SmallDisk::mount("small_disk", "1m") else {
        println!("not tested: mounting a small disk needs more rights");
        return;
    };
    let filler = disk.0.join("filler");
    fs::write(&filler, vec![0; 900_000]).unwrap();
    let failures = Arc::new(AtomicUsize::new(0));
    let watched =
        Watched { recording: Recording::new(disk.0.join("yard.ts")), failures: Arc::clone(&failures) };
    let memory = Memory::new();
    let sent = memory.contents();
    let stream = NumberedStream::start_noisy(vec![Box::new(memory), Box::new(watched)]);
    wait_until("the disk to be full", || failures.load(Ordering::Relaxed) >= 3);
    let full = files(&disk.0, "yard", ".ts");
    assert!(full.len() <= 2, "empty files stay: {full:?}");
    fs::remove_file(&filler).unwrap();
    let later = || files(&disk.0, "yard-", ".ts");
    // What fitted into the last gaps of the full disk is shorter.
    let new = || later().into_iter().find(|file| bytes(std::slice::from_ref(file)) > 100_000);
    wait_until("a new file", || new().is_some());
    let new = new().unwrap();
    let stats = stream.stop();
    assert_eq!((stats.outputs[0].units, stats.outputs[0].failures), (stats.units, 0));
    assert_eq!(stats.outputs[1].state, OutputState::Closed, "{stats:?}");
    assert!(stats.outputs[1].last_error.as_ref().unwrap().contains("No space left"), "{stats:?}");
    let first = play_file(&disk.0.join("yard.ts")).0.numbers();
    let last = numbers(&new);
    let numbers = numbers_of(&sent);
    println!("{} frames before, {} after; {} were sent", first.len(), last.len(), numbers.len());
    assert!(numbers.starts_with(&first[..first.len() - 1]), "{first:?}");
    assert!(numbers.ends_with(&last) && last[0] > first[first.len() - 1], "{last:?}");
    assert!(key_frames_of(&sent).contains(&last[0]));
}

#[test]
fn a_disk_that_hangs_is_an_error_in_time_and_nobody_elses_trouble() {
    let folder = folder("hangs");
    let pipes = ["unopened.ts", "unread.ts"].map(|name| folder.join(name));
    assert!(Command::new("mkfifo").args(&pipes).status().unwrap().success());
    // Opening one to write waits for a reader. The other has a reader, who reads nothing, but nobody empties the pipe.
    let unread = pipes[1].clone();
    let reader = std::thread::spawn(move || fs::File::open(unread).unwrap());
    let recordings = pipes.each_ref().map(|pipe| Recording::new(pipe).stall_timeout(SECOND));
    let (stream, sent) = noisy_stream_with(recordings.into());
    let reader = reader.join().unwrap();
    wait_until("more than a pipe can hold", || {
        sent.units().iter().map(|unit| unit.data.len()).sum::<usize>() > 400_000
    });
    let stopping = Instant::now();
    let (stats, problem) = stream.stop_failing();
    println!("stopped after {:?}: {problem}", stopping.elapsed());
    assert!(stopping.elapsed() < 9 * SECOND, "{:?}", stopping.elapsed());
    assert_eq!((stats.outputs[0].units, stats.outputs[0].failures), (stats.units, 0));
    for output in &stats.outputs[1..] {
        assert!(output.failures > 0, "{output:?}");
    }
    drop(reader);
}

#[test]
fn if_there_can_be_no_next_segment_the_recording_goes_on_in_the_one_it_has() {
    let folder = folder("no_next");
    let (here, away) = (folder.join("here"), folder.join("away"));
    fs::create_dir(&here).unwrap();
    let mut recording = Recording::new(here.join("yard.ts")).segment_duration(SECOND);
    recording.open(&h265::stream()).unwrap();
    for (number, unit) in h265::units(150).iter().enumerate() {
        match number {
            40 => fs::rename(&here, &away).unwrap(),
            100 => fs::rename(&away, &here).unwrap(),
            _ => {}
        }
        recording.write(unit).unwrap();
    }
    let problem = recording.close().unwrap_err().to_string();
    assert!(problem.starts_with("no new segment: ") && problem.contains("No such file"), "{problem}");
    let numbers: Vec<Vec<u16>> = files(&here, "yard-", ".ts").iter().map(|file| play(file)).collect();
    assert_eq!(numbers.iter().map(Vec::len).collect::<Vec<_>>(), [30, 90, 30]);
    assert_eq!(numbers.concat(), (0..150).collect::<Vec<u16>>());
}

#[test]
fn another_size_begins_another_file() {
    let folder = folder("another_size");
    let units = h265::units(30);
    let recording = Recording::new(folder.join("yard.bin")).container(Container::Matroska);
    let fanout = Fanout::start(
        vec![Box::new(recording)],
        h265::stream(),
        &Clock::system(),
        Backoff::default(),
        &Events::default(),
    )
    .unwrap();
    units.iter().for_each(|unit| fanout.send(unit));
    fanout.change(h265::stream());
    for unit in &units {
        let pts = Timestamp::from(unit.pts.elapsed() + SECOND);
        fanout.send(&AccessUnit::new(unit.data.clone(), pts, unit.keyframe));
    }
    let (_, problems) = fanout.stop(PATIENCE);
    assert_eq!(problems, [""; 0]);
    let numbers = ["yard.bin", "yard-2.bin"].map(|name| play(&folder.join(name)));
    assert_eq!(numbers, [(); 2].map(|()| (0..30).collect::<Vec<u16>>()));
}
