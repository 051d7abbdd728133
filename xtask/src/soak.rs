use anyhow::{Context, Result, ensure};

use crate::command::{Run, cargo};
use crate::system;
use crate::workspace::Workspace;

/// Runs a stream with viewers and recordings that come and go, for ten minutes or as many as are named.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let minutes = match arguments {
        [] => 10.0,
        [minutes] => minutes.parse::<f64>().context("soak takes a number of minutes")?,
        _ => anyhow::bail!("soak takes one number of minutes"),
    };
    ensure!(minutes.is_finite() && minutes >= 0.5, "a soak takes half a minute at least");
    system::ensure(&system::for_tests())?;
    cargo("test --package backpack-skyline --all-features --test soak -- --ignored --nocapture")
        .current_dir(&workspace.root)
        .env("SOAK_MINUTES", minutes.to_string())
        .run()
}
