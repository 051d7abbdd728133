use std::process::Command;

use anyhow::Result;

use crate::command::{Run, command};
use crate::tool::Tool;
use crate::workspace::Workspace;

const SEMVER_CHECKS: Tool = Tool { name: "cargo-semver-checks", version: "0.50.0" };

/// Compares every crate with the last release, which has a tag like `v0.1.0`: what breaks its users needs another version.
pub fn check(workspace: &Workspace) -> Result<()> {
    let tags =
        command("git tag --list v[0-9]* --sort=-version:refname").current_dir(&workspace.root).read()?;
    let Some(last) = tags.lines().next() else {
        println!("no release yet that versions could be compared with");
        return Ok(());
    };
    let program = SEMVER_CHECKS.ensure(workspace)?;
    for package in workspace.published() {
        println!("{} since {last}", package.name);
        Command::new(&program)
            .args(["semver-checks", "--all-features", "--baseline-rev", last, "--package", &package.name])
            .current_dir(&workspace.root)
            // It resolves the dependencies anew, and the newest of them may be for a newer compiler.
            .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
            .run()?;
    }
    Ok(())
}
