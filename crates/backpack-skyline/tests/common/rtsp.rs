//! RTSP clients: a GStreamer pipeline inside this process, ffmpeg and ffprobe, and plain text over a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use backpack_core::{Frame, Timestamp};
use backpack_skyline::rtsp::Mount;
use backpack_skyline::{AccessUnit, Encoder, EncoderFactory, Output, StreamInfo, UnitSink, VideoSpec};
use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use super::{PATIENCE, barcode, fps};

/// A picture as a player shows it.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The number that it shows.
    pub number: u16,
    /// Its rows without padding.
    pub luma: Vec<u8>,
    /// When it was decoded, in milliseconds since the Unix epoch.
    pub at: f64,
    /// Its timestamp, in milliseconds.
    pub pts: f64,
}

/// A player: `rtspsrc` and a decoder.
pub struct Player {
    pipeline: gst::Pipeline,
    begun: Instant,
    pictures: Arc<Mutex<Vec<Picture>>>,
}

impl Player {
    /// Opens a URL over `udp` or `tcp`, without any buffering.
    pub fn open(url: &str, transport: &str) -> Self {
        Self::open_with(url, transport, |_| {})
    }

    /// The same with a change of the source's properties.
    pub fn open_with(url: &str, transport: &str, change: impl FnOnce(&gst::Element)) -> Self {
        gst::init().unwrap();
        let begun = Instant::now();
        let source = gst::ElementFactory::make("rtspsrc")
            .property("location", url)
            .property("latency", 0u32)
            .property_from_str("protocols", transport)
            .build()
            .unwrap();
        change(&source);
        let pictures = Arc::new(Mutex::new(Vec::new()));
        let pipeline = gst::Pipeline::new();
        pipeline.add(&source).unwrap();
        let (weak, shown) = (pipeline.downgrade(), Arc::clone(&pictures));
        source.connect_pad_added(move |_, pad| {
            let Some(pipeline) = weak.upgrade() else { return };
            let caps = pad.current_caps().or_else(|| Some(pad.query_caps(None))).unwrap();
            let codec = caps.structure(0).unwrap().get::<String>("encoding-name").unwrap();
            decode(&pipeline, pad, &codec, Arc::clone(&shown));
        });
        pipeline.set_state(gst::State::Playing).unwrap();
        Self { pipeline, begun, pictures }
    }

    /// The pictures so far.
    pub fn pictures(&self) -> Vec<Picture> {
        self.pictures.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.pictures.lock().unwrap().len()
    }

    /// Waits for so many pictures.
    pub fn wait_for(&self, count: usize) -> Vec<Picture> {
        let deadline = Instant::now() + PATIENCE;
        while self.count() < count {
            if let Some(error) = self.error() {
                panic!("after {} pictures: {error}", self.count());
            }
            assert!(Instant::now() < deadline, "{} of {count} pictures came", self.count());
            thread::sleep(Duration::from_millis(1));
        }
        self.pictures()
    }

    /// From the opening to the first picture, in milliseconds.
    pub fn first_after(&self) -> f64 {
        let first = self.pictures()[0].at;
        let passed = now() - self.begun.elapsed().as_secs_f64() * 1000.0;
        first - passed
    }

    /// The error that the pipeline ended with, if it did.
    pub fn error(&self) -> Option<String> {
        let message = self.pipeline.bus()?.pop_filtered(&[gst::MessageType::Error])?;
        match message.view() {
            gst::MessageView::Error(error) => Some(format!("{} ({:?})", error.error(), error.debug())),
            _ => None,
        }
    }

    /// Waits for the error that the pipeline ends with.
    pub fn wait_for_error(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(error) = self.error() {
                return error;
            }
            assert!(Instant::now() < deadline, "no error came");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits until the server ends the stream, in whatever way.
    pub fn wait_for_end(&self) {
        let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
        let wait = gst::ClockTime::try_from(PATIENCE).unwrap();
        assert!(
            self.pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds).is_some(),
            "the stream goes on"
        );
    }

    pub fn set_state(&self, state: gst::State) {
        self.pipeline.set_state(state).unwrap();
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let _ = self.pipeline.set_state(gst::State::Null);
    }
}

