use std::path::PathBuf;

use backpack::config::{Description, Loaded, Parameters, ReadError, Sources};
use backpack::core::Line;
use clap::{Arg, Command, value_parser};

/// Counts what moves across a line, and shows it: cameras, motion detection, tracks, annotations, live streams and recordings.
#[derive(Debug, Parameters)]
#[param(check = Options::check, crate = "backpack::config")]
pub struct Options {
    /// What to look at: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern; may be given several times.
    #[param(default = ["test"], repeated)]
    pub input: Vec<String>,

    /// Begin a file again when it ends.
    #[param(default, rename = "loop")]
    pub looping: bool,

    /// Stop after so many seconds of video; otherwise go on until the input ends or Ctrl-C.
    #[param(check = is_above_zero, value_name = "SECONDS")]
    pub seconds: Option<f64>,

    /// Work through a file as fast as possible instead of in real time; no frame is dropped.
    #[param(default)]
    pub fast: bool,

    /// Show all inputs in one picture, as one stream.
    #[param(default)]
    pub mosaic: bool,

    /// Record to this file (.mkv, .mp4 or .ts); may be given several times.
    #[param(default, repeated, value_name = "FILE")]
    pub record: Vec<PathBuf>,

    /// Show the streams on a web page at this address; 127.0.0.1:8080 if they go nowhere else.
    #[param(value_name = "ADDRESS:PORT")]
    pub web: Option<String>,

    /// Serve the streams to RTSP players at this address, such as 127.0.0.1:8554.
    #[param(value_name = "ADDRESS:PORT")]
    pub rtsp: Option<String>,

    /// Write HLS into this folder, for a web server to serve.
    #[param(value_name = "FOLDER")]
    pub hls: Option<PathBuf>,

    /// Send the stream to this GStreamer sink, such as `flvmux streamable=true ! rtmp2sink location=rtmp://…`; may be given several times.
    #[param(default, repeated, value_name = "DESCRIPTION")]
    pub sink: Vec<String>,

    /// Send the stream to this stream of Kinesis Video Streams; several inputs go to this name with theirs behind it. Region and credentials come
    /// from the environment, and with `--features aws` from wherever AWS programs find them.
    #[param(value_name = "STREAM")]
    pub kvs: Option<String>,

    /// Keep what Kinesis Video Streams has not acknowledged in this folder instead of in memory.
    #[param(value_name = "FOLDER")]
    pub kvs_spool: Option<PathBuf>,

    /// Report frame intervals to this namespace of CloudWatch, minute by minute. Needs hike built with `--features aws`.
    #[param(value_name = "NAMESPACE")]
    pub cloudwatch: Option<String>,

    /// Serve figures to Prometheus at this address, such as 127.0.0.1:9000.
    #[param(value_name = "ADDRESS:PORT")]
    pub prometheus: Option<String>,

    /// Write the frame with the most tracks to this PNG file at the end.
    #[param(value_name = "FILE")]
    pub snapshot: Option<PathBuf>,

    /// The counting line, from x1,y1 to x2,y2 in parts of the picture (0,0 is the top left, 1,1 the bottom right corner).
    #[param(default = across_the_picture(), value_name = "X1,Y1,X2,Y2")]
    pub line: Line,

    /// The encoder, as GStreamer's element is called, such as x264enc or x265enc; otherwise the first that works.
    #[param(value_name = "ELEMENT")]
    pub encoder: Option<String>,

    /// The mean bit rate in kilobits per second; otherwise one that fits size and frame rate.
    #[param(range = 1.., value_name = "KBPS")]
    pub bitrate: Option<u32>,
}

impl Options {
    /// Reads the command line, over variables such as `HIKE_INPUT` and over the file that `--config` names. Asked for help, it ends the program.
    pub fn read() -> Result<Loaded<Self>, ReadError> {
        let config =
            Arg::new("config").long("config").value_name("FILE").value_parser(value_parser!(PathBuf));
        let command = Command::new("hike")
            .version(env!("CARGO_PKG_VERSION"))
            .about("Counts what moves across a line, and shows it.")
            .arg(config.help("Read options from this file too (.toml, .json or .yaml); the environment and the command line win."))
            .args(Description::of::<Self>().arguments());
        let matches = command.get_matches();
        let sources = Sources::new();
        let sources = match matches.get_one::<PathBuf>("config") {
            Some(file) => sources.file(file),
            None => sources,
        };
        sources.environment("HIKE").arguments(&matches).read()
    }

    /// Whether there are several streams.
    pub fn is_several(&self) -> bool {
        self.input.len() > 1 && !self.mosaic
    }

    /// What depends on several options.
    fn check(&self) -> Result<(), String> {
        if self.mosaic && (self.fast || self.snapshot.is_some()) {
            return Err("mosaic goes neither with fast nor with snapshot".to_owned());
        }
        if !self.sink.is_empty() && self.is_several() {
            return Err(format!(
                "sink takes one stream, but there are {}: mosaic makes one of them",
                self.input.len()
            ));
        }
        Ok(())
    }
}

fn across_the_picture() -> Line {
    Line::new((0.42, 0.30), (0.38, 0.66)).expect("these are finite and apart")
}

fn is_above_zero(seconds: &f64) -> Result<(), &'static str> {
    if *seconds > 0.0 && seconds.is_finite() { Ok(()) } else { Err("must be above 0") }
}
