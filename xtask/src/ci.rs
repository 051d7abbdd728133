use std::collections::BTreeSet;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::api;
use crate::command::{Run, cargo, command};
use crate::fuzz;
use crate::system;
use crate::tool::Tool;
use crate::workspace::Workspace;

mod deny;
mod lean;
mod typos;

type Section = (&'static str, fn(&Workspace) -> Result<()>);

/// From the quickest answer to the slowest, so that what is built for one section serves the next.
const SECTIONS: &[Section] = &[
    ("fmt", fmt),
    ("typos", typos::run),
    ("dependencies", dependencies),
    ("clippy", clippy),
    ("doc", doc),
    ("api", api::check),
    ("features", features),
    ("deny", deny::run),
    ("lean", lean::run),
    ("fuzz", fuzz),
    ("test", test),
];

/// What a crate must not draw in with its default features; an empty prefix stands for any dependency at all.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("backpack-core", &[""]),
    ("backpack-timepiece", &[""]),
    ("backpack-identity", &["aws-", "tokio", "hyper", "rustls", "ring"]),
    ("backpack-config", &["clap", "minijinja", "serde-saphyr", "tokio", "gstreamer", "glib", "aws-"]),
    ("backpack-skyline", &["gstreamer", "glib", "aws-"]),
    ("backpack-kvs", &["gstreamer", "glib", "aws-config", "aws-sdk-"]),
    ("panorama-backpack", &["gstreamer", "glib", "aws-"]),
];

/// How many crates a feature, or none, may draw in on this machine. More is to be a decision, and to be told in the crate's README.
const BUDGETS: &[(&str, &str, usize)] = &[
    ("backpack-identity", "", 23),
    ("backpack-identity", "serde", 29),
    ("backpack-identity", "panorama", 158),
    ("backpack-kvs", "", 90),
];

/// Finds dependencies that nothing uses, by their names in the sources.
const MACHETE: Tool = Tool { name: "cargo-machete", version: "0.9.2" };

/// Runs the sections that are named, or all, to the end, whichever of them fail.
pub fn run(workspace: &Workspace, names: &[String]) -> Result<()> {
    if let Some(name) = names.iter().find(|&name| SECTIONS.iter().all(|(section, _)| section != name)) {
        let sections = SECTIONS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        bail!("there is no section {name}; there are {sections}");
    }
    system::ensure(system::BUILD)?;
    ensure_components()?;

    let mut failed = Vec::new();
    for (name, section) in SECTIONS {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        println!("\n── {name}");
        let start = Instant::now();
        let result = section(workspace);
        if let Err(error) = &result {
            println!("error: {error:#}");
            failed.push(*name);
        }
        let outcome = if result.is_ok() { "" } else { ", failed" };
        println!("── {name} … {}{outcome}", duration(start.elapsed()));
    }
    ensure!(failed.is_empty(), "these sections failed: {}", failed.join(", "));
    Ok(())
}

/// A time in the unit one would say it in.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        seconds @ ..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// A minimal toolchain has neither rustfmt nor clippy.
fn ensure_components() -> Result<()> {
    if cargo("fmt --version").succeeds() && cargo("clippy --version").succeeds() {
        return Ok(());
    }
    println!("installing rustfmt and clippy");
    command("rustup --quiet component add rustfmt clippy").run()
}

fn fmt(workspace: &Workspace) -> Result<()> {
    cargo("fmt --all --check").current_dir(&workspace.root).run()
}

fn clippy(workspace: &Workspace) -> Result<()> {
    cargo("clippy --workspace --all-targets --all-features -- -D warnings").current_dir(&workspace.root).run()
}

fn doc(workspace: &Workspace) -> Result<()> {
    cargo("doc --workspace --all-features --no-deps")
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(&workspace.root)
        .run()
}

/// Every crate with none of its features and with each alone. It is clippy that looks, as code without a user is worth knowing too and the
/// dependencies are checked once for both.
fn features(workspace: &Workspace) -> Result<()> {
    for package in workspace.published() {
        let name = &package.name;
        let alone = package.features.iter().map(|feature| format!("--features {feature}"));
        for selection in std::iter::once(String::new()).chain(alone) {
            let words = format!("--package {name} --no-default-features {selection}");
            println!("{}", words.trim_end());
            cargo("clippy --quiet")
                .args(words.split_whitespace())
                .args(["--", "-D", "warnings"])
                .current_dir(&workspace.root)
                .run()?;
        }
    }
    Ok(())
}

fn dependencies(workspace: &Workspace) -> Result<()> {
    for (package, prefixes) in FORBIDDEN {
        let tree = tree(workspace, package)?;
        let found = forbidden(&tree, prefixes);
        ensure!(found.is_empty(), "{package} draws in {} by default", found.join(", "));
    }
    for (package, feature, budget) in BUDGETS {
        let tree =
            cargo("tree --edges normal,build --prefix none --format {p} --no-default-features --package")
                .args([package, "--features", feature])
                .current_dir(&workspace.root)
                .read()?;
        let count = crates(&tree);
        ensure!(count <= *budget, "{package} draws in {count} crates with {feature:?}, and should {budget}");
    }
    Command::new(MACHETE.ensure(workspace)?).arg("--with-metadata").current_dir(&workspace.root).run()
}

/// The package and all that it draws in by default on any target, one in each line.
fn tree(workspace: &Workspace, package: &str) -> Result<String> {
    cargo("tree --edges normal,build --prefix none --format {p} --target all --package")
        .arg(package)
        .current_dir(&workspace.root)
        .read()
}

/// The packages in `tree`, its root aside, whose name begins with one of the prefixes.
fn forbidden<'a>(tree: &'a str, prefixes: &[&str]) -> Vec<&'a str> {
    tree.lines().skip(1).filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix))).collect()
}

/// How many packages are in `tree`, its root aside.
pub fn crates(tree: &str) -> usize {
    // What is there again has a mark after its version, and path dependencies and macros have more.
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let packages = tree.lines().map(name_and_version).collect::<BTreeSet<_>>();
    packages.len().saturating_sub(1)
}

/// Every fuzz target for a moment, which shows that it can be built and what it finds at once.
fn fuzz(workspace: &Workspace) -> Result<()> {
    fuzz::run(workspace, &["2".to_owned()])
}

/// By the command that people run.
fn test(workspace: &Workspace) -> Result<()> {
    cargo("xtask test").current_dir(&workspace.root).run().context("see the tests above")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_dependency_is_found_by_its_prefix_and_the_root_is_none() {
        let tree = "gstreamer-like v0.1.0\nbytes v1.12.0\ngstreamer-app v0.25.0\n";
        assert_eq!(forbidden(tree, &["gstreamer", "aws-"]), ["gstreamer-app v0.25.0"]);
        assert_eq!(forbidden(tree, &[""]), ["bytes v1.12.0", "gstreamer-app v0.25.0"]);
        assert!(forbidden(tree, &["aws-"]).is_empty());
    }

    #[test]
    fn a_package_is_counted_once_and_two_versions_of_it_twice() {
        let tree =
            "root v0.1.0 (/w)\nsyn v2.0.1\nserde_derive v1.0.2 (proc-macro)\nsyn v3.0.1\nsyn v2.0.1 (*)\n";
        assert_eq!(crates(tree), 3);
    }

    #[test]
    fn durations_are_said_in_a_fitting_unit() {
        assert_eq!(duration(Duration::from_millis(38)), "38 ms");
        assert_eq!(duration(Duration::from_millis(41_900)), "41 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
    }
}
