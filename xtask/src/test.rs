use std::io::{self, BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::ci::duration;
use crate::clips;
use crate::command::cargo;
use crate::moto;
use crate::original;
use crate::system;
use crate::workspace::Workspace;

/// Runs the tests of the workspace with all features; `user` are further arguments of `cargo test`.
pub fn run(workspace: &Workspace, user: &[String]) -> Result<()> {
    system::ensure(&system::for_tests())?;
    for clip in [clips::VTEST, clips::BIKES] {
        clip.ensure(workspace).context("the tests look at real footage")?;
    }
    original::check(workspace)?;
    moto::ensure(workspace).context("the tests report to a CloudWatch of their own")?;

    let start = Instant::now();
    let mut cargo = cargo("test --all-features --no-fail-fast");
    if !names_packages(user) {
        cargo.arg("--workspace");
    }
    let mut tests = cargo
        .args(user)
        .current_dir(&workspace.root)
        .env("BACKPACK_CLIPS", clips::folder(workspace))
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot run cargo test")?;
    let tally = Tally::of(BufReader::new(tests.stdout.take().context("cargo test has no output")?))?;
    let status = tests.wait()?;

    println!("\ntested for {}", duration(start.elapsed()));
    println!("tests: {} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.ignored);
    if !status.success() {
        bail!("cargo test failed: {status}");
    }
    Ok(())
}

/// Whether `cargo test` is told which packages to test, in which case `--workspace` would overrule that.
fn names_packages(arguments: &[String]) -> bool {
    arguments
        .iter()
        .take_while(|argument| *argument != "--")
        .any(|argument| argument.starts_with("-p") || argument.starts_with("--package"))
}

/// What the test programs counted, added up.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Tally {
    /// Counts while passing everything on to stdout.
    fn of(mut output: impl BufRead) -> Result<Self> {
        let mut tally = Self::default();
        let mut line = Vec::new();
        while output.read_until(b'\n', &mut line)? > 0 {
            io::stdout().write_all(&line)?;
            tally.add(&String::from_utf8_lossy(&line));
            line.clear();
        }
        Ok(tally)
    }

    /// Reads a line like `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; …`.
    fn add(&mut self, line: &str) {
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|result| result.split_once(". "))
        else {
            return;
        };
        for (number, what) in counts.split("; ").filter_map(|count| count.split_once(' ')) {
            let number = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_test_programs_are_added_up() {
        let mut tally = Tally::default();
        tally.add("running 3 tests");
        tally.add(
            "test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s",
        );
        tally.add("test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s");
        assert_eq!(tally, Tally { passed: 12, failed: 2, ignored: 1 });
    }

    #[test]
    fn packages_named_to_cargo_replace_the_workspace() {
        let names =
            |words: &[&str]| names_packages(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        assert!(names(&["-p", "backpack-core"]));
        assert!(names(&["--package=backpack-core"]));
        assert!(!names(&["frame", "--", "-p"]));
    }
}
