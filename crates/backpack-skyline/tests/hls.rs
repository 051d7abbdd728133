//! HTTP Live Streaming: what is in the directory at every moment, and what players make of it.
#![cfg(feature = "hls")]
#![allow(clippy::unwrap_used)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use backpack_core::Timestamp;
use backpack_skyline::{AccessUnit, Hls, KeyFrameRequest, Output, StreamInfo};
use common::fps;
use mp4_atom::{Any, DecodeMaybe};
use proptest::prelude::*;

/// A fresh folder for this test.
fn folder(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hls").join(test);
    let _ = std::fs::remove_dir_all(&path);
    path
}

/// A unit in the shape of H.264, with a small slice.
fn unit(millis: u64, keyframe: bool) -> AccessUnit {
    common::slice(millis, keyframe, 200)
}

fn stream() -> StreamInfo {
    let mut stream = StreamInfo::h264(640, 360, fps(25));
    stream.started = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    stream
}

/// Writes 25 pictures a second with a key frame every `gop` milliseconds.
fn write(hls: &mut Hls, millis: std::ops::Range<u64>, gop: u64) {
    for time in millis.step_by(40) {
        hls.write(&unit(time, time % gop == 0)).unwrap();
    }
}

/// A media playlist as a player reads it.
#[derive(Debug, Clone, Default, PartialEq)]
struct Playlist {
    version: u64,
    target: u64,
    sequence: u64,
    discontinuity_sequence: u64,
    independent: bool,
    event: bool,
    ended: bool,
    segments: Vec<Listed>,
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Listed {
    uri: String,
    map: String,
    seconds: f64,
    discontinuity: bool,
    date: String,
}

fn playlist(folder: &Path) -> Option<Playlist> {
    let text = std::fs::read_to_string(folder.join("video.m3u8")).ok()?;
    let mut playlist = Playlist::default();
    let mut next = Listed::default();
    assert!(text.starts_with("#EXTM3U\n") && text.ends_with('\n'), "{text}");
    for line in text.lines().skip(1) {
        let (tag, value) = line.split_once(':').unwrap_or((line, ""));
        match tag {
            "#EXT-X-VERSION" => playlist.version = value.parse().unwrap(),
            "#EXT-X-TARGETDURATION" => playlist.target = value.parse().unwrap(),
            "#EXT-X-MEDIA-SEQUENCE" => playlist.sequence = value.parse().unwrap(),
            "#EXT-X-DISCONTINUITY-SEQUENCE" => playlist.discontinuity_sequence = value.parse().unwrap(),
            "#EXT-X-INDEPENDENT-SEGMENTS" => playlist.independent = true,
            "#EXT-X-PLAYLIST-TYPE" => playlist.event = value == "EVENT",
            "#EXT-X-ENDLIST" => playlist.ended = true,
            "#EXT-X-DISCONTINUITY" => next.discontinuity = true,
            "#EXT-X-MAP" => next.map = value.split('"').nth(1).unwrap().to_owned(),
            "#EXT-X-PROGRAM-DATE-TIME" => next.date = value.to_owned(),
            "#EXTINF" => next.seconds = value.trim_end_matches(',').parse().unwrap(),
            _ => {
                assert!(!line.starts_with('#'), "an unknown tag: {line}");
                let map = next.map.clone();
                playlist.segments.push(Listed { uri: line.to_owned(), ..next });
                next = Listed { map, ..Listed::default() };
            }
        }
    }
    Some(playlist)
}

/// What is in a segment: when it begins, how long each picture lasts, in ticks of a 90 kHz clock, and which are key frames.
struct Media {
    begins: u64,
    durations: Vec<u32>,
    keys: Vec<bool>,
}

fn media(path: &Path) -> Media {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let Some(Any::Moof(moof)) = Any::decode_maybe(&mut &bytes[..]).unwrap() else { panic!("no moof") };
    let track = &moof.traf[0];
    let entries: Vec<_> = track.trun[0].samples.iter().collect();
    Media {
        begins: track.tfdt.as_ref().unwrap().base_media_decode_time,
        durations: entries.iter().map(|entry| entry.duration.unwrap()).collect(),
        keys: entries.iter().map(|entry| entry.flags.unwrap() & 0x1_0000 == 0).collect(),
    }
}

/// The names of the files, without playlists.
fn files(folder: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.ends_with(".m3u8")).collect();
    names.sort();
    names
}

