use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

/// What moto and its server consist of, and in which versions.
const REQUIREMENTS: &str = "crates/backpack-cwtacho/tests/support/requirements.txt";

/// Installs moto, which the tests ask instead of AWS, into the target folder unless it is there. After that no test needs a network.
pub fn ensure(workspace: &Workspace) -> Result<()> {
    let folder = workspace.target.join("moto");
    let requirements = workspace.root.join(REQUIREMENTS);
    let wanted = fs::read_to_string(&requirements).context("cannot read what moto consists of")?;
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    // Two commands at once do not install into each other's work.
    let lock = File::create(workspace.target.join("moto.lock"))?;
    lock.lock()?;
    // Written last, so that an installation that was interrupted is begun again.
    let mark = folder.join("installed.txt");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("installing {} into {}", wanted.trim_end().replace('\n', " "), folder.display());
    system::ensure(&["python3", "python3-venv"])?;
    command("/usr/bin/python3 -m venv --clear").arg(&folder).read()?;
    Command::new(folder.join("bin/python"))
        .args("-m pip --disable-pip-version-check install --quiet --requirement".split(' '))
        .arg(requirements)
        .read()?;
    Ok(fs::write(mark, wanted)?)
}
