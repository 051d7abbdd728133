use std::process::Command;

use anyhow::Result;

use crate::command::{Run, command};
use crate::tool::Tool;
use crate::workspace::Workspace;

const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// Checks licences, bans and sources; advisories too where their database can be had.
pub fn run(workspace: &Workspace) -> Result<()> {
    let program = DENY.ensure(workspace)?;
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