/// The numbers of the segments that are listed, and a `|` before each that is interrupted from the one before.
fn listed(folder: &Path) -> String {
    let segment = |segment: Listed| {
        let number = segment.uri.trim_start_matches("segment-").trim_end_matches(".m4s");
        let mark = if segment.discontinuity { "| " } else { "" };
        format!("{mark}{}", number.parse::<u64>().unwrap())
    };
    playlist(folder).unwrap().segments.into_iter().map(segment).collect::<Vec<_>>().join(" ")
}

#[test]
fn segments_are_cut_at_key_frames_and_carry_their_wall_time() {
    let folder = folder("cut");
    let mut hls = Hls::new(&folder);
    hls.open(&stream()).unwrap();
    write(&mut hls, 0..5000, 1000);
    let live = playlist(&folder).unwrap();
    assert_eq!((live.version, live.target, live.sequence, live.independent), (7, 3, 0, true));
    assert!(!live.ended && !live.event);
    let parts: Vec<_> = live.segments.iter().map(|part| (part.seconds, part.date.as_str())).collect();
    assert_eq!(parts, [(2.0, "2023-11-14T22:13:20.000Z"), (2.0, "2023-11-14T22:13:22.000Z")]);

    hls.close().unwrap();
    assert!(!playlist(&folder).unwrap().ended, "a closed output may be opened again");
    drop(hls);
    let ended = playlist(&folder).unwrap();
    assert!(ended.ended);
    assert_eq!(ended.segments[2].seconds, 1.0);
    let index = std::fs::read_to_string(folder.join("index.m3u8")).unwrap();
    assert!(
        index.contains("CODECS=\"avc1.42c01e\",RESOLUTION=640x360,FRAME-RATE=25.000\nvideo.m3u8\n"),
        "{index}"
    );
}

#[test]
fn a_key_frame_is_asked_for_when_a_segment_is_long_enough() {
    let folder = folder("asked");
    let request = KeyFrameRequest::default();
    let mut hls = Hls::new(&folder);
    hls.key_frames(request.clone());
    hls.open(&stream()).unwrap();
    let mut asked = 0;
    for n in 0..500u64 {
        let keyframe = request.take() || n == 0;
        asked += u64::from(keyframe);
        hls.write(&unit(n * 40, keyframe)).unwrap();
    }
    assert_eq!(hls.monitor().dropped(), 0);
    assert!(playlist(&folder).unwrap().segments.iter().all(|part| (2.0..2.2).contains(&part.seconds)));
    assert_eq!(asked, 10, "one for each segment");
}

#[test]
fn an_encoder_that_answers_late_is_asked_earlier() {
    let folder = folder("late");
    let request = KeyFrameRequest::default();
    let mut hls = Hls::new(&folder).keep_all();
    hls.key_frames(request.clone());
    hls.open(&stream()).unwrap();
    let mut pending = std::collections::VecDeque::from([false; 30]);
    for n in 0..1000u64 {
        pending.push_back(request.take());
        let keyframe = pending.pop_front().unwrap() || n == 0;
        hls.write(&unit(n * 40, keyframe)).unwrap();
    }
    let lost = hls.monitor().dropped();
    assert!(lost < 10, "only at first: {lost}");
}

