use std::process::Command;

use anyhow::{Context, Result};

use crate::bench::Figures;
use crate::bench::peer::figures;
use crate::bench::rows::{Harness, Topic};
use crate::command::{Run, cargo};
use crate::workspace::Workspace;

/// Divan's own hundred samples of a short operation are over before the processor has found its pace.
const SECONDS_PER_BENCHMARK: &str = "0.1";

/// Builds a topic's benchmarks, in view, as that may take its time.
pub fn build(workspace: &Workspace, topic: &Topic) -> Result<()> {
    bench(workspace, topic).arg("--no-run").run()
}

/// Runs the named benchmarks of a topic.
pub fn measure<'a>(
    workspace: &Workspace,
    topic: &Topic,
    benches: impl Iterator<Item = &'a str>,
) -> Result<Figures> {
    match topic.harness {
        Harness::Divan => {
            let output = bench(workspace, topic)
                .args(["--", "--exact", "--min-time", SECONDS_PER_BENCHMARK])
                .args(benches.map(|bench| format!("{}::{bench}", topic.bench)))
                .read()?;
            medians(&output)
        }
        Harness::Json { .. } => figures(&bench(workspace, topic).arg("--").args(benches).read()?),
    }
}

fn bench(workspace: &Workspace, topic: &Topic) -> Command {
    let mut bench = cargo(&format!("bench --package {} --bench {}", topic.package, topic.bench));
    if let Harness::Json { features } = topic.harness {
        bench.args(["--features", features]);
    }
    bench.current_dir(&workspace.root);
    bench
}

/// The medians in what divan printed, by the paths of the benchmarks below the root of their tree.
fn medians(output: &str) -> Result<Figures> {
    let mut medians = Figures::new();
    let mut path = Vec::new();
    for line in output.lines() {
        // A line without a branch is the root, says more about the benchmark above it, or is not of the tree at all.
        let Some((indent, entry)) = line.split_once("├─ ").or_else(|| line.split_once("╰─ ")) else {
            continue;
        };
        let depth = indent.chars().count() / "│  ".chars().count();
        path.truncate(depth);
        path.push(entry.split("  ").next().unwrap_or(entry));
        let median = entry.split('│').nth(2).unwrap_or_default().trim();
        if !median.is_empty() {
            medians.insert(path.join("::"), nanoseconds(median)?);
        }
    }
    Ok(medians)
}

fn nanoseconds(time: &str) -> Result<f64> {
    let parse = || {
        let (number, unit) = time.split_once(' ')?;
        let unit = match unit {
            "ns" => 1.0,
            "µs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            _ => return None,
        };
        Some(number.parse::<f64>().ok()? * unit)
    };
    parse().with_context(|| format!("divan's time {time:?} is not understood"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_medians_are_read_by_path_between_lines_without_times() {
        let output = "\
Timer precision: 20 ns
nest           fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ first       12.76 ns      │ 82.16 ns      │ 13.31 ns      │ 14.23 ns      │ 100     │ 12800
│              max alloc:    │               │               │               │         │
│                1           │ 1             │ 1             │ 1             │         │
│                100 B       │ 100 B         │ 100 B         │ 100 B         │         │
├─ many                      │               │               │               │         │
│  ├─ 1        1.082 ns      │ 1.087 ns      │ 1.087 ns      │ 1.085 ns      │ 100     │ 204800
│  ╰─ 2000000  541.3 µs      │ 841.9 µs      │ 541.4 µs      │ 549.4 µs      │ 100     │ 100
├─ second      1.5 s         │ 1.5 s         │ 1.5 s         │ 1.5 s         │ 1       │ 1
├─ skipped     (ignored)     │               │               │               │         │
├─ last        3.073 ms      │ 3.221 ms      │ 3.096 ms      │ 3.101 ms      │ 100     │ 100
╰─ group                     │               │               │               │         │
   ├─ empty    warning: No benchmark function registered for 'empty'

   ╰─ inner    0 ns          │ 6.263 ns      │ 0.001 ns      │ 0.064 ns      │ 100     │ 819200

";
        let expected = [
            ("first", 13.31),
            ("group::inner", 0.001),
            ("last", 3_096_000.0),
            ("many::1", 1.087),
            ("many::2000000", 541_400.0),
            ("second", 1.5e9),
        ];
        assert_eq!(medians(output).unwrap(), expected.map(|(name, time)| (name.to_owned(), time)).into());
    }

    #[test]
    fn a_time_in_an_unknown_unit_is_an_error() {
        assert!(nanoseconds("1.5 h").is_err());
        assert!(medians("╰─ tick  1 ns │ 1 ns │ soon │ 1 ns │ 1 │ 1").is_err());
        assert!(medians("").unwrap().is_empty());
    }
}
