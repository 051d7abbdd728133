//! What a producer costs beside what it is given: processor time, memory, time to the first answer, and how fast it sends a backlog.
//!
//! Prints the wanted figures as one line of JSON, in nanoseconds and bytes: `cargo bench -p backpack-kvs --bench produce -- cpu_http cpu_null`. Each is
//! measured in a process of its own, and the service is in another one. Where nothing is produced, it is a null output that takes the pictures.
#![allow(missing_docs)]

#[path = "../tests/common/barcode.rs"]
mod barcode;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

use backpack_core::Timestamp;
use backpack_kvs::credentials::Credentials;
use backpack_kvs::{ConnectionState, KvsOutput, Spool, Video};
use backpack_kvs_local::LocalKvs;
use backpack_skyline::{AccessUnit, Codec, FrameRate, Output, OutputError, StreamInfo};
use matroska_demuxer::{Frame, MatroskaFile};

const KEY: &str = "AKIDEXAMPLEOFBENCHES";
const SECRET: &str = "a-secret-key-of-benches";

/// The ticks of a second in which Linux counts processor time.
const TICKS: f64 = 100.0;

/// How much is sent as fast as possible.
const BACKLOG: usize = 400 << 20;

fn main() {
    // Cargo adds a flag of its own.
    let names: Vec<String> = env::args().skip(1).filter(|name| !name.starts_with('-')).collect();
    match names.first().map(String::as_str) {
        Some("measure") => println!("{}", measure(&names[1])),
        Some("serve") => serve(&names[1]),
        _ => {
            // Made before anything is measured.
            film();
            let mut runs = Runs::default();
            let figures = names.iter().map(|name| format!("\"{name}\": {}", runs.figure(name)));
            println!("{{{}}}", figures.collect::<Vec<_>>().join(", "));
        }
    }
}

/// What other processes measured.
#[derive(Default)]
struct Runs(HashMap<String, Vec<f64>>);

impl Runs {
    /// The figure of this name. Those of processor time and memory, which take half a minute, are of the same run of their kind.
    fn figure(&mut self, name: &str) -> f64 {
        let (at, kind) = match name.split_once('_') {
            Some(("cpu", kind)) => (0, kind),
            Some(("memory", kind)) => (1, kind),
            _ => return self.run(name)[0],
        };
        let mut live = |kind: &str| self.run(&format!("live_{kind}"))[at];
        match kind.strip_prefix("added_") {
            Some(kind) => live(kind) - live("null"),
            None => live(kind),
        }
    }

    fn run(&mut self, name: &str) -> &[f64] {
        self.0.entry(name.to_owned()).or_insert_with(|| elsewhere(name))
    }
}

/// What another process measures.
fn elsewhere(name: &str) -> Vec<f64> {
    let output = this_program(&["measure", name]).output().expect("this program runs again");
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let numbers = String::from_utf8_lossy(&output.stdout);
    numbers.split_whitespace().map(|number| number.parse().expect("it prints numbers")).collect()
}

fn this_program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env::current_exe().expect("this program has a path"));
    program.args(arguments);
    program
}

fn measure(name: &str) -> String {
    let costs = |Costs { cpu, memory }| format!("{cpu} {memory}");
    match name {
        "live_null" => costs(live(Null)),
        "live_http" => costs(live(Service::start("http").output())),
        "live_tls" => costs(live(Service::start("tls").output())),
        "first_answer_http" => first_answer("http").to_string(),
        "first_answer_tls" => first_answer("tls").to_string(),
        "backlog_per_megabyte" => backlog().to_string(),
        other => panic!("there is no figure {other}"),
    }
}

struct Costs {
    /// Nanoseconds of processor time.
    cpu: f64,
    /// The most bytes of memory.
    memory: f64,
}

/// 900 pictures of 1280×720 at the pace of a camera.
fn live(mut output: impl Output) -> Costs {
    let units = units();
    let mut stream = StreamInfo::h264(1280, 720, FrameRate::new(30, 1).expect("a rate"));
    stream.started = SystemTime::now();
    let (before, begun) = (cpu_nanos(), Instant::now());
    output.open(&stream).expect("it opens");
    for unit in &units {
        thread::sleep((begun + unit.pts.elapsed()).saturating_duration_since(Instant::now()));
        // An encoder has written it a moment ago, so that it is in the cache.
        let unit = AccessUnit::new(unit.data.to_vec(), unit.pts, unit.keyframe);
        output.write(&unit).expect("it takes units");
    }
    output.close().expect("everything is persisted");
    Costs { cpu: cpu_nanos() - before, memory: peak_memory() }
}