#[test]
fn without_a_key_frame_in_time_the_segment_ends_and_pictures_are_dropped_and_counted() {
    let folder = folder("no_key_frame");
    let mut hls = Hls::new(&folder);
    hls.open(&stream()).unwrap();
    // A key frame every 5 s, whatever is asked for.
    write(&mut hls, 0..15_000, 5000);
    hls.close().unwrap();
    let parts = playlist(&folder).unwrap().segments;
    assert!(parts.iter().all(|part| part.seconds == 3.0), "{parts:?}");
    assert_eq!(listed(&folder), "0 | 1 | 2");
    assert_eq!(parts[1].date, "2023-11-14T22:13:25.000Z");
    assert_eq!(hls.monitor().dropped(), 3 * 50);
}

#[test]
fn pictures_that_come_slowly_are_not_dropped() {
    for (interval, limit) in [(1000, 3.0), (2000, 2.0), (2500, 2.5)] {
        let folder = folder(&format!("slow_{interval}"));
        let request = KeyFrameRequest::default();
        let mut hls = Hls::new(&folder);
        hls.key_frames(request.clone());
        let stream = StreamInfo::h264(
            640,
            360,
            backpack_skyline::FrameRate::from_interval(Duration::from_millis(interval)).unwrap(),
        );
        hls.open(&stream).unwrap();
        for n in 0..20 {
            let keyframe = request.take() || n == 0;
            hls.write(&unit(n * interval, keyframe)).unwrap();
        }
        assert_eq!(hls.monitor().dropped(), 0, "{interval} ms");
        let playlist = playlist(&folder).unwrap();
        assert!(
            playlist.segments.iter().all(|part| part.seconds <= limit && !part.discontinuity),
            "{playlist:?}"
        );
    }
}

#[test]
fn a_window_slides_and_removes_files_after_players_had_time_to_take_them() {
    let folder = folder("window");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("segment-1.m4s"), "not ours").unwrap();
    let mut hls = Hls::new(&folder).window(4);
    hls.open(&stream()).unwrap();
    write(&mut hls, 0..20_001, 1000);
    assert_eq!((playlist(&folder).unwrap().sequence, listed(&folder).as_str()), (5, "5 6 7 8 9"));
    write(&mut hls, 20_040..40_001, 1000);
    // Without one of them, less than three target durations would be left.
    assert_eq!((playlist(&folder).unwrap().sequence, listed(&folder).as_str()), (15, "15 16 17 18 19"));
    let files = files(&folder);
    let wanted: Vec<String> = (9..20).map(|number| format!("segment-{number:08}.m4s")).collect();
    assert_eq!(files[0], "header-00000000.mp4");
    let kept: Vec<_> = files[1..files.len() - 1].to_vec();
    assert!(kept.ends_with(&wanted[1..]) && kept.len() <= wanted.len() + 1, "{files:?}");
    assert_eq!(files[files.len() - 1], "segment-1.m4s", "others' files stay");
}

#[test]
fn a_pause_and_another_opening_and_another_size_are_discontinuities() {
    let folder = folder("discontinuity");
    let mut hls = Hls::new(&folder).window(3);
    hls.open(&stream()).unwrap();
    write(&mut hls, 0..4000, 1000);
    // An hour.
    write(&mut hls, 3_604_000..3_608_000, 1000);
    assert_eq!(listed(&folder), "0 1 | 2");
    let parts = playlist(&folder).unwrap().segments;
    assert_eq!(parts[1].seconds, 2.0, "the last picture before the pause lasts as long as the others");
    assert_eq!(parts[2].date, "2023-11-14T23:13:24.000Z");
    assert_eq!(parts[1].map, parts[2].map);

    hls.close().unwrap();
    let mut smaller = stream();
    (smaller.width, smaller.height) = (320, 180);
    hls.open(&smaller).unwrap();
    write(&mut hls, 0..4000, 1000);
    hls.close().unwrap();
    assert_eq!(listed(&folder), "1 | 2 3 | 4 5");
    let now = playlist(&folder).unwrap();
    assert_eq!((now.sequence, now.discontinuity_sequence), (1, 0));
    assert_ne!(now.segments[2].map, now.segments[3].map);
    let index = std::fs::read_to_string(folder.join("index.m3u8")).unwrap();
    assert!(index.contains("RESOLUTION=320x180"), "{index}");

    hls.open(&stream()).unwrap();
    write(&mut hls, 0..6001, 1000);
    assert_eq!(listed(&folder), "| 4 5 | 6 7 8");
    assert_eq!(playlist(&folder).unwrap().discontinuity_sequence, 1);
    write(&mut hls, 6040..40_001, 1000);
    assert_eq!(playlist(&folder).unwrap().discontinuity_sequence, 3);
    let headers: Vec<_> = files(&folder).into_iter().filter(|name| name.starts_with("header")).collect();
    assert_eq!(headers, ["header-00000006.mp4"]);
}

