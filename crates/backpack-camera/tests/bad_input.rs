//! What is no video is refused in seconds, with a text that says why.

mod support;

use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use backpack_camera::{Camera, CameraBuilder, Pace, Source};
use support::{clip, ffmpeg_file, file, http, scratch, within};

/// Opening fails in time, and the text is as given.
#[track_caller]
fn refuses(builder: CameraBuilder, text: &str) {
    let error = within(15, move || builder.open().expect_err("nothing that gives frames"));
    assert_eq!(error.to_string(), text);
}

#[track_caller]
fn refuses_file(name: &str, content: &[u8], text: &str) {
    let path = file(name, content);
    let text = text.replace("FILE", &path.display().to_string());
    refuses(Camera::builder(path), &text);
}

#[test]
fn files_that_cannot_be_read() {
    refuses(
        Camera::builder("/nonexistent/clip.mp4"),
        "cannot open /nonexistent/clip.mp4: No such file or directory (os error 2)",
    );
    refuses(
        Camera::builder("/dev/video9"),
        "cannot open /dev/video9: No such file or directory (os error 2)",
    );
    let directory = env!("CARGO_TARGET_TMPDIR");
    refuses(Camera::builder(directory), &format!("cannot open {directory}: is a directory"));
    // Root may read what others may not, but not a link to itself.
    let link = scratch("link-to-itself");
    let _ = std::fs::remove_file(&link);
    symlink(&link, &link).unwrap();
    let text = format!("cannot open {}: Too many levels of symbolic links (os error 40)", link.display());
    refuses(Camera::builder(link), &text);
}

#[test]
fn files_that_are_no_video() {
    refuses_file("empty.mp4", b"", "FILE: no video: the file is empty");
    let noise: Vec<u8> =
        (0..100_000u64).map(|i| (i.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as u8).collect();
    refuses_file("noise.mp4", &noise, "FILE: no video: Could not determine type of stream.");
    refuses_file("text.mp4", b"Not a video.\n", "FILE: no video: Could not determine type of stream.");
    let clip = std::fs::read(clip("bikes.mp4")).unwrap();
    refuses_file(
        "headless.mp4",
        &clip[..100_000],
        "FILE: qtdemux: This file contains no playable streams. (no known streams found)",
    );
}

#[test]
fn files_with_nothing_but_sound() {
    for (name, sound) in [("sound.mp4", "MPEG-4 AAC"), ("sound.wav", "Raw 16-bit PCM audio")] {
        let path = ffmpeg_file(name, "-f lavfi -i sine=d=1");
        let text = format!("{}: no video: only {sound}", path.display());
        refuses(Camera::builder(path), &text);
    }
}

#[test]
fn addresses_where_nobody_answers() {
    refuses(
        Camera::builder("rtsp://admin:s3cret@127.0.0.1:1/live"),
        "rtsp://admin:***@127.0.0.1:1/live: rtspsrc: Could not open resource for reading and writing. \
         (Failed to connect. (Generic error))",
    );
    refuses(
        Camera::builder("http://127.0.0.1:1/live"),
        "http://127.0.0.1:1/live: souphttpsrc: Internal data stream error. \
         (the server cannot be reached or does not answer)",
    );
    refuses(Camera::builder("gopher://host/x"), "gopher://host/x: GStreamer has no GOPHER protocol source");
}

#[test]
fn servers_that_accept_and_never_answer_cost_no_more_than_the_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let timeout = Duration::from_millis(1500);
    for scheme in ["rtsp", "http"] {
        let source = format!("{scheme}://{address}/live");
        let start = Instant::now();
        refuses(Camera::builder(&source).open_timeout(timeout), &format!("{source}: no frame within 1.5s"));
        assert!(start.elapsed() >= timeout);
    }
}

#[test]
fn pages_that_do_not_exist() {
    let address = format!("{}/nothing?token=s3cret", http::serve());
    let source = format!("http://user:s3cret@{address}");
    let error = within(15, move || Camera::open(source).unwrap_err().to_string());
    assert!(error.contains("souphttpsrc: Not Found (Not Found (404)"), "{error}");
    assert!(!error.contains("s3cret"), "{error}");
}

#[test]
fn devices_that_are_no_cameras() {
    let builder = Camera::builder(Source::v4l2("/dev/null")).size(640, 480).frame_rate(30);
    let error = within(15, move || builder.open().unwrap_err().to_string());
    assert!(error.starts_with("/dev/null: v4l2src: "), "{error}");
    assert!(error.ends_with("(system error: Inappropriate ioctl for device)"), "{error}");
}

#[test]
fn descriptions_that_are_none() {
    for (description, text) in [
        ("", "cannot build ``: syntax error"),
        ("videotestsrc !", "cannot build `videotestsrc !`: syntax error"),
        (
            "videotestsrc nose=1",
            "cannot build `videotestsrc nose=1`: no property \"nose\" in element \"videotestsrc\"",
        ),
        (
            "audiotestsrc name=sound",
            "cannot build `audiotestsrc name=sound`: it does not end in raw video: could not link sound",
        ),
        (
            "videotestsrc ! fakesink name=end",
            "cannot build `videotestsrc ! fakesink name=end`: it does not end in raw video: could not link end",
        ),
        (
            "audiotestsrc name=a ! videoconvert name=b",
            "cannot build `audiotestsrc name=a ! videoconvert name=b`: could not link a to b",
        ),
        (
            "nosuchsrc location=rtsp://a:s3cret@b",
            "nosuchsrc location=rtsp://a:***@b: GStreamer has no element nosuchsrc",
        ),
        (
            "filesrc location=/nonexistent ! decodebin",
            "filesrc location=/nonexistent ! decodebin: filesrc: Resource not found. (No such file \"/nonexistent\")",
        ),
        (
            "videotestsrc num-buffers=0",
            "videotestsrc num-buffers=0: no video: the stream ends before its first frame",
        ),
        (
            "fakesrc ! video/x-raw(memory:NVMM),format=NV12",
            "cannot build `fakesrc ! video/x-raw(memory:NVMM),format=NV12`: the frames are in memory:NVMM, not in plain memory; \
             describe the source with an element that fetches them from there",
        ),
    ] {
        refuses(Camera::builder(Source::description(description)), text);
    }
}

#[test]
fn settings_that_no_source_can_have() {
    refuses(
        Camera::builder("test").size(0, 10),
        "test pattern: a frame of 0×10 pixels: each side must be from 1 to 65536",
    );
    refuses(Camera::builder("rtsp://a\0b"), "rtsp://a\0b: it contains the character 0");
    refuses(Camera::builder("a\0b"), "cannot open a\0b: file name contained an unexpected NUL byte");
    refuses(Camera::builder("test").frame_rate(0), "test pattern: a frame rate of 0 frames per second");
    refuses(
        Camera::builder("test").frame_rate(f64::NAN),
        "test pattern: a frame rate of NaN frames per second",
    );
}

#[test]
fn an_error_in_the_middle_comes_after_the_frames_before_it_and_ends_the_stream() {
    let source = Source::description("videotestsrc num-buffers=9 ! identity error-after=4");
    let results: Vec<_> =
        within(15, || Camera::builder(source).pace(Pace::Fastest).open().unwrap().collect());
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(results.len(), 4);
    let error = results[3].as_ref().unwrap_err().to_string();
    assert!(error.contains("identity: Failed after iterations as requested."), "{error}");
}
