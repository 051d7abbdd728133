//! Ten minutes with viewers and a recording that come and go at random: nothing leaks, and who stays misses nothing. `cargo xtask soak` runs it.
#![cfg(all(feature = "gstreamer", feature = "rtsp", feature = "web"))]
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use backpack_core::Timestamp;
use backpack_skyline::web::Page;
use backpack_skyline::{Encoder, Recording, SkyLine, rtsp};
use common::numbered::{HEIGHT, RATE, WIDTH};
use common::{PATIENCE, barcode, fps};

/// How much more memory is not called a leak: allocators keep what they may need again.
const SLACK: u64 = 24 << 20;

#[test]
#[ignore = "takes ten minutes: cargo xtask soak"]
fn viewers_and_a_recording_come_and_go_and_nothing_leaks_and_nobody_who_stays_misses_anything() {
    let minutes: f64 = std::env::var("SOAK_MINUTES").map_or(10.0, |minutes| minutes.parse().unwrap());
    let end = Duration::from_secs_f64(minutes * 60.0);
    let folder = folder();
    let server = rtsp::Server::bind("127.0.0.1:0").unwrap();
    let page = Page::bind("127.0.0.1:0").unwrap();
    let (url, address) = (server.url("/soak"), page.address());
    let mount = server.mount("/soak").unwrap();
    let monitor = mount.monitor();
    let mut stream = Stream::start(mount, page);

    stream.run_until(Duration::from_secs(1));
    let players = [Player::open(&url, "tcp"), Player::open(&url, "udp")];
    let watcher = Watcher::open(address);
    let mut guests = Guests::new(url, address);
    let mut baseline = None;
    let mut next = Duration::from_secs(2);
    let mut recorded = 0;
    while stream.time() < end {
        let sky = &mut stream.sky;
        guests.act(sky, &folder, &mut recorded);
        next += Duration::from_millis(200 + u64::from(guests.random(1800)));
        stream.run_until(next);
        if baseline.is_none() && stream.time() > end / 5 {
            guests.leave(&mut stream);
            baseline = Some(Footprint::now());
            println!("after {:.0} s: {:?}", stream.time().as_secs_f64(), baseline.unwrap());
        }
    }
    guests.leave(&mut stream);
    let (before, after) = (baseline.unwrap(), Footprint::now());
    println!(
        "after {:.0} s: {after:?}; {recorded} recordings, {} guests",
        stream.time().as_secs_f64(),
        guests.count
    );
    let last = stream.number;
    stream.run_until(stream.time() + Duration::from_secs(1));
    let seen = players.map(Player::end);
    println!("the players over TCP and UDP: {seen:?}; missed by slow viewers: {}", monitor.missed());
    for seen in seen {
        assert!(seen.last > last - 30, "a player stopped at {} of {last}", seen.last);
        assert_eq!(seen.gaps, 0, "a player that stayed missed pictures");
    }
    let (fragments, gaps) = watcher.end();
    println!("a watcher got {fragments} fragments without a gap");
    assert_eq!(gaps, 0, "a watcher that stayed missed fragments");
    assert!(fragments + 90 > u64::from(last), "{fragments} fragments of {last} pictures");
    let stats = stream.sky.stats();
    assert_eq!(stats.dropped.total(), 0, "{stats:?}");
    stream.sky.stop().unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap().path();
        let probe = Command::new("ffprobe").args(["-v", "error"]).arg(&file).output().unwrap();
        assert!(probe.status.success() && probe.stderr.is_empty(), "{}", file.display());
    }
    assert!(after.descriptors <= before.descriptors, "{before:?} {after:?}");
    assert!(after.threads <= before.threads, "{before:?} {after:?}");
    assert!(after.memory < before.memory + SLACK, "{before:?} {after:?}");
}

fn folder() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak");
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// What this process holds of the machine.
#[derive(Debug, Clone, Copy)]
struct Footprint {
    /// In bytes.
    memory: u64,
    descriptors: usize,
    threads: usize,
}

impl Footprint {
    fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let count = |folder: &str| fs::read_dir(folder).unwrap().count();
        Self {
            memory: line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024,
            descriptors: count("/proc/self/fd"),
            threads: count("/proc/self/task"),
        }
    }
}

/// Numbered frames in real time.
struct Stream {
    sky: SkyLine,
    begun: Instant,
    number: u16,
}

impl Stream {
    fn start(mount: rtsp::Mount, page: Page) -> Self {
        let sky = SkyLine::builder()
            .encoder(Encoder::h264())
            .output(mount)
            .output(page)
            .size(WIDTH, HEIGHT)
            .frame_rate(fps(RATE))
            .start()
            .unwrap();
        Self { sky, begun: Instant::now(), number: 0 }
    }

    fn time(&self) -> Duration {
        Duration::from_secs(1) * u32::from(self.number) / RATE
    }

    /// Puts frames until this time of the stream.
    fn run_until(&mut self, time: Duration) {
        while self.time() < time {
            thread::sleep((self.begun + self.time()).saturating_duration_since(Instant::now()));
            let frame =
                barcode::frame(self.number, WIDTH, HEIGHT).with_timestamp(Timestamp::from(self.time()));
            self.sky.put(frame).unwrap();
            self.number += 1;
        }
    }
}

/// Those who come and go.
struct Guests {
    url: String,
    address: SocketAddr,
    players: Vec<Child>,
    watchers: Vec<TcpStream>,
    records: bool,
    count: u32,
    state: u32,
}