#[test]
fn a_later_run_goes_on_with_fresh_names_and_removes_what_was_left() {
    let folder = folder("restart");
    let mut first = Hls::new(&folder);
    first.open(&stream()).unwrap();
    write(&mut first, 0..10_001, 1000);
    // The power fails.
    std::mem::forget(first);
    std::fs::write(folder.join("segment-00000005.m4s.part"), "half").unwrap();
    let before = playlist(&folder).unwrap();

    let mut second = Hls::new(&folder);
    second.open(&stream()).unwrap();
    write(&mut second, 0..2000, 1000);
    assert_eq!(playlist(&folder).unwrap(), before, "until there is something new");
    assert!(before.segments.iter().all(|part| folder.join(&part.uri).exists()));
    assert!(!files(&folder).iter().any(|name| name.ends_with(".part")));
    write(&mut second, 2000..4001, 1000);
    assert_eq!(listed(&folder), "| 5 6");
    let now = playlist(&folder).unwrap();
    assert_eq!((now.sequence, now.discontinuity_sequence, now.ended), (5, 0, false));
    write(&mut second, 4040..20_001, 1000);
    let oldest = &files(&folder)[1];
    assert_eq!(oldest, "segment-00000005.m4s", "the first run's are gone");
    drop(second);

    let mut third = Hls::new(&folder).keep_all();
    third.open(&stream()).unwrap();
    write(&mut third, 0..2001, 1000);
    drop(third);
    let number = playlist(&folder).unwrap().sequence;
    let mut fourth = Hls::new(&folder).keep_all();
    fourth.open(&stream()).unwrap();
    write(&mut fourth, 0..2001, 1000);
    assert_eq!(listed(&folder), format!("| {number} {} | {}", number + 1, number + 2));
    let all = playlist(&folder).unwrap();
    assert!(all.event && !all.ended && all.sequence == number);
    assert!(files(&folder)[1] < all.segments[0].uri, "nothing is removed where all is kept");
}

#[test]
fn settings_that_cannot_work_and_unwritable_places_are_named_before_the_start() {
    let refusal = |mut hls: Hls| hls.prepare().unwrap_err().to_string();
    let place = folder("settings");
    assert_eq!(
        refusal(Hls::new(&place).segment(Duration::from_millis(100))),
        "segments of 100ms: from 500ms to 60s are possible"
    );
    assert_eq!(refusal(Hls::new(&place).window(2)), "a window of 2 segments: at least 3 are needed");
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::write(&place, "a file").unwrap();
    assert_eq!(
        refusal(Hls::new(&place)),
        format!("{} cannot be made: File exists (os error 17)", place.display())
    );
    std::fs::remove_file(&place).unwrap();
    Hls::new(&place).prepare().unwrap();
    assert!(files(&place).is_empty(), "it was only a trial");
}

