use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};

use crate::image::closure::Closure;
use crate::image::options::{Format, Options};
use crate::image::root::Root;
use crate::image::sysroot::Sysroot;
use crate::image::toolchain::Toolchain;
use crate::workspace::Workspace;

mod apt;
mod archive;
mod closure;
mod context;
mod elf;
mod materials;
mod options;
mod package;
mod plugins;
mod root;
mod smoke;
mod sysroot;
mod target;
mod toolchain;

/// Builds a program for another machine and packs it with all that it loads, and nothing else, into an image for containers.
///
/// Nothing is installed on this machine and nothing needs root: Debian's packages are unpacked below the target folder.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let begun = Instant::now();
    let options = Options::parse(arguments)?;
    let folder = workspace.target.join("image").join(options.target.debian);
    fs::create_dir_all(&folder)?;
    let step = |what: &str| println!("[{:>4} s] {what}", begun.elapsed().as_secs());

    step("fetching what builds it");
    let sysroot = Sysroot::for_building(&folder, &options.target)?;
    step("fetching what it loads");
    let runtime = Sysroot::for_running(&folder, &options.target, &options.system_packages())?;
    step("building it");
    let toolchain = Toolchain::prepare(&folder, &options.target, &sysroot)?;
    let program = toolchain.build(workspace, &options)?;
    step("picking what it loads");
    let closure = Closure::of(&program, &runtime, &options)?;
    let root = Root::stage(&folder, &program, &closure, &runtime, workspace, &options)?;
    println!("         {} files, {:.1} MB", root.files()?, root.bytes()? as f64 / 1e6);
    step("writing it");
    let written = write(&root, &options, workspace)?;
    if options.smoke {
        step("trying it");
        smoke::run(&folder, &written, &sysroot, &options)?;
    }
    step(&format!("done: {}", written.display()));
    Ok(())
}

fn write(root: &Root, options: &Options, workspace: &Workspace) -> Result<PathBuf> {
    let written = options.output(&workspace.target);
    let context = || format!("cannot write {}", written.display());
    match options.format {
        Format::Oci => archive::write_image(root, options, &written).with_context(context)?,
        Format::RootFs => archive::write_root(root, &written).with_context(context)?,
        Format::Docker => context::write(root, options, &written).with_context(context)?,
    }
    Ok(written)
}