fn decode(pipeline: &gst::Pipeline, pad: &gst::Pad, codec: &str, pictures: Arc<Mutex<Vec<Picture>>>) {
    let make = |name: &str| gst::ElementFactory::make(name).build().unwrap();
    let (depay, parse, decoder) = match codec {
        "H264" => ("rtph264depay", "h264parse", "avdec_h264"),
        "H265" => ("rtph265depay", "h265parse", "avdec_h265"),
        other => panic!("what is {other}?"),
    };
    let decoder = make(decoder);
    // With threads it would hold a picture for each of them.
    decoder.set_property("max-threads", 1i32);
    let caps = gst::Caps::builder("video/x-raw").field("format", "I420").build();
    let sink = gst_app::AppSink::builder().caps(&caps).sync(false).build();
    let show = move |sink: &gst_app::AppSink| {
        let sample = sink.pull_sample().map_err(|_| gst::FlowError::Eos)?;
        pictures.lock().unwrap().push(picture(&sample));
        Ok(gst::FlowSuccess::Ok)
    };
    sink.set_callbacks(gst_app::AppSinkCallbacks::builder().new_sample(show).build());
    let chain = [make(depay), make(parse), decoder, make("videoconvert"), sink.upcast()];
    pipeline.add_many(&chain).unwrap();
    gst::Element::link_many(&chain).unwrap();
    chain.iter().for_each(|element| element.sync_state_with_parent().unwrap());
    pad.link(&chain[0].static_pad("sink").unwrap()).unwrap();
}

fn picture(sample: &gst::Sample) -> Picture {
    let at = now();
    let structure = sample.caps().unwrap().structure(0).unwrap();
    let width = structure.get::<i32>("width").unwrap() as usize;
    let height = structure.get::<i32>("height").unwrap() as usize;
    let buffer = sample.buffer().unwrap();
    let map = buffer.map_readable().unwrap();
    let stride = width.next_multiple_of(4);
    let luma: Vec<u8> = map.chunks(stride).take(height).flat_map(|row| &row[..width]).copied().collect();
    let pts = buffer.pts().unwrap().nseconds() as f64 / 1e6;
    Picture { number: barcode::read(&luma, width), luma, at, pts }
}

/// Milliseconds since the Unix epoch.
pub fn now() -> f64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64() * 1000.0
}