/// From the start of the producer to the moment when the service has answered the request with the first picture.
fn first_answer(kind: &str) -> f64 {
    let unit = units().swap_remove(0);
    let service = Service::start(kind);
    let begun = Instant::now();
    let mut output = service.output();
    let monitor = output.monitor();
    output.open(&StreamInfo::h264(1280, 720, FrameRate::new(30, 1).expect("a rate"))).expect("it opens");
    output.write(&unit).expect("it takes units");
    while monitor.stats().connection != ConnectionState::Connected {
        thread::sleep(Duration::from_micros(100));
    }
    begun.elapsed().as_nanos() as f64
}

/// How long a megabyte takes from being put to being sent, as fast as possible, to a server that takes everything.
fn backlog() -> f64 {
    let service = Service::start("sink");
    let producer = service.builder().spool(Spool::memory(2 * BACKLOG)).start().expect("it starts");
    let film = units();
    let begun = Instant::now();
    let (mut put, mut round) = (0, 0);
    while put < BACKLOG {
        for unit in &film {
            let time = unit.pts + Duration::from_secs(30) * round;
            producer.put(&AccessUnit::new(unit.data.clone(), time, unit.keyframe)).expect("it takes units");
            put += unit.data.len();
        }
        round += 1;
    }
    while producer.stats().sent_bytes < put as u64 / 100 * 99 {
        thread::sleep(Duration::from_millis(1));
    }
    begun.elapsed().as_nanos() as f64 / (put as f64 / 1e6)
}

/// Takes everything and keeps nothing.
struct Null;

impl Output for Null {
    fn name(&self) -> String {
        "null".into()
    }

    fn open(&mut self, _: &StreamInfo) -> Result<(), OutputError> {
        Ok(())
    }

    fn write(&mut self, _: &AccessUnit) -> Result<(), OutputError> {
        Ok(())
    }

