//! RTSP clients: a GStreamer pipeline inside this process, ffmpeg and ffprobe, and plain text over a socket.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use super::{PATIENCE, barcode};

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
            std::thread::sleep(Duration::from_millis(1));
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
            std::thread::sleep(Duration::from_millis(2));
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
        .args(["-v", "error", "-rtsp_transport", "tcp"])
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
pub fn wait_for_exit(mut child: Child) -> Output {
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            panic!("it does not end: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(5));
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
        let stream = TcpStream::connect(address).unwrap();
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

    pub fn send(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    fn response(&mut self) -> Response {
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

    /// Whether the server has closed the connection, as far as can be seen by reading for a moment.
    pub fn is_closed(&mut self) -> bool {
        self.reader.get_mut().set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        let mut bytes = [0; 1 << 16];
        loop {
            match self.reader.read(&mut bytes) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
            }
        }
    }
}