/// Runs ffprobe for the codec and size of a stream over TCP; `Ok` is what it found, `Err` what it complained about.
pub fn probe(url: &str, options: &[&str]) -> Result<String, String> {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-rtsp_transport", "tcp", "-timeout", "20000000"])
        .args(options)
        .args(["-show_entries", "stream=codec_name,width,height", "-of", "csv=p=0", url])
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// ffmpeg decoding a stream without end; every picture is a line of its output.
pub fn watch(url: &str, options: &[&str]) -> Child {
    Command::new("ffmpeg")
        .args(["-v", "error", "-nostdin"])
        .args(options)
        .args(["-i", url, "-f", "framecrc", "-flush_packets", "1", "-"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for the end of a child; kills it when it does not come.
pub fn wait_for_exit(mut child: Child) -> process::Output {
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it does not end: {:?}", child.wait_with_output());
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().unwrap()
}

/// A client that speaks RTSP by hand.
pub struct Raw {
    reader: BufReader<TcpStream>,
    sequence: u32,
}

/// A response by its status and its text.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Raw {
    pub fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect(address).unwrap())
    }

    pub fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { reader: BufReader::new(stream), sequence: 0 }
    }

    /// Sends a request with further header lines (each with its line end) and reads the response.
    pub fn request(&mut self, method: &str, url: &str, headers: &str) -> Response {
        self.sequence += 1;
        let sequence = self.sequence;
        self.send(format!("{method} {url} RTSP/1.0\r\nCSeq: {sequence}\r\n{headers}\r\n").as_bytes());
        self.response()
    }

    /// The status of the response, if one comes.
    pub fn try_request(&mut self, method: &str, url: &str) -> Option<u16> {
        write!(self.reader.get_mut(), "{method} {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n").ok()?;
        let mut line = String::new();
        self.reader.read_line(&mut line).ok()?;
        line.split(' ').nth(1)?.parse().ok()
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    fn response(&mut self) -> Response {
        // Media data may come before it.
        while self.reader.fill_buf().unwrap().first() == Some(&b'$') {
            let mut head = [0; 4];
            self.reader.read_exact(&mut head).unwrap();
            let mut packet = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
            self.reader.read_exact(&mut packet).unwrap();
        }
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(self.reader.read_line(&mut head).unwrap(), 0, "the response is cut off: {head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.reader.read_exact(&mut body).unwrap();
        Response { status, head, body: String::from_utf8(body).unwrap() }
    }

    /// Sets up the only stream over TCP and begins to play it; returns the session.
    pub fn play(&mut self, url: &str, headers: &str) -> String {
        let described = self.request("DESCRIBE", url, headers);
        assert_eq!(described.status, 200, "{described:?}");
        let transport = format!("{headers}Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n");
        let set_up = self.request("SETUP", &format!("{url}/stream=0"), &transport);
        assert_eq!(set_up.status, 200, "{set_up:?}");
        let session = set_up.head.lines().find_map(|line| line.strip_prefix("Session: ")).unwrap();
        let session = session.split(';').next().unwrap().to_owned();
        let played = self.request("PLAY", url, &format!("{headers}Session: {session}\r\n"));
        assert_eq!(played.status, 200, "{played:?}");
        session
    }

    /// When each of the next pictures arrived and what its RTP timestamp says, both in milliseconds, of a stream that is being played.
    pub fn rtp_pictures(&mut self, count: usize) -> Vec<(f64, f64)> {
        let mut pictures = Vec::new();
        while pictures.len() < count {
            let mut head = [0; 4];
            self.reader.read_exact(&mut head).unwrap();
            assert_eq!(head[0], b'$', "interleaved data");
            let mut packet = vec![0; usize::from(u16::from_be_bytes([head[2], head[3]]))];
            self.reader.read_exact(&mut packet).unwrap();
            // The marker bit is set in the last packet of a picture.
            if head[1] == 0 && packet[1] & 0x80 != 0 {
                let time = u32::from_be_bytes(packet[4..8].try_into().unwrap());
                pictures.push((now(), f64::from(time) / 90.0));
            }
        }
        pictures
    }

    /// Reads until the server has closed the connection.
    pub fn wait_until_closed(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let mut bytes = [0; 1 << 16];
        // A connection that is reset is closed too.
        while let Ok(1..) = self.reader.read(&mut bytes) {
            assert!(Instant::now() < deadline, "data comes without end");
        }
        assert!(Instant::now() < deadline, "the connection is still open");
    }
}

/// The stream of these frames, encoded at once, 1/30 s apart, with a key frame at the beginning only.
pub fn encode(frames: impl Iterator<Item = Frame>) -> (StreamInfo, Vec<AccessUnit>) {
    encode_with(&Encoder::h264().key_frame_interval(Duration::from_secs(60)), frames)
}

fn encode_with(encoder: &Encoder, frames: impl Iterator<Item = Frame>) -> (StreamInfo, Vec<AccessUnit>) {
    let mut frames = frames.peekable();
    let (width, height) = frames.peek().map(|frame| (frame.width(), frame.height())).unwrap();
    let units = Arc::new(Mutex::new(Vec::new()));
    let encoded = Arc::clone(&units);
    let sink = UnitSink::new(move |unit| encoded.lock().unwrap().push(unit));
    let mut encoder = encoder.open(&VideoSpec::new(width, height, fps(30)), sink).unwrap();
    for (number, frame) in (0u64..).zip(frames) {
        encoder.encode(frame.with_timestamp(Timestamp::from_millis(number * 1000 / 30)), false).unwrap();
    }
    encoder.finish().unwrap();
    drop(encoder);
    let units = std::mem::take(&mut *units.lock().unwrap());
    (StreamInfo::h264(width, height, fps(30)), units)
}

/// A picture that shows its number over noise, which costs many bits.
pub fn noisy_frame(number: u16) -> Frame {
    let mut frame = barcode::frame(number, 640, 360);
    let mut seed = u32::from(number) + 1;
    for row in frame.view_mut().plane_mut(0).rows_mut().skip(barcode::HEIGHT) {
        for pixel in row {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *pixel = 64 + (seed >> 25) as u8;
        }
    }
    frame
}

/// The same pictures of 640×360 over and over again in real time, until this is dropped.
pub struct Reel {
    mount: Option<thread::JoinHandle<Mount>>,
    stop: Arc<AtomicBool>,
    put_at: Arc<Mutex<Vec<f64>>>,
    length: usize,
}

impl Reel {
    /// Thirty plain pictures that begin with a key frame.
    pub fn start(mount: Mount) -> Self {
        Self::of(mount, encode((0..30).map(|number| barcode::frame(number, 640, 360))))
    }

    /// 120 pictures of noise, of which every thirtieth is a key frame, at about 20 Mbit/s.
    pub fn noisy(mount: Mount) -> Self {
        let encoder = Encoder::h264().bitrate_kbps(20_000).key_frame_interval(Duration::from_secs(1));
        Self::of(mount, encode_with(&encoder, (0..120).map(noisy_frame)))
    }

    fn of(mut mount: Mount, (stream, units): (StreamInfo, Vec<AccessUnit>)) -> Self {
        let (stop, length) = (Arc::new(AtomicBool::new(false)), units.len());
        let put_at = Arc::new(Mutex::new(vec![now()]));
        let (stopped, log) = (Arc::clone(&stop), Arc::clone(&put_at));
        mount.open(&stream).unwrap();
        mount.write(&units[0]).unwrap();
        let play = move || {
            let begun = Instant::now();
            for (number, unit) in (0u32..).zip(units.iter().cycle()).skip(1) {
                let due = Duration::from_secs(1) * number / 30;
                thread::sleep((begun + due).saturating_duration_since(Instant::now()));
                if stopped.load(Ordering::Acquire) {
                    break;
                }
                log.lock().unwrap().push(now());
                mount.write(&AccessUnit::new(unit.data.clone(), due.into(), unit.keyframe)).unwrap();
            }
            mount
        };
        Self { mount: Some(thread::spawn(play)), stop, put_at, length }
    }

    /// How old a picture was when it was decoded, in milliseconds.
    pub fn age(&self, picture: &Picture) -> f64 {
        let put_at = self.put_at.lock().unwrap();
        let times = put_at.iter().skip(usize::from(picture.number)).step_by(self.length);
        picture.at - times.copied().filter(|&time| time <= picture.at).fold(f64::NAN, |_, time| time)
    }

    /// Stops and returns the mount, which is still open.
    pub fn stop(mut self) -> Mount {
        self.end().unwrap()
    }

    fn end(&mut self) -> Option<Mount> {
        self.stop.store(true, Ordering::Release);
        Some(self.mount.take()?.join().expect("no panic"))
    }
}

impl Drop for Reel {
    fn drop(&mut self) {
        self.end();
    }
}

/// The units of an H.265 stream of these frames, 1/30 s apart.
pub fn h265(frames: impl Iterator<Item = Frame>) -> Vec<AccessUnit> {
    gst::init().unwrap();
    let mut frames = frames.peekable();
    let (width, height) = frames.peek().map(|frame| (frame.width(), frame.height())).unwrap();
    let info = gstreamer_video::VideoInfo::builder(gstreamer_video::VideoFormat::I420, width, height)
        .fps(gst::Fraction::new(30, 1))
        .build()
        .unwrap();
    let source = gst_app::AppSrc::builder().caps(&info.to_caps().unwrap()).format(gst::Format::Time).build();
    let encoder = gst::ElementFactory::make("x265enc")
        .property_from_str("tune", "zerolatency")
        .property_from_str("speed-preset", "ultrafast")
        .build()
        .unwrap();
    let parser = gst::ElementFactory::make("h265parse").property("config-interval", -1i32).build().unwrap();
    let caps = gst::Caps::builder("video/x-h265")
        .field("stream-format", "byte-stream")
        .field("alignment", "au")
        .build();
    let sink = gst_app::AppSink::builder().caps(&caps).sync(false).build();
    let pipeline = gst::Pipeline::new();
    let chain: [&gst::Element; 4] = [source.upcast_ref(), &encoder, &parser, sink.upcast_ref()];
    pipeline.add_many(chain).unwrap();
    gst::Element::link_many(chain).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    for (number, frame) in (0u64..).zip(frames) {
        let mut buffer = gst::Buffer::from_slice(frame.bytes().to_vec());
        buffer.make_mut().set_pts(gst::ClockTime::from_mseconds(number * 1000 / 30));
        source.push_buffer(buffer).unwrap();
    }
    source.end_of_stream().unwrap();
    let mut units = Vec::new();
    let mut first = None;
    while let Ok(sample) = sink.pull_sample() {
        let buffer = sample.buffer().unwrap();
        // The encoder makes room for negative times.
        let pts = buffer.pts().unwrap().nseconds();
        let pts = Timestamp::from_nanos(pts - *first.get_or_insert(pts));
        let keyframe = !buffer.flags().contains(gst::BufferFlags::DELTA_UNIT);
        units.push(AccessUnit::new(buffer.map_readable().unwrap().to_vec(), pts, keyframe));
    }
    pipeline.set_state(gst::State::Null).unwrap();
    units
}

/// Passes bytes between clients and a server, and can be told to stop reading what the server sends.
pub struct Relay {
    pub address: SocketAddr,
    pub stalled: Arc<AtomicBool>,
}

impl Relay {
    /// Takes one connection to `server`.
    pub fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stalled = Arc::new(AtomicBool::new(false));
        let stall = Arc::clone(&stalled);
        thread::spawn(move || {
            let client = listener.accept().unwrap().0;
            let server = connect_with_small_buffer(server);
            let (mut up, mut from_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || std::io::copy(&mut from_client, &mut up));
            let mut bytes = [0; 4096];
            let (mut server, mut client) = (server, client);
            while let Ok(count @ 1..) = server.read(&mut bytes) {
                while stall.load(Ordering::Acquire) {
                    thread::sleep(Duration::from_millis(1));
                }
                if client.write_all(&bytes[..count]).is_err() {
                    break;
                }
            }
        });
        Self { address, stalled }
    }
}

/// A connection whose kernel buffer is soon full, like that of a slow network.
pub fn connect_with_small_buffer(server: SocketAddr) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(16 << 10).unwrap();
    socket.connect(&server.into()).unwrap();
    socket.into()
}
