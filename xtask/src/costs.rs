use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::ci::crates;
use crate::command::{Run, cargo};
use crate::system;
use crate::workspace::Workspace;

/// The crate that all features go through.
const FRONT: &str = "panorama-backpack";

/// What its users pay for each of its features alone, from nothing: crates, and seconds of a debug build with a user's own settings.
pub fn run(workspace: &Workspace, features: &[String]) -> Result<()> {
    let front = workspace.published().find(|package| package.name == FRONT);
    let known = &front.context("the workspace has no front")?.features;
    if let Some(unknown) = features.iter().find(|feature| !known.contains(feature)) {
        bail!("{FRONT} has no feature {unknown}; it has {}", known.join(", "));
    }
    system::ensure(system::BUILD)?;
    let folder = workspace.target.join("costs");
    println!("| feature | crates | seconds |\n|---|--:|--:|");
    for feature in known.iter().filter(|feature| features.is_empty() || features.contains(feature)) {
        set_up(workspace, &folder, feature)?;
        println!("| `{feature}` | {} | {:.0} |", count(&folder)?, seconds(&folder)?);
    }
    Ok(())
}

/// A program of a user's, with one feature.
fn set_up(workspace: &Workspace, folder: &Path, feature: &str) -> Result<()> {
    let front = workspace.root.join("crates").join(FRONT);
    let front = front.to_str().context("the workspace's path is not UTF-8")?;
    ensure!(!front.contains('\''), "no manifest can name {front}, as it has a quotation mark");
    let manifest = format!(
        "[package]\nname = \"costs\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         {FRONT} = {{ path = '{front}', default-features = false, features = [\"{feature}\"] }}\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    fs::write(folder.join("src/main.rs"), "fn main() {}\n")?;
    // The same versions as here; what is not needed drops out.
    fs::copy(workspace.root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    cargo("fetch --quiet").current_dir(folder).run()
}

/// How many crates are built for it, Backpack's own and those that only run while building among them.
fn count(folder: &Path) -> Result<usize> {
    let tree = cargo("tree --edges normal,build --prefix none --format {p}").current_dir(folder).read()?;
    Ok(crates(&tree))
}

fn seconds(folder: &Path) -> Result<f64> {
    let target = folder.join("target");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let begun = Instant::now();
    cargo("build --quiet --target-dir").arg(&target).current_dir(folder).run()?;
    Ok(begun.elapsed().as_secs_f64())
}
