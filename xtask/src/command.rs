use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use anyhow::{Context, Result, bail};

/// A command written as on a command line. No word of `line` may contain a space; arguments that may are added to the result.
pub fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// The cargo that runs this program, with the words of `line` as its arguments.
pub fn cargo(line: &str) -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(line.split_whitespace());
    // Cargo told this program about its package. Told the same, ring's build script would run once more, and all that builds upon ring be built again
    // whenever cargo is run by hand in between.
    for (name, _) in env::vars_os().filter(|(name, _)| is_about_package(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    cargo
}

/// Whether cargo sets this variable to tell a program about its package.
fn is_about_package(name: &str) -> bool {
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Writes a script of the shell that can be run.
pub fn write_script(path: &Path, body: &str) -> Result<()> {
    fs::write(path, format!("#!/bin/sh\n{body}\n"))
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(fs::set_permissions(path, fs::Permissions::from_mode(0o755))?)
}

/// A rustdoc with the features of nightly compilers. For rustc, too, they would have everything built once more.
pub fn unlocked_rustdoc(target: &Path) -> Result<PathBuf> {
    let path = target.join("rustdoc-unlocked");
    write_script(&path, "RUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"")?;
    Ok(path)
}

/// Runs commands to their end; one that fails is an error.
pub trait Run {
    /// Runs the command with its output in view.
    fn run(&mut self) -> Result<()>;

    /// Runs the command and returns what it printed. What it says on stderr is shown only as part of the error if it fails.
    fn read(&mut self) -> Result<String>;

    /// Whether the command can be run and succeeds; its output is discarded.
    fn succeeds(&mut self) -> bool;
}

impl Run for Command {
    fn run(&mut self) -> Result<()> {
        let status = self.status().with_context(|| format!("cannot run {}", shown(self)))?;
        if !status.success() {
            bail!("{} failed: {status}", shown(self));
        }
        Ok(())
    }

    fn read(&mut self) -> Result<String> {
        let output = self.output().with_context(|| format!("cannot run {}", shown(self)))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("{} failed: {}\n{}", shown(self), output.status, said.trim_end());
        }
        String::from_utf8(output.stdout).with_context(|| format!("the output of {}", shown(self)))
    }

    fn succeeds(&mut self) -> bool {
        let status = self.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }
}

/// The command as one would type it, with the program's bare name.
fn shown(command: &Command) -> String {
    let program = command.get_program();
    let name = Path::new(program).file_name().unwrap_or(program);
    let words = std::iter::once(name).chain(command.get_args());
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}
