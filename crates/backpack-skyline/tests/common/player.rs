//! Plays a stream of numbered frames and keeps what was seen.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::SystemTime;

use backpack_skyline::MemoryContents;
use gstreamer as gst;
use gstreamer::prelude::*;

use super::barcode;
use super::numbered::{HEIGHT, NumberedStream, RATE, WIDTH};

/// A picture that came out of a decoder.
#[derive(Clone, Copy)]
pub struct Seen {
    pub number: u16,
    /// In milliseconds since the Unix epoch.
    pub at: f64,
    /// Against the picture that was put in, in dB.
    pub psnr: f64,
}

/// All that was seen so far; clones look at the same player.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Seen>>>);

impl Log {
    pub fn all(&self) -> Vec<Seen> {
        self.0.lock().expect("no panic").clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }

    pub fn numbers(&self) -> Vec<u16> {
        self.all().iter().map(|seen| seen.number).collect()
    }

    /// Fails unless what was seen has no gap, is in order and looks like what was put in, and prints how late it came.
    pub fn assert_faithful(&self, what: &str, stream: &NumberedStream, sent: &MemoryContents) {
        let all = self.all();
        let put_at = stream.put_at();
        let seen: Vec<u16> = all.iter().map(|seen| seen.number).collect();
        let (first, last) = (seen[0], seen[seen.len() - 1]);
        let expected: Vec<u16> =
            numbers_of(sent).into_iter().filter(|number| (first..=last).contains(number)).collect();
        assert_eq!(seen, expected, "{what}");
        let psnr = all.iter().map(|seen| seen.psnr).fold(f64::INFINITY, f64::min);
        assert!(psnr > 38.0, "{what}: {psnr:.1} dB");
        let mut late: Vec<f64> = all.iter().map(|seen| seen.at - put_at[&seen.number]).collect();
        late.sort_by(f64::total_cmp);
        let (median, worst) = (late[late.len() / 2], late[late.len() - 1]);
        let count = seen.len();
        println!(
            "{what}: {count} pictures, PSNR-Y ≥ {psnr:.1} dB, latency {median:.0} ms, at most {worst:.0} ms"
        );
    }

    /// Leaves out what was seen before the first of these pictures, where a player was given the middle of a group of pictures.
    pub fn since(&self, key_frames: &[u16]) -> Self {
        let all = self.all().into_iter().skip_while(|seen| !key_frames.contains(&seen.number)).collect();
        Self(Arc::new(Mutex::new(all)))
    }

    fn add(&self, luma: &[u8]) {
        let number = barcode::read(luma, WIDTH as usize);
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        let seen = Seen { number, at: at.as_secs_f64() * 1000.0, psnr: psnr(number, luma) };
        self.0.lock().expect("no panic").push(seen);
    }
}

/// The numbers of the frames that came to a `Memory` beside the output under test.
pub fn numbers_of(sent: &MemoryContents) -> Vec<u16> {
    sent.units().iter().map(|unit| number_at(unit.pts.elapsed().as_secs_f64())).collect()
}

pub fn key_frames_of(sent: &MemoryContents) -> Vec<u16> {
    let units = sent.units();
    let key_frames = units.iter().filter(|unit| unit.keyframe);
    key_frames.map(|unit| number_at(unit.pts.elapsed().as_secs_f64())).collect()
}

fn number_at(seconds: f64) -> u16 {
    (seconds * f64::from(RATE)).round() as u16
}

fn psnr(number: u16, luma: &[u8]) -> f64 {
    let source = barcode::frame(number, WIDTH, HEIGHT);
    let pairs = source.view().plane(0).data().iter().zip(luma);
    super::psnr(pairs.map(|(&a, &b)| (f64::from(a), f64::from(b))))
}

/// Plays what ffmpeg can read.
pub struct FfmpegPlayer {
    pub log: Log,
    ffmpeg: Child,
    thread: Option<thread::JoinHandle<()>>,
}

impl FfmpegPlayer {
    /// Plays what comes from a server, with little delay.
    pub fn play(url: &str) -> Self {
        let live = [
            "-fflags",
            "nobuffer",
            "-flags",
            "low_delay",
            "-probesize",
            "50000",
            "-analyzeduration",
            "300000",
        ];
        Self::start(&live, url, Stdio::null())
    }

    fn start(options: &[&str], input: &str, stderr: Stdio) -> Self {
        let mut ffmpeg = Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin"])
            .args(options)
            .args(["-i", input, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .expect("ffmpeg is installed (Debian package ffmpeg)");
        let mut pictures = ffmpeg.stdout.take().expect("it is piped");
        let log = Log::default();
        let seen = log.clone();
        let thread = thread::spawn(move || {
            let luma = (WIDTH * HEIGHT) as usize;
            let mut picture = vec![0; luma * 3 / 2];
            while pictures.read_exact(&mut picture).is_ok() {
                seen.add(&picture[..luma]);
            }
        });
        Self { log, ffmpeg, thread: Some(thread) }
    }

    /// Waits until the input ends.
    pub fn wait(mut self) -> Log {
        self.thread.take().expect("it runs").join().expect("no panic");
        self.log.clone()
    }
}

impl Drop for FfmpegPlayer {
    fn drop(&mut self) {
        let _ = self.ffmpeg.kill();
        let _ = self.ffmpeg.wait();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Plays a file to its end and returns what ffmpeg has to say against it, too.
pub fn play_file(path: &Path) -> (Log, String) {
    let mut player = FfmpegPlayer::start(&[], path.to_str().expect("text"), Stdio::piped());
    let mut faults = String::new();
    let mut stderr = player.ffmpeg.stderr.take().expect("it is piped");
    stderr.read_to_string(&mut faults).expect("text");
    (player.wait(), faults)
}

/// Receives RTP over UDP with GStreamer.
pub struct RtpPlayer {
    pub log: Log,
    pub port: i32,
    pipeline: gst::Pipeline,
}

impl RtpPlayer {
    /// `encoding` is `H264` or `H265`.
    pub fn listen(encoding: &str) -> Self {
        gst::init().expect("GStreamer");
        let lower = encoding.to_lowercase();
        let description = format!(
            "udpsrc name=from address=127.0.0.1 port=0 buffer-size=2000000 \
             caps=application/x-rtp,media=video,clock-rate=90000,encoding-name={encoding} ! \
             rtp{lower}depay ! {lower}parse ! avdec_{lower} max-threads=1 ! video/x-raw,format=I420 ! \
             appsink name=to sync=false"
        );
        let pipeline = gst::parse::launch(&description).expect("a pipeline").downcast::<gst::Pipeline>();
        let pipeline = pipeline.expect("it has more than one element");
        let sink = pipeline.by_name("to").expect("it is there").downcast::<gstreamer_app::AppSink>();
        let log = Log::default();
        let seen = log.clone();
        let callbacks = gstreamer_app::AppSinkCallbacks::builder().new_sample(move |sink| {
            let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
            let picture = sample.buffer().expect("a picture").map_readable().expect("memory");
            // 640 pixels are stored without padding.
            seen.add(&picture[..(WIDTH * HEIGHT) as usize]);
            Ok(gst::FlowSuccess::Ok)
        });
        sink.expect("an appsink").set_callbacks(callbacks.build());
        pipeline.set_state(gst::State::Playing).expect("it plays");
        let port = pipeline.by_name("from").expect("it is there").property::<i32>("port");
        Self { log, port, pipeline }
    }
}

impl Drop for RtpPlayer {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}