/// A small file system, unmounted in the end.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(path: PathBuf) -> Option<Self> {
        std::fs::create_dir_all(&path).unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(&path).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_an_error_and_the_list_stays_true() {
    let Some(disk) = SmallDisk::mount(folder("full")) else {
        println!("skipped: this user cannot mount a small disk");
        return;
    };
    let folder = &disk.0;
    let ballast = folder.join("ballast");
    let mut hls = Hls::new(folder).window(3);
    hls.open(&stream()).unwrap();
    write(&mut hls, 0..4001, 1000);
    std::fs::write(&ballast, vec![0; 60_000]).unwrap_err();
    let error =
        (4040..9000).step_by(40).find_map(|time| hls.write(&unit(time, time % 1000 == 0)).err()).unwrap();
    let text = error.to_string();
    assert!(text.contains("segment-00000002.m4s cannot be written: No space left"), "{text}");
    assert!(hls.close().is_err(), "the last picture does not fit either");
    assert_eq!(listed(folder), "0 1");
    assert!(!files(folder).iter().any(|name| name.ends_with(".part")), "no half file is left");

    std::fs::remove_file(&ballast).unwrap();
    hls.open(&stream()).unwrap();
    write(&mut hls, 10_000..12_001, 1000);
    assert_eq!(listed(folder), "0 1 | 2");
    assert_eq!(hls.monitor().dropped(), 51, "the segment and the picture after it");
}

/// What happens next in a random stream.
#[derive(Debug, Clone)]
enum Step {
    /// Pictures so many milliseconds apart; a key frame after so many.
    Pictures { count: u64, interval: u64, gop: u64 },
    /// No picture for so many milliseconds.
    Pause(u64),
    /// Closed and opened again, the time from zero.
    Reopen,
    /// Another size without a word, only with other parameter sets.
    Change,
    /// A new process.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (1u64..120, 10u64..1500, 1u64..100)
            .prop_map(|(count, interval, gop)| Step::Pictures { count, interval, gop }),
        2 => (0u64..9000).prop_map(Step::Pause),
        1 => Just(Step::Reopen),
        1 => Just(Step::Change),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..12)
}

/// Everything that was ever listed, held against what must always hold.
#[derive(Default)]
struct Watcher {
    target: Option<u64>,
    sequence: u64,
    /// By media sequence number: the segment, and its discontinuity sequence number.
    seen: std::collections::BTreeMap<u64, (Listed, u64)>,
    last: Option<Playlist>,
}