    fn close(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// A service in another process.
struct Service {
    process: Child,
    endpoint: String,
    authority: Option<PathBuf>,
}

impl Service {
    fn start(kind: &str) -> Self {
        let mut process = this_program(&["serve", kind])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let mut line = || lines.next().and_then(Result::ok).expect("it says where it is");
        let endpoint = line();
        let authority = Some(line()).filter(|path| !path.is_empty()).map(PathBuf::from);
        Self { process, endpoint, authority }
    }

    fn builder(&self) -> backpack_kvs::ProducerBuilder {
        let builder = KvsOutput::builder("yard")
            .region("eu-west-1")
            .endpoint(&self.endpoint)
            .credentials(Credentials::new(KEY, SECRET, None, None, "bench"))
            .video(Video::byte_stream(Codec::H264).started(SystemTime::now()))
            .unlimited_rate();
        match &self.authority {
            Some(path) => builder.authorities(path),
            None => builder,
        }
    }

    fn output(&self) -> KvsOutput {
        self.builder().build().expect("it starts")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the other process does, until it is killed or nobody is left who would.
fn serve(kind: &str) {
    if kind == "sink" {
        thread::spawn(sink);
    } else {
        thread::spawn({
            let is_tls = kind == "tls";
            move || local(is_tls)
        });
    }
    let _ = std::io::stdin().read(&mut [0]);
}

fn local(is_tls: bool) {
    let service =
        LocalKvs::builder().tls(is_tls).stream("yard").credentials(KEY, SECRET).start().expect("a service");
    let path = service.ca_pem().map(|pem| {
        let path = scratch(&format!("ca-{}.pem", std::process::id()));
        fs::write(&path, pem).expect("the target folder can be written");
        path.display().to_string()
    });
    println!("{}\n{}", service.endpoint(), path.unwrap_or_default());
    loop {
        thread::park();
    }
}

/// Answers like the service, as far as a producer needs it, and reads what comes without looking at it.
fn sink() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let endpoint = format!("http://{}", listener.local_addr().expect("it is bound"));
    println!("{endpoint}\n");
    for client in listener.incoming().flatten() {
        let endpoint = endpoint.clone();
        thread::spawn(move || drop(answer(client, &endpoint)));
    }
}

fn answer(mut client: TcpStream, endpoint: &str) -> std::io::Result<()> {
    let mut buffer = vec![0; 1 << 20];
    let count = client.read(&mut buffer)?;
    let request = String::from_utf8_lossy(&buffer[..count]).into_owned();
    if request.starts_with("POST /putMedia") {
        client.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        while client.read(&mut buffer)? > 0 {}
        return Ok(());
    }
    let body = format!(r#"{{"DataEndpoint":"{endpoint}","StreamInfo":{{"Status":"ACTIVE"}}}}"#);
    write!(client, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("kvs-bench-{name}"))
}

/// 900 numbered pictures in a file, made once.
fn film() -> PathBuf {
    let path = scratch("film.mkv");
    if !path.exists() {
        let beside = scratch(&format!("{}.mkv", std::process::id()));
        encode(&beside);
        fs::rename(&beside, &path).expect("the target folder can be written");
    }
    path
}

fn encode(path: &Path) {
    let mut encoder = Command::new("ffmpeg")
        .args([
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1280x720", "-r", "30", "-i",
            "-",
        ])
        .args([
            "-vf",
            "noise=alls=12:allf=t",
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-b:v",
            "3M",
            "-g",
            "60",
        ])
        .args(["-bsf:v", "h264_mp4toannexb,dump_extra=freq=keyframe"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .expect("ffmpeg is installed");
    let mut input = encoder.stdin.take().expect("it is piped");
    for number in 0..900 {
        input.write_all(barcode::frame(number, 1280, 720).bytes()).expect("ffmpeg reads everything");
    }
    drop(input);
    assert!(encoder.wait().expect("ffmpeg ends").success());
}

fn units() -> Vec<AccessUnit> {
    let file = fs::File::open(film()).expect("it was made");
    let mut file = MatroskaFile::open(BufReader::new(file)).expect("ffmpeg writes Matroska");
    let sets = parameter_sets(file.tracks()[0].codec_private().expect("it has a configuration"));
    let (mut units, mut frame) = (Vec::new(), Frame::default());
    while file.next_frame(&mut frame).expect("it can be read") {
        let is_key = frame.is_keyframe.unwrap_or_default();
        let mut data = if is_key { sets.clone() } else { Vec::new() };
        data.extend(start_codes(&frame.data));
        units.push(AccessUnit::new(data, Timestamp::from_millis(frame.timestamp), is_key));
    }
    units
}

fn start_codes(data: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), data);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (unit, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        out.extend([&[0, 0, 0, 1], unit].concat());
        rest = after;
    }
    out
}

/// The sets of a record with one of each kind.
fn parameter_sets(record: &[u8]) -> Vec<u8> {
    let length = |at: usize| usize::from(record[at]) << 8 | usize::from(record[at + 1]);
    let sps = &record[8..8 + length(6)];
    let at = 8 + sps.len() + 1;
    let pps = &record[at + 2..at + 2 + length(at)];
    [&[0, 0, 0, 1], sps, &[0, 0, 0, 1], pps].concat()
}

/// The processor time of this process so far, in all its threads, in nanoseconds.
fn cpu_nanos() -> f64 {
    // The scheduler's own count is finer than ticks, where there is one.
    let tasks = fs::read_dir("/proc/self/task").expect("Linux tells");
    let of_task = |path: PathBuf| {
        let stat = fs::read_to_string(path.join("schedstat")).ok()?;
        stat.split(' ').next()?.parse::<f64>().ok()
    };
    let fine: Option<f64> = tasks.filter_map(Result::ok).map(|task| of_task(task.path())).sum();
    fine.filter(|&nanos| nanos > 0.0).unwrap_or_else(ticks)
}

fn ticks() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux tells");
    // Behind the name, which may hold spaces; fields 14 and 15 are user and system time.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS * 1e9
}

/// The most memory that this process had so far, in bytes.
fn peak_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("a number") * 1024.0
}
