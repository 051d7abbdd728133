use anyhow::{Context, Result};

use crate::bench::Figures;
use crate::bench::environment::{Environment, ORIGINAL, ORIGINAL_WITH_GSTREAMER, SUPERVISION};
use crate::bench::rows::Row;
use crate::command::Run;
use crate::workspace::Workspace;

/// Someone else's way to do what a topic's rows do, measured by a script.
pub struct Peer {
    /// As it is called in the tables.
    pub name: &'static str,
    pub environment: &'static Environment,
    script: &'static str,
}

pub const ORIGINAL_TIMEPIECE: Peer =
    Peer { name: "original", environment: &ORIGINAL, script: "bench_timepiece.py" };
pub const ORIGINAL_GEOMETRY: Peer =
    Peer { name: "original", environment: &ORIGINAL, script: "bench_geometry.py" };
pub const ORIGINAL_DRAWING: Peer =
    Peer { name: "original", environment: &ORIGINAL, script: "bench_drawing.py" };
pub const OPENCV_DRAWING: Peer =
    Peer { name: "OpenCV", environment: &SUPERVISION, script: "bench_opencv.py" };
pub const SUPERVISION_DRAWING: Peer =
    Peer { name: "supervision", environment: &SUPERVISION, script: "bench_supervision.py" };

pub const ORIGINAL_STREAM: Peer =
    Peer { name: "original", environment: &ORIGINAL_WITH_GSTREAMER, script: "bench_stream.py" };
pub const ORIGINAL_RTSP: Peer =
    Peer { name: "original", environment: &ORIGINAL_WITH_GSTREAMER, script: "bench_rtsp.py" };

impl Peer {
    /// Installs what is not there yet.
    pub fn ensure(&self, workspace: &Workspace) -> Result<()> {
        self.environment.ensure(workspace)
    }

    /// Takes the figures of those of `rows` that it can do.
    pub fn measure(&self, workspace: &Workspace, rows: &[&Row]) -> Result<Figures> {
        let figures_of = rows.iter().filter(|row| row.is_done_by(self.name)).map(|row| row.peer);
        let script = workspace.root.join("xtask/peer").join(self.script);
        // The scripts lie among the sources, where nothing is to be left behind.
        let output = self.environment.python(workspace).arg("-B").arg(script).args(figures_of).read()?;
        figures(&output).with_context(|| format!("cannot read what {} reports: {output}", self.name))
    }
}

/// A line of JSON, figures by name.
pub fn figures(line: &str) -> Result<Figures> {
    Ok(serde_json::from_str(line)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_read_from_one_line() {
        let figures = figures("{\"ticker_tick\": 103.7, \"alarmclock_10_interval\": 69984}\n").unwrap();
        assert_eq!(figures.len(), 2);
        assert_eq!(figures["ticker_tick"], 103.7);
        assert_eq!(figures["alarmclock_10_interval"], 69984.0);
    }

    #[test]
    fn anything_but_numbers_is_an_error() {
        assert!(figures("Traceback").is_err());
        assert!(figures("{\"ticker_tick\": \"fast\"}").is_err());
    }
}
