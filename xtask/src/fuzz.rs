use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::command::{Run, cargo, command};
use crate::system;
use crate::workspace::Workspace;

/// What libFuzzer needs of the compiler: counters of what runs, and a look at comparisons. They are those of cargo-fuzz, without the sanitizers, which only
/// a nightly compiler has and which would watch over `unsafe` code, of which this workspace has none.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Cdebug-assertions",
    "-Coverflow-checks",
    "-Ccodegen-units=1",
];

/// How long each target runs unless told, in seconds.
const SECONDS: u32 = 10;

/// Runs the fuzz targets, or the one that is named, for some seconds each. What they found worth keeping is where the next run begins.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let options = Options::parse(arguments)?;
    let targets = targets(workspace)?;
    let is_wanted = |target: &&String| options.target.is_none_or(|wanted| wanted == target.as_str());
    let wanted: Vec<_> = targets.iter().filter(is_wanted).collect();
    ensure!(!wanted.is_empty(), "there is no such target; there are {}", targets.join(", "));
    // libFuzzer is written in C++.
    system::ensure(&["g++"])?;
    let programs = build(workspace)?;
    for target in wanted {
        fuzz(&workspace.target.join("fuzz"), &programs, target, options.seconds)?;
    }
    Ok(())
}

#[derive(Debug, PartialEq, Eq)]
struct Options<'a> {
    seconds: u32,
    target: Option<&'a str>,
}

impl<'a> Options<'a> {
    fn parse(arguments: &'a [String]) -> Result<Self> {
        let mut options = Self { seconds: SECONDS, target: None };
        for argument in arguments {
            match argument.parse() {
                Ok(0) => bail!("a target that runs for 0 seconds would never end"),
                Ok(seconds) => options.seconds = seconds,
                Err(_) if options.target.is_none() => options.target = Some(argument),
                Err(_) => bail!("fuzz takes a number of seconds and one target, not {argument} too"),
            }
        }
        Ok(options)
    }
}

/// The names of all targets.
fn targets(workspace: &Workspace) -> Result<Vec<String>> {
    let files =
        fs::read_dir(workspace.root.join("fuzz/fuzz_targets")).context("there are no fuzz targets")?;
    let name =
        |file: std::io::Result<fs::DirEntry>| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned());
    let mut names: Vec<_> = files.filter_map(name).collect();
    names.sort();
    Ok(names)
}

/// Builds all targets, and returns the folder of the programs.
fn build(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target.join("fuzz");
    println!("building the fuzz targets");
    let about = command("rustc -vV").current_dir(&workspace.root).read()?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    cargo("build --quiet --release --locked --bins --manifest-path fuzz/Cargo.toml --target-dir")
        .arg(&target)
        // Where a target is named, build scripts are built without the flags, which they could not be linked with.
        .args(["--target", host])
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\u{1f}"))
        // Half the time to build is worth more than a quarter of the runs.
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "line-tables-only")
        .current_dir(&workspace.root)
        .run()?;
    Ok(target.join(host).join("release"))
}

fn fuzz(folder: &Path, programs: &Path, target: &str, seconds: u32) -> Result<()> {
    let (corpus, crashes) = (folder.join("corpus").join(target), folder.join("crashes").join(target));
    for folder in [&corpus, &crashes] {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let mut program = Command::new(programs.join(target));
    program
        .args([&format!("-max_total_time={seconds}"), "-timeout=10", "-rss_limit_mb=2048"])
        .arg(format!("-artifact_prefix={}/", crashes.display()))
        .arg(&corpus);
    let output = program.output().with_context(|| format!("cannot run the target {target}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        bail!("{target} failed:\n{said}\nwhat made it fail is in {}", crashes.display());
    }
    let last = said.lines().rfind(|line| line.starts_with("Done ")).context("it did not say what it did")?;
    println!("{target}: {last}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn seconds_and_a_target_stand_in_any_order() {
        assert_eq!(Options::parse(&[]).unwrap(), Options { seconds: SECONDS, target: None });
        let options = Options { seconds: 3, target: Some("page") };
        assert_eq!(Options::parse(&words("3 page")).unwrap(), options);
        assert_eq!(Options::parse(&words("page 3")).unwrap(), options);
        for line in ["0", "page color", "--help-me page"] {
            assert!(Options::parse(&words(line)).is_err(), "{line} is accepted");
        }
    }
}
