//! A camera is seen on the page, also after it went away and came back.
#![allow(clippy::unwrap_used)]

mod common;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use backpack::core::{Frame, PixelFormat};
use backpack::skyline::{Encoder, FrameRate, SkyLine, rtsp};
use common::{Running, free_address, get, refusal, text, wait_for};

fn rtsp_camera_to_web(input: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rtsp_camera_to_web"));
    command.args(["--input", input, "--web", "127.0.0.1:0"]);
    command
}

/// A camera of the network, which ends with this.
struct Camera {
    url: String,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Camera {
    fn start(address: &str, size: (u32, u32)) -> Self {
        let server = rtsp::Server::bind(address).unwrap();
        let mount = server.mount("/cam").unwrap();
        let url = server.url("/cam");
        let is_over = Arc::new(AtomicBool::new(false));
        let ends = Arc::clone(&is_over);
        let rate = FrameRate::new(25, 1).unwrap();
        let sky = SkyLine::builder().encoder(Encoder::h264()).output(mount);
        let mut sky = sky.size(size.0, size.1).frame_rate(rate).start().unwrap();
        let thread = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                sky.put(Frame::black(size.0, size.1, PixelFormat::I420).unwrap()).unwrap();
                thread::sleep(Duration::from_millis(40));
            }
            drop(server);
        });
        Self { url, is_over, thread: Some(thread) }
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// What a player sees of the stream.
fn played(page: &str) -> String {
    let entries = ["-v", "error", "-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0"];
    let output =
        Command::new("ffprobe").args(entries).arg(format!("http://{page}/stream.mp4")).output().unwrap();
    text(&output.stdout).trim().to_owned()
}

#[test]
fn a_camera_is_on_the_page_and_comes_back_with_another_size() {
    let address = free_address();
    let camera = Camera::start(&address, (320, 240));
    let mut program = Running::start(&mut rtsp_camera_to_web(&camera.url));
    let line = program.line("watch http://");
    let page = line.trim_start_matches("watch http://").trim_end_matches('/');
    let front = get(page, "/").unwrap();
    assert!(front.starts_with("HTTP/1.1 200") && front.contains("<video"), "{front}");
    wait_for("the stream", || played(page) == "h264,320,240");

    drop(camera);
    program.line("the camera is lost");
    let _camera = Camera::start(&address, (480, 360));
    program.line("the camera is back");
    wait_for("the stream", || played(page) == "h264,480,360");
    let (status, said) = program.end("INT");
    assert!(status.success(), "{said}");
    assert!(said.contains("the camera came back 1 times"), "{said}");
}

#[test]
fn a_camera_that_is_not_there_is_named_without_its_password() {
    let url = format!("rtsp://admin:hunter2@{}/cam", free_address());
    let said = refusal(&mut rtsp_camera_to_web(&url));
    assert!(said.contains("127.0.0.1") && !said.contains("hunter2"), "{said}");
    let said = refusal(&mut rtsp_camera_to_web("yard.avi"));
    assert!(said.contains("rtsp://"), "{said}");
}
