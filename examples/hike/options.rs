use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use backpack::core::Line;
use clap::Parser;

/// Counts what moves across a line, and shows it: cameras, motion detection, tracks, annotations, live streams and recordings.
#[derive(Debug, Parser)]
#[command(name = "hike", version)]
pub struct Options {
    /// What to look at: a file, an RTSP or HTTP address, a device such as /dev/video0, or `test` for a test pattern; may be given several times.
    #[arg(long, default_value = "test")]
    pub input: Vec<String>,

    /// Begin a file again when it ends.
    #[arg(long = "loop")]
    pub looping: bool,

    /// Stop after so many seconds of video; otherwise go on until the input ends or Ctrl-C.
    #[arg(long, value_name = "SECONDS", value_parser = positive, allow_negative_numbers = true)]
    pub seconds: Option<f64>,

    /// Work through a file as fast as possible instead of in real time; no frame is dropped.
    #[arg(long)]
    pub fast: bool,

    /// Show all inputs in one picture, as one stream.
    #[arg(long, conflicts_with_all = ["fast", "snapshot"])]
    pub mosaic: bool,

    /// Record to this file (.mkv, .mp4 or .ts); may be given several times.
    #[arg(long, value_name = "FILE")]
    pub record: Vec<PathBuf>,

    /// Show the streams on a web page at this address; 127.0.0.1:8080 if they go nowhere else.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub web: Option<String>,

    /// Serve the streams to RTSP players at this address, such as 127.0.0.1:8554.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub rtsp: Option<String>,

    /// Write HLS into this folder, for a web server to serve.
    #[arg(long, value_name = "FOLDER")]
    pub hls: Option<PathBuf>,

    /// Send the stream to this GStreamer sink, such as `flvmux streamable=true ! rtmp2sink location=rtmp://…`; may be given several times.
    #[arg(long, value_name = "DESCRIPTION")]
    pub sink: Vec<String>,

    /// Write the frame with the most tracks to this PNG file at the end.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,

    /// The counting line, from x1,y1 to x2,y2 in parts of the picture (0,0 is the top left, 1,1 the bottom right corner).
    #[arg(long, value_name = "X1,Y1,X2,Y2", default_value = "0.42,0.30,0.38,0.66", value_parser = line, allow_hyphen_values = true)]
    pub line: Line,

    /// The encoder, as GStreamer's element is called, such as x264enc or x265enc; otherwise the first that works.
    #[arg(long, value_name = "ELEMENT")]
    pub encoder: Option<String>,

    /// The mean bit rate in kilobits per second; otherwise one that fits size and frame rate.
    #[arg(long, value_name = "KBPS", value_parser = clap::value_parser!(u32).range(1..))]
    pub bitrate: Option<u32>,
}

impl Options {
    /// Whether there are several streams.
    pub fn is_several(&self) -> bool {
        self.input.len() > 1 && !self.mosaic
    }

    /// What clap cannot check.
    pub fn check(&self) -> Result<()> {
        ensure!(
            self.sink.is_empty() || !self.is_several(),
            "--sink takes one stream, but there are {}: --mosaic makes one of them",
            self.input.len()
        );
        Ok(())
    }
}

fn positive(text: &str) -> Result<f64> {
    let seconds: f64 = text.parse().context("not a number")?;
    ensure!(seconds > 0.0 && seconds.is_finite(), "must be above 0");
    Ok(seconds)
}

fn line(text: &str) -> Result<Line> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|number| number.trim().parse().with_context(|| format!("`{number}` is not a number")))
        .collect::<Result<_>>()?;
    let [x1, y1, x2, y2] = numbers[..] else {
        anyhow::bail!("{} numbers instead of four: x1,y1,x2,y2", numbers.len())
    };
    Ok(Line::new((x1, y1), (x2, y2))?)
}
