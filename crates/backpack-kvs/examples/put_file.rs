//! Sends the video of a Matroska file to a stream, as it is: `cargo run -p backpack-kvs --example put_file -- yard film.mkv`.
//!
//! Region and credentials come from the environment: AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. Any other file becomes a
//! Matroska one without encoding it again: `ffmpeg -i film.mp4 -an -c copy film.mkv`.

use std::error::Error;
use std::fs::File;
use std::time::{Duration, SystemTime};

use backpack_core::Timestamp;
use backpack_kvs::{Producer, Video};
use backpack_skyline::{AccessUnit, Codec};
use matroska_demuxer::{Frame, MatroskaFile, TrackEntry};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(stream), Some(path)) = (arguments.next(), arguments.next()) else {
        return Err("usage: put_file STREAM FILE.mkv [ENDPOINT]".into());
    };
    let mut file = MatroskaFile::open(File::open(&path)?)?;
    let (track, codec) =
        file.tracks().iter().find_map(video).ok_or("there is no H.264 or H.265 in this file")?;
    let configuration = track.codec_private().ok_or("the file has no decoder configuration")?;
    let number = track.track_number().get();
    let nanos = file.info().timestamp_scale().get();
    let video = Video::with_configuration(codec, configuration)?.started(SystemTime::now());

    let mut producer = Producer::builder(&stream).video(video);
    if let Some(endpoint) = arguments.next() {
        producer = producer.endpoint(endpoint);
    }
    let producer = producer.start()?;
    let mut frame = Frame::default();
    while file.next_frame(&mut frame)? {
        if frame.track != number {
            continue;
        }
        // The spool is to hold the file no longer than the network needs.
        while producer.stats().backlog_bytes > 32 << 20 {
            std::thread::sleep(Duration::from_millis(20));
        }
        let time = Timestamp::from_nanos(frame.timestamp * nanos);
        let is_key = frame.is_keyframe.unwrap_or_default();
        producer.put(&AccessUnit::new(std::mem::take(&mut frame.data), time, is_key))?;
    }
    producer.flush(Duration::from_secs(60))?;
    println!("{:#?}", producer.stats());
    producer.shutdown(Duration::from_secs(60))?;
    Ok(())
}

fn video(track: &TrackEntry) -> Option<(&TrackEntry, Codec)> {
    // GStreamer ends the text with a zero.
    match track.codec_id().trim_end_matches(char::from(0)) {
        "V_MPEG4/ISO/AVC" => Some((track, Codec::H264)),
        "V_MPEGH/ISO/HEVC" => Some((track, Codec::H265)),
        _ => None,
    }
}