impl Watcher {
    fn look(&mut self, folder: &Path, window: Option<usize>) {
        let Some(playlist) = playlist(folder) else { return };
        if self.last.as_ref() == Some(&playlist) {
            return;
        }
        assert_eq!((playlist.version, playlist.independent, playlist.event), (7, true, window.is_none()));
        assert_eq!(*self.target.get_or_insert(playlist.target), playlist.target, "the target changes");
        assert!(playlist.sequence >= self.sequence, "the sequence goes back");
        self.sequence = playlist.sequence;
        let mut discontinuities = playlist.discontinuity_sequence;
        let mut end = None;
        for (number, part) in (playlist.sequence..).zip(&playlist.segments) {
            discontinuities += u64::from(part.discontinuity);
            let (before, at) =
                self.seen.entry(number).or_insert_with(|| (part.clone(), discontinuities)).clone();
            assert_eq!((&before, at), (part, discontinuities), "segment {number} has changed");
            assert!(part.seconds <= playlist.target as f64, "{part:?} is longer than {}", playlist.target);
            assert!(folder.join(&part.map).exists());
            let media = media(&folder.join(&part.uri));
            let duration: u64 = media.durations.iter().map(|&ticks| u64::from(ticks)).sum();
            assert!((duration as f64 / 90_000.0 - part.seconds).abs() < 2e-6);
            assert!(media.keys[0], "{part:?} does not begin at a key frame");
            assert!(
                part.discontinuity || end.is_none_or(|end| end == media.begins),
                "{part:?} does not follow"
            );
            end = Some(media.begins + duration);
        }
        let uris: std::collections::BTreeSet<_> = self.seen.values().map(|(part, _)| &part.uri).collect();
        assert_eq!(uris.len(), self.seen.len(), "a name is used twice");
        if let Some(window) = window
            && playlist.segments.len() > window
        {
            let without: f64 = playlist.segments[1..].iter().map(|part| part.seconds).sum();
            assert!(without < 3.0 * playlist.target as f64, "the window does not slide");
        }
        self.last = Some(playlist);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn whatever_comes_the_playlist_is_true_at_every_moment(
        steps in steps(), window in prop::option::of(3usize..6), obeys in any::<bool>(), case in any::<u64>(),
    ) {
        let folder = folder(&format!("random_{case}"));
        let make = || {
            let hls = Hls::new(&folder);
            let mut hls = if let Some(window) = window { hls.window(window) } else { hls.keep_all() };
            let request = KeyFrameRequest::default();
            hls.key_frames(request.clone());
            hls.open(&stream()).unwrap();
            (hls, request)
        };
        let (mut hls, mut request) = make();
        let mut watcher = Watcher::default();
        let (mut time, mut written, mut dropped, mut level) = (0, 0, 0, 0x1e);
        let mut begins = true;
        for step in steps {
            match step {
                Step::Pictures { count, interval, gop } => for n in 0..count {
                    let asked = request.take();
                    let keyframe = begins || n % gop == 0 || (obeys && asked);
                    begins = false;
                    let mut data = unit(time, keyframe).data.to_vec();
                    if keyframe {
                        data[7] = level;
                    }
                    hls.write(&AccessUnit::new(data, Timestamp::from_millis(time), keyframe)).unwrap();
                    watcher.look(&folder, window);
                    written += 1;
                    time += interval;
                },
                Step::Pause(millis) => time += millis,
                Step::Change => {
                    level ^= 1;
                    begins = true;
                }
                Step::Reopen => {
                    hls.close().unwrap();
                    watcher.look(&folder, window);
                    hls.open(&stream()).unwrap();
                    (time, begins) = (0, true);
                }
                Step::Restart => {
                    dropped += hls.monitor().dropped();
                    drop(hls);
                    watcher.look(&folder, window);
                    (hls, request) = make();
                    (time, begins) = (0, true);
                }
            }
        }
        dropped += hls.monitor().dropped();
        drop(hls);
        watcher.look(&folder, window);
        if written > 0 {
            prop_assert!(watcher.last.is_none_or(|last| last.ended));
        }
        if window.is_none() {
            let listed: usize =
                watcher.seen.values().map(|(part, _)| media(&folder.join(&part.uri)).keys.len()).sum();
            prop_assert_eq!(listed as u64 + dropped, written, "every picture is somewhere");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

/// A web server for one directory that serves until the test's process ends.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            let mut reader = BufReader::new(&connection);
            let _ = reader.read_line(&mut line);
            while reader.read_line(&mut String::new()).is_ok_and(|length| length > 2) {}
            let path = line.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
            let (status, body) = match std::fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let length = body.len();
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = (&connection).write_all(&[head.as_bytes(), &body].concat());
        }
    });
    format!("http://{address}/index.m3u8")
}

/// Runs a tool that must succeed within a minute and be silent about errors, and returns what it printed.
fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    // A player waits for more of a live stream without end.
    let output = Command::new("timeout").args(["60", program]).args(arguments).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{program} {arguments:?}");
    assert!(output.status.success());
    output.stdout
}

/// Codec, size and number of pictures.
fn probe(url: &str) -> String {
    let entries = "stream=codec_name,width,height,nb_read_frames";
    let arguments = [
        "-v",
        "error",
        "-count_frames",
        "-show_entries",
        entries,
        "-of",
        "csv=p=0",
        "-live_start_index",
        "0",
        url,
    ];
    let text = String::from_utf8(run("ffprobe", &arguments)).unwrap();
    text.lines().next().unwrap_or_default().trim_end_matches(',').to_owned()
}

