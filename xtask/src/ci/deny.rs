use std::ffi::OsString;
use std::process::Command;

use anyhow::Result;

use crate::command::{Run, cargo, command};
use crate::workspace::Workspace;

/// The version that is installed where there is none.
const VERSION: &str = "0.20.2";

/// Checks licences, bans and sources; advisories too where their database can be had.
pub fn run(workspace: &Workspace) -> Result<()> {
    let program = program(workspace)?;
    let deny = |arguments: &str| {
        let mut deny = Command::new(&program);
        deny.args(arguments.split(' ')).current_dir(&workspace.root);
        deny
    };
    deny("check --hide-inclusion-graph licenses bans sources").run()?;

    // A database that cannot be reached says nothing about this project; an advisory in it does.
    let has_database = command("timeout 120")
        .arg(&program)
        .args(["fetch", "db"])
        .env("GIT_TERMINAL_PROMPT", "0")
        .current_dir(&workspace.root)
        .succeeds();
    if !has_database {
        println!("advisories not checked: their database cannot be fetched from here");
        return Ok(());
    }
    deny("--offline check advisories").run()
}

/// The cargo-deny of the PATH, or else the project's own, installed once.
fn program(workspace: &Workspace) -> Result<OsString> {
    if command("cargo-deny --version").succeeds() {
        return Ok("cargo-deny".into());
    }
    let tools = workspace.target.join("tools");
    let program = tools.join("bin/cargo-deny").into_os_string();
    if !Command::new(&program).arg("--version").succeeds() {
        println!("installing cargo-deny {VERSION}, which takes a minute or two");
        // Without optimisation it is built in a third of the time, and it still has only seconds of work.
        cargo(&format!("install --debug --quiet --locked cargo-deny --version {VERSION} --root"))
            .arg(tools)
            .run()?;
    }
    Ok(program)
}
