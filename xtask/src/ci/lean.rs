use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use goblin::elf::Elf;

use crate::command::{Run, cargo};
use crate::workspace::Workspace;

/// Libraries that the default members must do without.
const FOREIGN: &[&str] = &["libgst", "libglib", "libgobject", "libgio"];

/// Builds and runs the tests of the default members as on a machine without GStreamer: pkg-config finds no library at all, and what was built asks for
/// none of it.
pub fn run(workspace: &Workspace) -> Result<()> {
    let nothing = workspace.target.join("lean");
    fs::create_dir_all(&nothing).with_context(|| format!("cannot create {}", nothing.display()))?;
    let test = |more: &str| {
        let mut test = cargo("test --no-fail-fast");
        test.args(more.split_whitespace()).current_dir(&workspace.root).env("PKG_CONFIG_LIBDIR", &nothing);
        test
    };
    let messages = test("--no-run --message-format json").read()?;
    let programs: Vec<_> = messages.lines().filter_map(program).collect();
    ensure!(!programs.is_empty(), "no test was built");
    for program in &programs {
        let foreign = foreign(Path::new(program))?;
        ensure!(foreign.is_empty(), "{program} asks for {}", foreign.join(", "));
    }
    println!("{} test programs without GStreamer", programs.len());
    test("--quiet").run()
}

/// The program that one of cargo's messages tells of, if it tells of one.
fn program(message: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    Some(message.get("executable")?.as_str()?.to_owned())
}

fn foreign(program: &Path) -> Result<Vec<String>> {
    let bytes = fs::read(program).with_context(|| format!("cannot read {}", program.display()))?;
    let elf = Elf::parse(&bytes).with_context(|| format!("{} is no ELF file", program.display()))?;
    let is_foreign = |library: &&&str| FOREIGN.iter().any(|foreign| library.starts_with(foreign));
    Ok(elf.libraries.iter().filter(is_foreign).map(|library| (*library).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_of_programs_tell_of_one() {
        let artifact = r#"{"reason":"compiler-artifact","executable":"/t/deps/frames-1"}"#;
        assert_eq!(program(artifact), Some("/t/deps/frames-1".to_owned()));
        assert_eq!(program(r#"{"reason":"compiler-artifact","executable":null}"#), None);
        assert_eq!(program("    Finished"), None);
    }

    #[test]
    fn a_program_without_foreign_libraries_is_told_from_no_program() {
        assert_eq!(foreign(&std::env::current_exe().unwrap()).unwrap(), Vec::<String>::new());
        assert!(foreign(Path::new(env!("CARGO_MANIFEST_DIR"))).is_err());
    }
}