#[test]
fn h265_is_written_too() {
    let place = folder("h265");
    let arguments = [
        "-v",
        "error",
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x240:rate=25:duration=4",
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx265",
        "-x265-params",
        "log-level=none:aud=1:bframes=0:keyint=25:repeat-headers=1",
        "-f",
        "hevc",
        "-",
    ];
    let bytes = run("ffmpeg", &arguments);
    let mut hls = Hls::new(&place);
    hls.open(&StreamInfo::new(backpack_skyline::Codec::H265, 320, 240, fps(25))).unwrap();
    // Every picture begins with a delimiter.
    let delimiter = [0, 0, 0, 1, 0x46, 1];
    let begins: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(&delimiter)).collect();
    assert_eq!(begins.len(), 100);
    for (n, &begin) in begins.iter().enumerate() {
        let data = bytes[begin..begins.get(n + 1).copied().unwrap_or(bytes.len())].to_vec();
        let time = Timestamp::from_millis(n as u64 * 40);
        hls.write(&AccessUnit::new(data, time, n % 25 == 0)).unwrap();
    }
    drop(hls);
    let index = std::fs::read_to_string(place.join("index.m3u8")).unwrap();
    assert!(index.contains("CODECS=\"hvc1.1.6.L60.90\""), "{index}");
    assert_eq!(probe(&serve(place)), "hevc,320,240,100");
}

#[cfg(feature = "gstreamer")]
mod real {
    use backpack_core::{Frame, PixelFormat};
    use backpack_skyline::{Encoder, Put, SkyLine};

    use super::*;
    use crate::common::numbered::{HEIGHT, NumberedStream, WIDTH, is_put};
    use crate::common::{PATIENCE, barcode, psnr as psnr_of, wait_until};

    /// The luma of pictures as a player gets them.
    fn luma(url: &str, pictures: &str) -> Vec<Vec<u8>> {
        let arguments = [
            "-v",
            "error",
            "-live_start_index",
            "0",
            "-i",
            url,
            "-frames:v",
            pictures,
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "gray",
            "-",
        ];
        let bytes = run("ffmpeg", &arguments);
        bytes.chunks((WIDTH * HEIGHT) as usize).map(<[u8]>::to_vec).collect()
    }

    fn numbers(pictures: &[Vec<u8>]) -> Vec<u16> {
        pictures.iter().map(|picture| barcode::read(picture, WIDTH as usize)).collect()
    }

    /// When each picture is shown, in milliseconds from the first one.
    fn times(url: &str) -> Vec<u64> {
        let arguments = ["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", url];
        let text = String::from_utf8(run("ffprobe", &arguments)).unwrap();
        let lines = text.lines().filter(|line| !line.is_empty());
        let times: Vec<f64> = lines.map(|line| line.trim_end_matches(',').parse().unwrap()).collect();
        times.iter().map(|time| ((time - times[0]) * 1000.0).round() as u64).collect()
    }