impl Guests {
    fn new(url: String, address: SocketAddr) -> Self {
        Self { url, address, players: Vec::new(), watchers: Vec::new(), records: false, count: 0, state: 5 }
    }

    /// A number below `limit`, the same ones in every run.
    fn random(&mut self, limit: u32) -> u32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.state >> 8) % limit
    }

    /// Somebody comes or goes.
    fn act(&mut self, sky: &mut SkyLine, folder: &Path, recorded: &mut u32) {
        match self.random(6) {
            0 | 1 if self.players.len() < 2 => {
                let transport = if self.random(2) == 0 { "tcp" } else { "udp" };
                self.players.push(ffmpeg(&self.url, transport, &["-f", "null"]));
                self.count += 1;
            }
            0..=2 => {
                let at = self.random(self.players.len().max(1) as u32) as usize;
                if at < self.players.len() {
                    end(self.players.remove(at));
                }
            }
            3 if self.watchers.is_empty() => {
                // Some never read, and all leave without a word.
                self.watchers.push(request(self.address));
                self.count += 1;
            }
            3 => self.watchers.clear(),
            _ if self.records => {
                let removed =
                    sky.remove_output(&format!("recording {}", recording(folder, *recorded).display()));
                drop(removed.unwrap());
                self.records = false;
            }
            _ => {
                *recorded += 1;
                sky.add_output(Recording::new(recording(folder, *recorded))).unwrap();
                self.records = true;
            }
        }
    }

    /// All leave.
    fn leave(&mut self, stream: &mut Stream) {
        self.players.drain(..).for_each(end);
        self.watchers.clear();
        let outputs = stream.sky.stats().outputs;
        if let Some(output) = outputs.iter().find(|output| output.name.starts_with("recording ")) {
            stream.sky.remove_output(&output.name).unwrap().wait(PATIENCE).unwrap();
            self.records = false;
        }
        // The server notices within some seconds.
        let deadline = stream.time() + PATIENCE;
        while stream.sky.stats().outputs.iter().filter_map(|output| output.viewers).sum::<usize>() > 3 {
            assert!(stream.time() < deadline, "viewers that left are still counted");
            stream.run_until(stream.time() + Duration::from_millis(200));
        }
        stream.run_until(stream.time() + Duration::from_secs(2));
    }
}

fn recording(folder: &Path, number: u32) -> PathBuf {
    folder.join(format!("{number}.{}", ["mkv", "mp4", "ts"][number as usize % 3]))
}

fn end(mut player: Child) {
    let _ = player.kill();
    let _ = player.wait();
}

fn ffmpeg(url: &str, transport: &str, output: &[&str]) -> Child {
    Command::new("ffmpeg")
        .args(["-v", "error", "-rtsp_transport", transport, "-i", url, "-fps_mode", "passthrough"])
        .args(output)
        .arg("-")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("ffmpeg is installed")
}

/// A foreign player that stays and looks at every picture.
struct Player {
    player: Child,
    reader: JoinHandle<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    last: u16,
    count: u32,
    gaps: u32,
}

impl Player {
    fn open(url: &str, transport: &str) -> Self {
        let mut player = ffmpeg(url, transport, &["-f", "rawvideo", "-pix_fmt", "yuv420p"]);
        let mut output = player.stdout.take().unwrap();
        let reader = thread::spawn(move || {
            let mut seen = Seen::default();
            let mut picture = vec![0; (WIDTH * HEIGHT * 3 / 2) as usize];
            while output.read_exact(&mut picture).is_ok() {
                let number = barcode::read(&picture, WIDTH as usize);
                seen.gaps += u32::from(seen.count > 0 && number != seen.last + 1);
                seen.count += 1;
                seen.last = number;
            }
            seen
        });
        Self { player, reader }
    }

    fn end(self) -> Seen {
        end(self.player);
        self.reader.join().unwrap()
    }
}

fn request(address: SocketAddr) -> TcpStream {
    let mut connection = TcpStream::connect(address).unwrap();
    write!(connection, "GET /stream.mp4 HTTP/1.1\r\nHost: soak\r\n\r\n").unwrap();
    connection
}

/// A viewer of the page that stays and looks at the number of every fragment.
struct Watcher {
    connection: TcpStream,
    reader: JoinHandle<(u64, u64)>,
}

impl Watcher {
    fn open(address: SocketAddr) -> Self {
        let connection = request(address);
        let mut lines = BufReader::new(connection.try_clone().unwrap());
        let reader = thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).unwrap() > 2 {
                line.clear();
            }
            let (mut fragments, mut gaps, mut last) = (0, 0, None);
            while let Some(chunk) = chunk(&mut lines) {
                for at in 0..chunk.len().saturating_sub(12) {
                    if &chunk[at..at + 4] == b"mfhd" {
                        let number = u32::from_be_bytes(chunk[at + 8..at + 12].try_into().unwrap());
                        gaps += u64::from(last.is_some_and(|last| number != last + 1));
                        last = Some(number);
                        fragments += 1;
                    }
                }
            }
            (fragments, gaps)
        });
        Self { connection, reader }
    }

    fn end(self) -> (u64, u64) {
        self.connection.shutdown(Shutdown::Both).unwrap();
        self.reader.join().unwrap()
    }
}

/// A chunk of a chunked response, until the connection ends.
fn chunk(lines: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut chunk = vec![0; usize::from_str_radix(line.trim(), 16).ok()? + 2];
    lines.read_exact(&mut chunk).ok()?;
    Some(chunk)
}
