//! What arrived, as players and other programs see it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

use backpack_kvs_local::{LocalKvs, WriteError};
use common::*;

/// Removed at the end of the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kvs-local-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn put(kvs: &LocalKvs, media: Media) {
    let mut put = Client::default().start(kvs);
    put.send(&media.end()).unwrap();
    put.finish().unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    assert!(acks.last().unwrap().starts_with("PERSISTED"), "{acks:?}");
    assert!(kvs.wait_until(TIMEOUT, |kvs| kvs.connections("cam") == 0));
}

fn output(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Real video: two seconds at 25 frames per second with a key frame every 10, as an avcC record and the frames of a file.
fn video_file(folder: &Folder) -> (Vec<u8>, Vec<(bool, Vec<u8>)>) {
    let file = folder.file("in.h264");
    let made = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=640x360:rate=25:duration=2"])
        .args(["-c:v", "libx264", "-profile:v", "main", "-g", "10", "-sc_threshold", "0", "-bf", "0"])
        .args(["-x264-params", "slices=1:sliced-threads=0:threads=1", "-pix_fmt", "yuv420p"])
        .arg(&file)
        .status()
        .unwrap();
    assert!(made.success());
    let stream = std::fs::read(&file).unwrap();
    let (mut sps, mut pps, mut frames) = (Vec::new(), Vec::new(), Vec::new());
    for unit in units(&stream) {
        match unit[0] & 0x1f {
            7 => sps = unit.to_vec(),
            8 => pps = unit.to_vec(),
            1 | 5 => frames.push((unit[0] & 0x1f == 5, [&(unit.len() as u32).to_be_bytes(), unit].concat())),
            _ => {}
        }
    }
    let config = [
        &[1, sps[1], sps[2], sps[3], 0xff, 0xe1][..],
        &(sps.len() as u16).to_be_bytes(),
        &sps,
        &[1],
        &(pps.len() as u16).to_be_bytes(),
        &pps,
    ];
    (config.concat(), frames)
}

fn units(stream: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> = (0..stream.len() - 3).filter(|&at| stream[at..at + 3] == [0, 0, 1]).collect();
    let ends = starts.iter().skip(1).copied().chain([stream.len()]);
    let cut = |(&start, end): (&usize, usize)| {
        let unit = &stream[start + 3..end];
        let length = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
        &unit[..length]
    };
    starts.iter().zip(ends).map(cut).collect()
}

#[test]
fn real_video_is_stored_and_plays() {
    let folder = Folder::new("plays");
    let (config, frames) = video_file(&folder);
    assert_eq!(frames.len(), 50);
    let kvs = builder().start().unwrap();
    let mut media = Media::default().ebml().segment().info().tracks(&[video(1, &config)]);
    let mut begin = 0;
    for (index, (is_key, data)) in frames.iter().enumerate() {
        let time = index as u64 * 40;
        if *is_key {
            begin = time;
            media = media.cluster(START + begin);
        }
        media = media.block(1, (time - begin) as i16, *is_key, data);
    }
    put(&kvs, media);

    let playback = kvs.playback("cam").unwrap();
    assert_eq!(playback.fragments.len(), 5);
    let stored: Vec<_> = playback.frames().map(|frame| (frame.is_key, frame.data.to_vec())).collect();
    assert_eq!(stored, frames);
    assert_eq!(&playback.fragments[0].tracks[0].codec_private[..], config);

    let file = folder.file("out.mkv");
    playback.write_mkv(&file).unwrap();
    let probe =
        ["-v", "warning", "-count_frames", "-show_entries", "stream=nb_read_frames,width", "-of", "csv=p=0"];
    assert_eq!(output("ffprobe", &probe, &file).trim(), "640,50");
    let times = ["-v", "warning", "-show_entries", "packet=pts_time", "-of", "csv=p=0"];
    let times = output("ffprobe", &times, &file);
    let times: Vec<f64> = times.lines().map(|line| line.trim_end_matches(',').parse().unwrap()).collect();
    let expected: Vec<f64> = (0..50).map(|index| f64::from(index) * 0.04).collect();
    assert!(times.iter().zip(&expected).all(|(time, expected)| (time - expected).abs() < 1e-6), "{times:?}");
    let info = output("mkvinfo", &["--ui-language", "en_US", "--all"], &file);
    assert_eq!(info.matches("Simple block").count(), 50, "{info}");
    assert!(!info.to_lowercase().contains("unknown element"), "{info}");
    assert!(info.contains("Duration: 00:00:02.000000000"), "{info}");
}

#[test]
fn equal_producer_timestamps_replace_and_late_fragments_find_their_place() {
    let kvs = builder().start().unwrap();
    put(&kvs, Media::new().fragment(START + 2000, 2).tag("run", "1"));
    put(&kvs, Media::new().fragment(START, 2).fragment(START + 2000, 3).tag("run", "2"));
    let playback = kvs.playback("cam").unwrap();
    let fragments: Vec<_> =
        playback.fragments.iter().map(|one| (one.timecode as u64, one.frames.len())).collect();
    assert_eq!(fragments, [(START, 2), (START + 2000, 3)]);
    assert_eq!(playback.replaced, 1);
    assert_eq!(playback.fragments[1].tags, [("run".to_owned(), "2".to_owned())]);
    let numbers: Vec<_> = playback.fragments.iter().map(|fragment| fragment.number.clone()).collect();
    assert!(numbers.is_sorted() && numbers.iter().all(|number| number.len() == 47), "{numbers:?}");
}

#[test]
fn relative_timecodes_begin_at_the_producers_start() {
    let kvs = builder().start().unwrap();
    let client = Client::default().header("x-amzn-fragment-timecode-type", "RELATIVE");
    let mut put = client.start(&kvs);
    put.send(&Media::new().fragment(0, 2).fragment(500, 2).end()).unwrap();
    put.finish().unwrap();
    let acks: Vec<_> = put.acks().unwrap().iter().map(short).collect();
    assert_eq!(acks[0], "BUFFERING 0");
    let stamps = kvs.playback("cam").unwrap().fragments;
    let stamps: Vec<_> = stamps.iter().map(|fragment| fragment.producer_timestamp as u64).collect();
    assert_eq!(stamps, [START, START + 500]);
}

#[test]
fn other_tracks_need_another_file() {
    let folder = Folder::new("parts");
    let kvs = builder().start().unwrap();
    assert!(matches!(
        kvs.playback("cam").unwrap().write_mkv(folder.file("none.mkv")),
        Err(WriteError::Empty)
    ));
    assert_eq!(kvs.playback("nobody"), None);
    put(&kvs, Media::new().fragment(START, 2));
    let config = [&avc_config()[..], &[0xfd, 0xf8, 0xf8, 0]].concat();
    put(
        &kvs,
        Media::default().ebml().segment().info().tracks(&[video(1, &config)]).fragment(START + 1000, 2),
    );
    let playback = kvs.playback("cam").unwrap();
    let error = playback.write_mkv(folder.file("both.mkv")).unwrap_err();
    assert!(
        matches!(error, WriteError::TracksChange { producer_timestamp } if producer_timestamp as u64 == START + 1000)
    );
    let parts = playback.parts();
    assert_eq!(parts.len(), 2);
    parts[1].write_mkv(folder.file("second.mkv")).unwrap();
}

#[test]
fn a_folder_keeps_streams_and_fragments() {
    let folder = Folder::new("keeps");
    let kvs = builder().folder(&folder.0).start().unwrap();
    put(&kvs, Media::new().fragment(START, 3).tag("place", "yard").fragment(START + 1000, 2));
    let before = kvs.playback("cam").unwrap();
    kvs.stop();

    let kvs = builder().folder(&folder.0).start().unwrap();
    let after = kvs.playback("cam").unwrap();
    assert_eq!(after.stream, before.stream);
    let known = |playback: &backpack_kvs_local::Playback| {
        let parts = playback.fragments.iter().map(|one| {
            (
                one.number.clone(),
                one.producer_timestamp,
                one.tracks.clone(),
                one.frames.clone(),
                one.tags.clone(),
            )
        });
        parts.collect::<Vec<_>>()
    };
    assert_eq!(known(&after), known(&before));
    put(&kvs, Media::new().fragment(START + 2000, 1));
    let numbers: Vec<_> =
        kvs.playback("cam").unwrap().fragments.iter().map(|one| one.number.clone()).collect();
    assert_eq!(numbers.len(), 3);
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
}

#[test]
fn what_cannot_be_stored_is_an_error_for_the_producer() {
    let folder = Folder::new("gone");
    let kvs = builder().folder(&folder.0).start().unwrap();
    std::fs::remove_dir_all(&folder.0).unwrap();
    let mut put = Client::default().start(&kvs);
    put.send(&Media::new().fragment(START, 2).end()).unwrap();
    let error = put.expect_error();
    assert_eq!((error["ErrorId"].as_u64(), error["FragmentTimecode"].as_u64()), (Some(5001), Some(START)));
    assert_eq!(kvs.playback("cam").unwrap().fragments, []);
}