    #[test]
    fn players_get_every_picture_while_it_is_live_and_after_the_end() {
        let place = folder("players");
        let url = serve(place.clone());
        // Key frames only when they are asked for.
        let encoder = Encoder::h264().key_frame_interval(Duration::from_secs(600));
        let hls = Hls::new(&place).segment(Duration::from_secs(1)).keep_all();
        let monitor = hls.monitor();
        let stream = NumberedStream::start_with(encoder, vec![Box::new(hls)]);
        wait_until("a segment", || monitor.segments() > 0);
        let live = numbers(&luma(&url, "120"));
        let wanted: Vec<u16> = (0..).filter(|&number| is_put(number)).take(120).collect();
        assert_eq!(live, wanted, "while it is live");
        assert!(!playlist(&place).unwrap().ended, "it was not live");

        let stats = stream.stop();
        let put: Vec<u16> = (0..).filter(|&number| is_put(number)).take(stats.frames as usize).collect();
        let ended = playlist(&place).unwrap();
        assert!(ended.ended && ended.target == 2 && monitor.dropped() == 0);
        // Frames that are left out are gaps of up to six frames here.
        let (last, others) = ended.segments.split_last().unwrap();
        assert!(
            last.seconds <= 2.0 && others.iter().all(|part| (0.8..1.5).contains(&part.seconds)),
            "{others:?}"
        );
        let pictures = luma(&url, "100000");
        assert_eq!(numbers(&pictures), put, "after the end");
        let due: Vec<u64> =
            put.iter().map(|&number| (f64::from(number) * 1000.0 / 30.0).round() as u64).collect();
        assert!(times(&url).iter().zip(&due).all(|(time, due)| time.abs_diff(*due) <= 1));
        let quality: Vec<f64> =
            put.iter().zip(&pictures).map(|(&number, picture)| psnr(number, picture)).collect();
        let (least, mean) = (
            quality.iter().copied().fold(f64::MAX, f64::min),
            quality.iter().sum::<f64>() / quality.len() as f64,
        );
        println!("{} pictures, PSNR-Y {mean:.1} dB, at least {least:.1} dB", put.len());
        assert!(least > 40.0);
    }

    /// The quality of a decoded picture in decibels; ffmpeg's grey is luma stretched to all 256 values.
    fn psnr(number: u16, picture: &[u8]) -> f64 {
        let source = barcode::frame(number, WIDTH, HEIGHT);
        let pairs = source.bytes()[..picture.len()].iter().zip(picture);
        psnr_of(pairs.map(|(&a, &b)| ((f64::from(a) - 16.0) * 255.0 / 219.0, f64::from(b))))
    }

    #[test]
    fn thirty_frames_over_3100_milliseconds_last_3100_milliseconds() {
        let place = folder("times");
        let mut sky = SkyLine::builder()
            .encoder(Encoder::h264())
            .output(Hls::new(&place))
            .size(64, 48)
            .frame_rate(fps(10))
            .start()
            .unwrap();
        let due: Vec<u64> = (0..31).map(|n| n * 100 + if n == 30 { 0 } else { n % 3 * 9 }).collect();
        for &time in &due {
            let frame = Frame::black(64, 48, PixelFormat::I420).unwrap();
            let frame = frame.with_timestamp(Timestamp::from_millis(time));
            assert_eq!(sky.put_within(frame, PATIENCE).unwrap(), Put::Queued);
        }
        drop(sky);
        assert_eq!(times(&serve(place.clone())), due);
        let total: f64 = playlist(&place).unwrap().segments.iter().map(|part| part.seconds).sum();
        // The last picture lasts as long as the one before it.
        assert!((total - 3.082).abs() < 0.001, "{total}");
    }

    #[test]
    fn a_stream_that_is_started_again_plays_on_after_a_discontinuity() {
        let place = folder("again");
        let mut sky = SkyLine::builder()
            .encoder(Encoder::h264())
            .output(Hls::new(&place).keep_all())
            .size(64, 48)
            .frame_rate(fps(25))
            .start()
            .unwrap();
        for round in 0..2 {
            for n in 0..80 {
                let frame = Frame::black(64, 48, PixelFormat::I420).unwrap();
                sky.put_within(frame.with_timestamp(Timestamp::from_millis(n * 40)), PATIENCE).unwrap();
            }
            sky.stop().unwrap();
            assert!(!playlist(&place).unwrap().ended);
            if round == 0 {
                sky.start_again().unwrap();
            }
        }
        drop(sky);
        assert!(playlist(&place).unwrap().ended);
        assert_eq!(listed(&place), "0 1 | 2 3");
        assert_eq!(probe(&serve(place)), "h264,64,48,160");
    }
}
