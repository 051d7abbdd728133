use std::collections::HashMap;
use std::{env, fs, thread};

use anyhow::{Context, Result, bail, ensure};

use crate::bench::measured::Measured;
use crate::bench::page::{Circumstances, Results};
use crate::bench::rows::{Row, TOPICS, Topic};
use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

mod divan;
pub mod environment;
mod measured;
mod page;
mod peer;
mod plot;
mod rows;
mod table;
mod target;

/// Nanoseconds, by the name of what takes them.
type Figures = HashMap<String, f64>;

/// Measures what Backpack takes, with `--peer` what its peers take too, and shows it all beside the targets.
///
/// They take turns, so that a machine that changes its pace does so for all. A target that is missed is no failure: how fast a machine
/// is does not say whether the code is right. A whole run beside the peers is written into the documents.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let mut selections = select(options.filter);
    ensure!(!selections.is_empty(), "no benchmark is called anything like {}", options.filter);
    // The viewer of the RTSP benchmark is a program of GStreamer.
    system::ensure(&[system::BUILD, system::ELEMENTS, &["gstreamer1.0-tools"]].concat())?;
    if options.has_peer {
        for peer in selections.iter().flat_map(|selection| selection.topic.peers) {
            peer.ensure(workspace)?;
        }
    }
    println!("building the benchmarks");
    for selection in &selections {
        divan::build(workspace, selection.topic)?;
    }
    for round in 1..=options.rounds {
        println!("round {round} of {}", options.rounds);
        for selection in &mut selections {
            selection.measure(workspace, options.has_peer).context(selection.topic.name)?;
        }
    }
    let results: Vec<_> = selections.iter().map(Selection::results).collect();
    for Results { topic, lines } in &results {
        print!("\n## {}\n\n{}\n\n{}", topic.name, topic.about, table::of(lines));
    }
    let circumstances = Circumstances {
        date: command("date +%F").read()?.trim().to_owned(),
        machine: machine(workspace)?,
        system: page::system(),
        rounds: options.rounds,
    };
    println!("\nmachine: {}\nsystem: {}", circumstances.machine, circumstances.system);
    // A page with holes would replace a whole one.
    if options.has_peer && options.filter.is_empty() {
        page::write(&workspace.root.join("docs"), &results, &circumstances)?;
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
struct Options<'a> {
    has_peer: bool,
    rounds: usize,
    /// What a row or its topic has in its name; nothing is in every name.
    filter: &'a str,
}

impl<'a> Options<'a> {
    fn parse(arguments: &'a [String]) -> Result<Self> {
        let mut options = Self { has_peer: false, rounds: 3, filter: "" };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--peer" => options.has_peer = true,
                "--rounds" => {
                    let rounds = arguments.next().and_then(|rounds| rounds.parse().ok());
                    options.rounds =
                        rounds.filter(|&rounds| rounds > 0).context("--rounds needs a number above 0")?;
                }
                option if option.starts_with('-') => {
                    bail!("bench has no option {option}; it has --peer and --rounds")
                }
                filter if options.filter.is_empty() => options.filter = filter,
                filter => bail!("bench takes one name, not {} and {filter}", options.filter),
            }
        }
        Ok(options)
    }
}

/// The wanted rows of a topic, each with what its rounds measured.
struct Selection {
    topic: &'static Topic,
    rows: Vec<&'static Row>,
    rounds: Vec<Vec<Measured>>,
}

/// The rows with `filter` in their names or that of their topic, by topic; a topic without any is left out.
fn select(filter: &str) -> Vec<Selection> {
    let select = |topic: &'static Topic| {
        let names = |row: &'static Row| [topic.name, row.what, row.bench];
        let is_wanted = |row: &&'static Row| names(row).into_iter().any(|name| name.contains(filter));
        let rows = topic.rows.iter().filter(is_wanted).collect::<Vec<_>>();
        Selection { topic, rounds: vec![Vec::new(); rows.len()], rows }
    };
    TOPICS.iter().map(select).filter(|selection| !selection.rows.is_empty()).collect()
}

impl Selection {
    fn results(&self) -> Results {
        let lines = self.rows.iter().zip(&self.rounds).map(|(&row, rounds)| (row, Measured::over(rounds)));
        Results { topic: self.topic, lines: lines.collect() }
    }

    /// One more round.
    fn measure(&mut self, workspace: &Workspace, has_peer: bool) -> Result<()> {
        let benches =
            self.rows.iter().flat_map(|row| [row.bench].into_iter().chain(row.floor).chain(row.beside));
        let ours = divan::measure(workspace, self.topic, benches)?;
        let peers = self.topic.peers.iter().filter(|_| has_peer);
        let theirs = peers
            .map(|peer| Ok((peer.name, peer.measure(workspace, &self.rows)?)))
            .collect::<Result<Vec<_>>>()?;
        for (row, rounds) in self.rows.iter().zip(&mut self.rounds) {
            rounds.push(Measured::in_round(row, &ours, &theirs)?);
        }
        Ok(())
    }
}

/// What the figures depend on beside the code.
fn machine(workspace: &Workspace) -> Result<String> {
    // On ARM there is no such line.
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(env::consts::ARCH, |(_, model)| model);
    let cores = thread::available_parallelism()?;
    let rustc = command("rustc --version").current_dir(&workspace.root).read()?;
    Ok(format!("{model}, {cores} cores, {}", rustc.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_stand_in_any_order_and_have_defaults() {
        assert_eq!(Options::parse(&[]).unwrap(), Options { has_peer: false, rounds: 3, filter: "" });
        let options = Options { has_peer: true, rounds: 5, filter: "Ticker" };
        assert_eq!(Options::parse(&words("--rounds 5 Ticker --peer")).unwrap(), options);
        assert_eq!(Options::parse(&words("Ticker --peer --rounds 5")).unwrap(), options);
    }

    #[test]
    fn options_that_mean_nothing_are_refused() {
        for line in ["--rounds", "--rounds 0", "--rounds many", "--pear", "Ticker StopWatch"] {
            assert!(Options::parse(&words(line)).is_err(), "{line} is accepted");
        }
    }

    #[test]
    fn rows_are_selected_by_what_they_are_by_their_benchmark_and_by_their_topic() {
        let selected = |filter| select(filter).into_iter().flat_map(|selection| selection.rows);
        assert_eq!(selected("geometry").count(), 7);
        assert_eq!(selected("Line::crossing").map(|row| row.bench).collect::<Vec<_>>(), ["line_crossing"]);
        assert_eq!(selected("alarm_clock").count(), 3);
        assert_eq!(selected("").count(), 43);
        assert_eq!(selected("nothing at all").count(), 0);
    }
}
