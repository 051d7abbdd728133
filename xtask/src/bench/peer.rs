use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tinyjson::JsonValue;

use crate::bench::Figures;
use crate::bench::rows::{Row, Topic};
use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

/// The original and what the measured part of it needs. The numpy that it asks for is too old for today's Pythons, so nothing is resolved.
const PACKAGES: [&str; 4] =
    ["panorama-backpack==0.3.2", "numpy==2.2.6", "python-dateutil==2.8.2", "six==1.17.0"];

/// The original, a Python package, in an environment of its own.
pub struct Peer {
    python: PathBuf,
    scripts: PathBuf,
}

impl Peer {
    /// Installs what is not there yet.
    pub fn ensure(workspace: &Workspace) -> Result<Self> {
        system::ensure(&["python3", "python3-venv"])?;
        let folder = workspace.target.join("peer");
        let peer = Self { python: folder.join("bin/python"), scripts: workspace.root.join("xtask/peer") };
        if !peer.is_installed() {
            println!("installing {} into {}", PACKAGES.join(" "), folder.display());
            command("/usr/bin/python3 -m venv --clear").arg(folder).read()?;
            peer.python("-m pip --disable-pip-version-check install --quiet --no-deps")
                .args(PACKAGES)
                .read()?;
            ensure!(peer.is_installed(), "the original cannot be imported, although it is installed");
        }
        Ok(peer)
    }

    fn is_installed(&self) -> bool {
        self.python("-c").arg("import backpack.geometry, backpack.timepiece").succeeds()
    }

    /// Takes the figures of `rows`.
    pub fn measure(&self, topic: &Topic, rows: &[&Row]) -> Result<Figures> {
        // The scripts lie among the sources, where nothing is to be left behind.
        let output = self
            .python("-B")
            .arg(self.scripts.join(format!("bench_{}.py", topic.name)))
            .args(rows.iter().map(|row| row.peer))
            .read()?;
        figures(&output).with_context(|| format!("cannot read what the original reports: {output}"))
    }

    fn python(&self, arguments: &str) -> Command {
        let mut python = Command::new(&self.python);
        python.args(arguments.split(' '));
        python
    }
}

/// A line of JSON, nanoseconds by name.
fn figures(line: &str) -> Result<Figures> {
    let JsonValue::Object(figures) = line.parse()? else { return Ok(Figures::new()) };
    figures.into_iter().map(|(name, value)| Ok((name, value.try_into()?))).collect()
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
