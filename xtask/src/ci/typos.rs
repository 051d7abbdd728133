use anyhow::Result;

use crate::bench::environment::Environment;
use crate::command::Run;
use crate::workspace::Workspace;

/// It comes as a program, so that there is nothing to import.
const TYPOS: Environment = Environment {
    folder: "typos",
    system: &[],
    packages: &["typos==1.52.0"],
    is_resolved: false,
    modules: "importlib.metadata; importlib.metadata.version('typos')",
};

/// Looks for misspelt words everywhere; `typos.toml` has those that are meant.
pub fn run(workspace: &Workspace) -> Result<()> {
    TYPOS.ensure(workspace)?;
    TYPOS.program(workspace, "typos").current_dir(&workspace.root).run()
}
