//! The project's own commands: `cargo xtask <command>`.
//!
//! They run on a Debian or Ubuntu machine that has nothing but Rust: what else a command needs, it installs or fetches first, and says so.

mod api;
mod bench;
mod ci;
mod clips;
mod command;
mod costs;
mod demo;
mod fuzz;
mod image;
mod moto;
mod original;
mod publish;
mod soak;
mod system;
mod test;
mod tool;
mod workspace;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};

use crate::workspace::Workspace;

const HELP: &str = "\
Usage: cargo xtask <command>

  demo [options of hike]           plays a real clip through hike, with a live page and a recording
  test [options of cargo test]     runs every test of the workspace with all features
  ci [section]...                  runs what has to pass before a change lands, or only the sections named:
                                   fmt, typos, dependencies, clippy, doc, api, features, deny, lean, fuzz, test
  api                              lists the public items of every crate anew, which `ci api` compares
  bench [--peer] [--rounds N] [name]
                                   measures how fast it all is, or what has the name, and compares with the targets,
                                   with --peer with the Python original and, where they do the same, with OpenCV and
                                   supervision too; what counts is the median of N rounds
  image [--smoke] [options]        cross-builds hike for ARM64 and packs it with what it loads into an image for containers:
                                   --target aarch64|x86_64, --format oci|rootfs|docker, --features LIST, --output FILE,
                                   --package NAME [--bin NAME] [--manifest-path FILE] for a program of your own,
                                   --plugin NAME [--debian PACKAGE] for more plugins of GStreamer;
                                   --smoke runs it under an emulator and looks at what it records
  costs [feature]...               builds each feature, or those named, from nothing: how many crates, how many seconds
  fuzz [seconds] [target]          runs every fuzz target, or the one named, for ten seconds, or so many
  soak [minutes]                   streams for ten minutes, or so many, with viewers and recordings that come and go
  publish --dry-run [--allow-dirty]
                                   packages every crate and builds it alone from its package
  publish                          the same, and then uploads them, after asking

System packages that are missing are installed with apt-get, through sudo where you are not root.";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args = env::args_os()
        .skip(1)
        .map(|arg| arg.into_string().map_err(|arg| anyhow!("the argument {arg:?} is not UTF-8")))
        .collect::<Result<Vec<_>>>()?;
    let Some((command, rest)) = args.split_first() else { bail!("which command?\n\n{HELP}") };
    let wants_help = matches!(rest.first().map(String::as_str), Some("-h" | "--help"));
    if wants_help || matches!(command.as_str(), "-h" | "--help" | "help") {
        println!("{HELP}");
        return Ok(());
    }
    match command.as_str() {
        "api" => api::run(&Workspace::load()?, rest),
        "costs" => costs::run(&Workspace::load()?, rest),
        "demo" => demo::run(&Workspace::load()?, rest),
        "test" => test::run(&Workspace::load()?, rest),
        "ci" => ci::run(&Workspace::load()?, rest),
        "bench" => bench::run(&Workspace::load()?, rest),
        "fuzz" => fuzz::run(&Workspace::load()?, rest),
        "image" => image::run(&Workspace::load()?, rest),
        "soak" => soak::run(&Workspace::load()?, rest),
        "publish" => publish::run(&Workspace::load()?, rest),
        unknown => bail!("there is no command {unknown}\n\n{HELP}"),
    }
}
