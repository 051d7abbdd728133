use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::command::{Run, cargo, unlocked_rustdoc};
use crate::system;
use crate::workspace::{Package, Workspace};

/// The form in which compilers around Rust 1.95 describe a crate, which has no stable one yet.
const FORMAT: u64 = 57;

/// Writes the public items of each crate, one in a line, into `docs/api`, so that a change of them is seen in its diff.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    if let Some(argument) = arguments.first() {
        bail!("api takes no arguments, such as {argument}");
    }
    system::ensure(system::BUILD)?;
    let Some(listings) = Listing::of_all(workspace)? else { bail!("there is nothing to list") };
    fs::create_dir_all(folder(workspace))?;
    for Listing { path, items } in listings {
        fs::write(&path, items).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("wrote {}", folder(workspace).display());
    Ok(())
}

/// Fails if the public items are others than those that are listed.
pub fn check(workspace: &Workspace) -> Result<()> {
    let stale = Listing::of_all(workspace)?.unwrap_or_default();
    let stale = stale.iter().filter(|listing| !listing.is_written()).map(|listing| listing.path.display());
    let stale: Vec<_> = stale.map(|path| path.to_string()).collect();
    ensure!(
        stale.is_empty(),
        "the public API is no longer what is listed in {}: `cargo xtask api` lists it anew, and the diff shows what users will notice",
        stale.join(", ")
    );
    Ok(())
}

struct Listing {
    path: PathBuf,
    items: String,
}

impl Listing {
    /// The listing of each crate; none if the compiler describes crates in a form that is not known here.
    fn of_all(workspace: &Workspace) -> Result<Option<Vec<Self>>> {
        describe(workspace)?;
        let description =
            |package: &Package| workspace.target.join("doc").join(format!("{}.json", package.library));
        // One compiler describes them all.
        let first = workspace.published().next().context("no crate is published")?;
        let format = format(&description(first))?;
        if format != FORMAT {
            println!("the compiler describes crates in the format {format}, and only {FORMAT} can be listed");
            return Ok(None);
        }
        let listing = |package: &Package| {
            anyhow::Ok(Self {
                path: folder(workspace).join(format!("{}.txt", package.name)),
                items: items(package, &description(package))?,
            })
        };
        workspace.published().map(listing).collect::<Result<_>>().map(Some)
    }

    fn is_written(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|written| written == self.items)
    }
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.root.join("docs/api")
}

/// Has rustdoc write what each crate consists of into a file.
fn describe(workspace: &Workspace) -> Result<()> {
    cargo("doc --quiet --lib --workspace --all-features --no-deps")
        .current_dir(&workspace.root)
        .env("RUSTDOC", unlocked_rustdoc(&workspace.target)?)
        .env("RUSTDOCFLAGS", "-Z unstable-options --output-format json")
        .run()
}

fn format(description: &Path) -> Result<u64> {
    let context = || format!("cannot read {}", description.display());
    let value: Value = serde_json::from_slice(&fs::read(description).with_context(context)?)?;
    value.get("format_version").and_then(Value::as_u64).with_context(context)
}

/// The items that the crate itself has, without the implementations that the compiler or the standard library give to everything.
fn items(package: &Package, description: &Path) -> Result<String> {
    let api = public_api::Builder::from_rustdoc_json(description)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()
        .with_context(|| format!("cannot list the items of {}", package.name))?;
    Ok(api.items().map(|item| format!("{item}\n")).collect())
}
