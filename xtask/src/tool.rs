use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::command::{Run, cargo, command};
use crate::workspace::Workspace;

/// A program of cargo's that checks the code.
pub struct Tool {
    /// The program and the package that has it.
    pub name: &'static str,
    /// The version that is installed where there is none.
    pub version: &'static str,
}

impl Tool {
    /// The program of the PATH, or else the project's own, installed once.
    pub fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        let Self { name, version } = self;
        if command(name).arg("--version").succeeds() {
            return Ok(name.into());
        }
        let tools = workspace.target.join("tools");
        let program = tools.join("bin").join(name);
        if !Command::new(&program).arg("--version").succeeds() {
            println!("installing {name} {version}, which takes minutes");
            // Without optimisation it is built in a third of the time, and it still has only seconds of work.
            cargo("install --debug --quiet --locked --root")
                .arg(tools)
                .args([name, "--version", version])
                .run()?;
        }
        Ok(program)
    }
}
