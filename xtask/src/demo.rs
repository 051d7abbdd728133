use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::{env, fs};

use anyhow::{Context, Error, Result};

use crate::clips;
use crate::command::{Run, cargo};
use crate::system;
use crate::workspace::Workspace;

/// Where hike's page usually is.
const PAGE: &str = "127.0.0.1:8080";

/// How cargo is told which program is meant.
const HIKE: [&str; 6] = ["--release", "--package", "backpack-examples", "--bin", "hike", "--manifest-path"];

/// Plays a real clip through hike, with a live page and a recording; `user` are options of hike that go before the defaults.
pub fn run(workspace: &Workspace, user: &[String]) -> Result<()> {
    system::ensure(&[system::BUILD, system::ELEMENTS].concat())?;

    let results = workspace.target.join("demo");
    fs::create_dir_all(&results).with_context(|| format!("cannot create {}", results.display()))?;
    let recording = results.join("hike.mp4");
    if recording.exists() {
        // A recording overwrites nothing, and the next one would have another name.
        fs::remove_file(&recording).with_context(|| format!("cannot remove {}", recording.display()))?;
    }
    let mut defaults =
        vec![option("--record", shown(&recording)), option("--snapshot", shown(&results.join("hike.png")))];
    if !is_named("--input", user) {
        defaults.extend(input(workspace, user));
    }
    if !is_named("--web", user) {
        defaults.push(option("--web", page_address(PAGE)?));
    }

    println!("building hike");
    let manifest = workspace.root.join("Cargo.toml");
    cargo("build").args(HIKE).arg(&manifest).run()?;

    println!("starting hike; Ctrl-C ends it");
    // Both programs step out of the way, so that a signal sent to this process reaches hike itself and its exit code comes back.
    let error =
        cargo("run --quiet").args(HIKE).arg(&manifest).arg("--").args(arguments(&defaults, user)).exec();
    Err(Error::new(error).context("cannot start cargo"))
}

/// An option of hike with its value, if it has one.
type Setting = (&'static str, Option<String>);

fn option(name: &'static str, value: String) -> Setting {
    (name, Some(value))
}

/// The clip, over and over where it is not to be worked through quickly; without it the test pattern, which has no end.
fn input(workspace: &Workspace, user: &[String]) -> Vec<Setting> {
    match clips::VTEST.ensure(workspace) {
        Ok(clip) => {
            let clip = option("--input", shown(&clip));
            if is_named("--fast", user) { vec![clip] } else { vec![clip, ("--loop", None)] }
        }
        Err(error) => {
            println!("{error:#}\nplaying the test pattern instead");
            vec![option("--input", "test".to_owned())]
        }
    }
}

/// The usual address of the page, or one with a free port if somebody has taken that.
fn page_address(usual: &str) -> Result<String> {
    if TcpListener::bind(usual).is_ok() {
        return Ok(usual.to_owned());
    }
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let free = free.context("no port is free for the page")?.to_string();
    println!("{usual} is taken, so the page moves to {free}");
    Ok(free)
}

/// The defaults that the user did not name, then what the user said.
fn arguments(defaults: &[Setting], user: &[String]) -> Vec<String> {
    defaults
        .iter()
        .filter(|(name, _)| !is_named(name, user))
        .flat_map(|(name, value)| std::iter::once(name.to_string()).chain(value.clone()))
        .chain(user.iter().cloned())
        .collect()
}

/// Whether `option` is among the arguments, as `--option value` or `--option=value`.
fn is_named(option: &str, arguments: &[String]) -> bool {
    arguments.iter().any(|argument| {
        argument.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// A path as short as it can be said from here.
fn shown(path: &Path) -> String {
    let here = env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(user: &[&str]) -> String {
        let defaults = [option("--input", "clip".into()), ("--loop", None), option("--web", "1:80".into())];
        arguments(&defaults, &user.iter().map(|&word| word.to_owned()).collect::<Vec<_>>()).join(" ")
    }

    #[test]
    fn the_defaults_stand_before_what_the_user_adds() {
        assert_eq!(merged(&["--seconds", "10"]), "--input clip --loop --web 1:80 --seconds 10");
        assert_eq!(merged(&[]), "--input clip --loop --web 1:80");
    }

    #[test]
    fn an_option_of_the_user_replaces_the_default() {
        assert_eq!(merged(&["--web", "0:90"]), "--input clip --loop --web 0:90");
        assert_eq!(merged(&["--web=0:90"]), "--input clip --loop --web=0:90");
        assert_eq!(merged(&["--loop"]), "--input clip --web 1:80 --loop");
    }

    #[test]
    fn an_option_that_only_begins_alike_replaces_nothing() {
        assert_eq!(merged(&["--webcam", "0"]), "--input clip --loop --web 1:80 --webcam 0");
    }

    #[test]
    fn the_page_moves_where_its_usual_address_is_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let usual = listener.local_addr().unwrap().to_string();
        let other = page_address(&usual).unwrap();
        assert_ne!(other, usual);
        assert!(TcpListener::bind(&other).is_ok(), "{other} is not free");
        drop(listener);
        assert_eq!(page_address(&usual).unwrap(), usual);
    }
}
