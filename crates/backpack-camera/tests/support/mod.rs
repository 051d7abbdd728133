//! What the tests share: the clips, deadlines, ffmpeg, servers.
#![allow(dead_code, clippy::unwrap_used)]

pub mod http;
pub mod rtsp;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use backpack_camera::{Camera, Event};

/// A real clip, which `cargo xtask test` fetches.
pub fn clip(name: &str) -> PathBuf {
    let default = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/clips");
    let path = std::env::var_os("BACKPACK_CLIPS").map_or_else(default, PathBuf::from).join(name);
    assert!(path.is_file(), "{} is missing: run `cargo xtask test`, which fetches it", path.display());
    path
}

/// A file for this test run.
pub fn scratch(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A scratch file with this content.
pub fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = scratch(name);
    fs::write(&path, content).unwrap();
    path
}

/// A scratch file that ffmpeg makes.
pub fn ffmpeg_file(name: &str, arguments: &str) -> PathBuf {
    let path = scratch(name);
    let status = ffmpeg(arguments).arg("-y").arg(&path).status().expect("ffmpeg runs");
    assert!(status.success(), "ffmpeg {arguments}");
    path
}

pub fn ffmpeg(arguments: &str) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin"]).args(arguments.split_whitespace());
    command
}

/// What ffmpeg makes of a clip, as raw frames in its standard output.
pub fn ffmpeg_raw(clip: &Path, arguments: &str) -> (KillOnDrop, ChildStdout) {
    let mut command = Command::new("ffmpeg");
    // It complains when a test has seen enough.
    command.args(["-v", "fatal", "-nostdin", "-i"]).arg(clip).args(arguments.split_whitespace());
    let mut child =
        command.args(["-f", "rawvideo", "-"]).stdout(Stdio::piped()).spawn().expect("ffmpeg runs");
    let output = child.stdout.take().unwrap();
    (KillOnDrop(child), output)
}

pub struct KillOnDrop(pub Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The result of `work`, which must come within the limit.
#[track_caller]
pub fn within<T: Send + 'static>(seconds: u64, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    let worker = thread::spawn(move || {
        let _ = done.send(work());
    });
    match result.recv_timeout(Duration::from_secs(seconds)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("still not done after {seconds} s"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("it sends before it ends"),
        },
    }
}

/// Waits until `condition` holds.
#[track_caller]
pub fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// The next frame's timestamp in nanoseconds.
#[track_caller]
pub fn next_nanos(camera: &mut Camera) -> u64 {
    camera.next_frame().unwrap().expect("the stream goes on").timestamp().unwrap().as_nanos()
}

/// A list of events as they come, and the callback that fills it.
pub fn event_log() -> (Arc<Mutex<Vec<String>>>, impl FnMut(Event) + Send + 'static) {
    let log = Arc::new(Mutex::new(Vec::new()));
    let fill = Arc::clone(&log);
    let on_event = move |event: Event| {
        let line = match event {
            Event::Connected(_) => "connected".to_owned(),
            Event::Lost { error } => format!("lost: {error}"),
            Event::Reconnecting { attempt, .. } => format!("reconnecting {attempt}"),
            Event::AttemptFailed { attempt, error } => format!("failed {attempt}: {error}"),
            Event::Reconnected { attempt, .. } => format!("reconnected {attempt}"),
            Event::Looped { loops } => format!("looped {loops}"),
            Event::EndOfStream => "end".to_owned(),
            other => panic!("unknown event {other:?}"),
        };
        fill.lock().unwrap().push(line);
    };
    (log, on_event)
}

/// Peak signal to noise ratio of two equally long pieces of 8-bit samples, in dB.
pub fn psnr(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    let sum: u64 = a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum();
    10.0 * (255.0 * 255.0 * a.len() as f64 / sum as f64).log10()
}

/// All pixels of a frame without padding.
pub fn tight(frame: &backpack_core::Frame) -> Vec<u8> {
    frame.view().to_frame().bytes().to_vec()
}
