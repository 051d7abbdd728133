use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::bench::environment::ORIGINAL_CONFIG;
use crate::command::Run;
use crate::workspace::Workspace;

/// Makes the Python toolkit print anew what the tests of backpack-config compare with, and asks a validator what they take for valid.
pub fn check(workspace: &Workspace) -> Result<()> {
    ORIGINAL_CONFIG.ensure(workspace).context("the tests compare with the Python toolkit")?;
    let tests = workspace.root.join("crates/backpack-config/tests");
    let printed = workspace.target.join("original-config");
    // The scripts lie among the sources, where nothing is to be left behind.
    let mut snippets = ORIGINAL_CONFIG.python(workspace);
    snippets.arg("-B").arg(tests.join("original/snippets.py")).arg(&printed).read()?;
    compare(&tests.join("original/expected"), &printed)?;
    ORIGINAL_CONFIG.python(workspace).arg("-B").arg(tests.join("generated/validate.py")).read()?;
    Ok(())
}

/// Every file has to be in both folders, with the same contents.
fn compare(stored: &Path, printed: &Path) -> Result<()> {
    let [names, printed_names] = [names(stored)?, names(printed)?];
    ensure!(names == printed_names, "the toolkit prints {printed_names:?}, and there are {names:?}");
    for name in names {
        let (stored, printed) = (stored.join(&name), printed.join(&name));
        let is_same = fs::read(&stored)? == fs::read(&printed)?;
        ensure!(is_same, "{} is not what the toolkit prints: {}", stored.display(), printed.display());
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}
