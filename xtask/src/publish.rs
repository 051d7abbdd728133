use std::io::{self, IsTerminal, Write};

use anyhow::{Result, bail, ensure};

use crate::command::{Run, cargo, unlocked_rustdoc};
use crate::system;
use crate::workspace::Workspace;

mod semver;

/// Files that a package on its own must hold.
const NEEDED: [&str; 3] = ["LICENSE-APACHE", "LICENSE-MIT", "README.md"];

/// Packages every crate in the order of their dependencies and builds each from its package; without `--dry-run` uploads them, after asking.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut options = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            "--dry-run" | "--allow-dirty" => options.push(argument.as_str()),
            unknown => bail!("publish has no option {unknown}; it has --dry-run and --allow-dirty"),
        }
    }
    system::ensure(system::BUILD)?;
    check_contents(workspace)?;
    check_documents(workspace)?;
    semver::check(workspace)?;
    if !options.contains(&"--dry-run") && !is_wanted(workspace)? {
        println!("nothing published");
        return Ok(());
    }
    cargo("publish --workspace").args(options).current_dir(&workspace.root).run()
}

/// Cargo does not mind a package without its licences; a reader does.
fn check_contents(workspace: &Workspace) -> Result<()> {
    for package in workspace.published() {
        let files = cargo("package --list --allow-dirty --package")
            .arg(&package.name)
            .current_dir(&workspace.root)
            .read()?;
        for needed in NEEDED {
            ensure!(files.lines().any(|file| file == needed), "{} has no {needed}", package.name);
        }
    }
    Ok(())
}

/// Builds each crate's documents as docs.rs does: alone, with all features, with the marks that tell which feature an item needs.
fn check_documents(workspace: &Workspace) -> Result<()> {
    let rustdoc = unlocked_rustdoc(&workspace.target)?;
    for package in workspace.published() {
        println!("documents of {}", package.name);
        cargo("rustdoc --quiet --lib --all-features --package")
            .arg(&package.name)
            .args("-- --cfg docsrs -D warnings".split(' '))
            .current_dir(&workspace.root)
            // The marks are a feature of nightly compilers, which docs.rs has.
            .env("RUSTDOC", &rustdoc)
            .run()?;
    }
    Ok(())
}

fn is_wanted(workspace: &Workspace) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("publishing asks before it acts: run it in a terminal, or with --dry-run");
    }
    println!("to be published for good:");
    for package in workspace.published() {
        println!("  {}", package.name);
    }
    print!("publish them? [y/N] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}
