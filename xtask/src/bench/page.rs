use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::bench::environment::Environment;
use crate::bench::measured::Measured;
use crate::bench::peer::Peer;
use crate::bench::plot;
use crate::bench::rows::{Row, Topic};
use crate::bench::table;
use crate::command::{Run, command};

/// What a topic's rounds came to.
pub struct Results {
    pub topic: &'static Topic,
    pub lines: Vec<(&'static Row, Measured)>,
}

/// What figures depend on beside the code.
pub struct Circumstances {
    pub date: String,
    pub machine: String,
    pub system: String,
    pub rounds: usize,
}

/// Writes all of it into the folder, as a page and a plot.
pub fn write(folder: &Path, results: &[Results], circumstances: &Circumstances) -> Result<()> {
    let files = [("benchmarks.md", page(results, circumstances)), ("benchmarks.svg", plot::svg(results))];
    for (name, content) in files {
        let path = folder.join(name);
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        println!("wrote {}", path.display());
    }
    Ok(())
}

fn page(results: &[Results], circumstances: &Circumstances) -> String {
    let Circumstances { date, machine, system, rounds } = circumstances;
    let mut page = format!(
        "# Benchmarks

This page is written by `cargo xtask bench --peer`, which measures Backpack and its peers in turns, so that a machine that changes its pace does so for all.
Each figure is the median of {rounds} rounds. Times differ from machine to machine; what lasts are the ratios.

- date: {date}
- machine: {machine}
- system: {system}
",
    );
    for peer in peers(results) {
        let _ = writeln!(page, "- {}: {}", peer.name, versions(peer.environment));
    }
    page += "\n![How many times as fast as its peers Backpack is, operation by operation](benchmarks.svg)\n";
    for Results { topic, lines } in results {
        let _ = write!(page, "\n## {}\n\n{}\n\n{}", topic.name, topic.about, table::of(lines));
    }
    page += "\n## Where it loses\n\n";
    let losses = losses(results);
    page += if losses.is_empty() { "Nowhere in this run.\n" } else { &losses };
    page
}

/// Every peer once, by its name and versions.
fn peers(results: &[Results]) -> Vec<&'static Peer> {
    let mut peers: Vec<&Peer> = Vec::new();
    for peer in results.iter().flat_map(|results| results.topic.peers) {
        if !peers.iter().any(|known| known.environment.packages == peer.environment.packages) {
            peers.push(peer);
        }
    }
    peers
}

fn versions(environment: &Environment) -> String {
    let packages = environment.packages.join(", ");
    match environment.system {
        [] => packages,
        system => format!("{packages}, and from the system {}", system.join(", ")),
    }
}

/// The targets that are missed, and the peers that are faster.
fn losses(results: &[Results]) -> String {
    let mut losses = String::new();
    for Results { topic, lines } in results {
        for (row, measured) in lines {
            let what = format!("{}: {}", topic.name, row.what);
            for target in row.targets.iter().filter(|target| target.is_met(measured) == Some(false)) {
                let _ = writeln!(losses, "- {what}: {target} is missed.");
            }
            for peer in &measured.peers {
                if let Some(times) = peer.times_better.filter(|&times| times < 1.0) {
                    let _ = writeln!(losses, "- {what}: {} is better, {times:.2} ×.", peer.name);
                }
            }
        }
    }
    losses
}

/// The system and the libraries that the streams go through.
pub fn system() -> String {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = command("uname -r").read().unwrap_or_default();
    let gstreamer = command("pkg-config --modversion gstreamer-1.0").read().unwrap_or_default();
    let name = name.unwrap_or("Linux").trim_matches('"');
    format!("{name}, kernel {}, GStreamer {}", kernel.trim(), gstreamer.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::measured::Compared;
    use crate::bench::rows::TOPICS;

    fn results() -> Vec<Results> {
        let compared = |times| {
            vec![Compared { name: "original", theirs: Some(times * 60.0), times_better: Some(times) }]
        };
        let topic = &TOPICS[0];
        let slow = Measured { ours: 61.0, peers: compared(120.0), ..Measured::default() };
        let lost = Measured { ours: 10.0, peers: compared(0.5), ..Measured::default() };
        vec![Results { topic, lines: vec![(&topic.rows[3], slow), (&topic.rows[8], lost)] }]
    }

    #[test]
    fn the_page_names_its_circumstances_and_every_loss() {
        let circumstances = Circumstances {
            date: "2026-01-31".into(),
            machine: "a machine".into(),
            system: "a system".into(),
            rounds: 3,
        };
        let page = page(&results(), &circumstances);
        for expected in [
            "median of 3 rounds",
            "- date: 2026-01-31\n- machine: a machine\n- system: a system\n- original: panorama-backpack==0.3.2",
            "| Tachometer::tick",
            "- timepiece: Tachometer::tick: ≤ 60 ns is missed.\n",
            "- timepiece: Summary of 6000 intervals: original is better, 0.50 ×.\n",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
        assert_eq!(page.matches("is missed").count(), 1);
    }
}
