use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{Run, cargo, command, write_script};
use crate::image::options::Options;
use crate::image::sysroot::Sysroot;
use crate::image::target::Target;
use crate::workspace::Workspace;

/// What turns sources into a program for the target.
pub struct Toolchain {
    target: Target,
    /// Programs that set up their environment by themselves.
    tools: PathBuf,
    sysroot: PathBuf,
    /// Debian's compiler, if this machine's has no standard library for the target.
    rustc: Option<PathBuf>,
    build_folder: PathBuf,
}

impl Toolchain {
    pub fn prepare(folder: &Path, target: &Target, sysroot: &Sysroot) -> Result<Self> {
        let host = Target::host().context("images can only be made on x86_64 and aarch64")?;
        let tools = folder.join("tools");
        fs::create_dir_all(&tools)?;
        let root = sysroot.folder.to_str().context("the target folder's name is not UTF-8")?;
        ensure!(!root.contains('\''), "no tools can be set up in {root}: its name has a quotation mark");
        let tool = |name: &str, arguments: &str| {
            let path = tools.join(name.rsplit('/').next().unwrap_or(name));
            let libraries = format!("{root}/usr/lib/{}", host.gnu);
            let body =
                format!("LD_LIBRARY_PATH='{libraries}' exec '{root}/usr/bin/{name}' {arguments} \"$@\"");
            write_script(&path, &body)?;
            anyhow::Ok(path)
        };
        tool(&format!("{}-gcc", target.gnu), &format!("--sysroot='{root}'"))?;
        tool(&format!("{}-ar", target.gnu), "")?;
        tool("pkgconf", "")?;
        let rustc = if has_standard_library(target) { None } else { Some(tool("rustc", "")?) };
        match &rustc {
            None => println!("         with this machine's own Rust"),
            Some(_) => println!(
                "         with Debian's Rust, as this machine's has no standard library for {target}"
            ),
        }
        Ok(Self {
            target: *target,
            tools,
            sysroot: sysroot.folder.clone(),
            rustc,
            build_folder: folder.join("cargo"),
        })
    }

    /// Builds the program; gives its file.
    pub fn build(&self, workspace: &Workspace, options: &Options) -> Result<PathBuf> {
        let mut build = self.command(workspace, options);
        build.args(["--package", &options.package, "--bin", &options.bin]);
        if let Some(features) = &options.features {
            build.args(["--features", features]);
        }
        build.run()?;
        let program = self.build_folder.join(self.target.rust).join("release").join(&options.bin);
        ensure!(program.is_file(), "cargo built no {}", program.display());
        Ok(program)
    }

    fn command(&self, workspace: &Workspace, options: &Options) -> Command {
        let Self { target, sysroot, .. } = self;
        let tool = |name: &str| self.tools.join(format!("{}-{name}", target.gnu));
        let manifest = options.manifest.clone().unwrap_or_else(|| workspace.root.join("Cargo.toml"));
        let pkg_config = [format!("usr/lib/{}/pkgconfig", target.gnu), "usr/share/pkgconfig".into()];
        let pkg_config = pkg_config.map(|folder| sysroot.join(folder).display().to_string()).join(":");
        let variable = target.variable();
        let of_cargo = |name: &str| format!("CARGO_TARGET_{}_{name}", variable.to_uppercase());
        let mut build = cargo("build --release");
        if options.manifest.is_none() {
            build.arg("--locked");
        }
        build
            .arg("--target")
            .arg(target.rust)
            .arg("--manifest-path")
            .arg(&manifest)
            .arg("--target-dir")
            .arg(&self.build_folder)
            .env(of_cargo("LINKER"), tool("gcc"))
            .env(of_cargo("RUSTFLAGS"), remapped(workspace, &manifest))
            .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
            .env(format!("CC_{variable}"), tool("gcc"))
            .env(format!("AR_{variable}"), tool("ar"))
            .env("PKG_CONFIG", self.tools.join("pkgconf"))
            .env("PKG_CONFIG_ALLOW_CROSS", "1")
            .env("PKG_CONFIG_SYSROOT_DIR", sysroot)
            .env("PKG_CONFIG_LIBDIR", pkg_config)
            // It would take the place of the variable for the target.
            .env_remove("RUSTFLAGS");
        if let Some(rustc) = &self.rustc {
            build.env("RUSTC", rustc).env_remove("RUSTC_WRAPPER");
        }
        build
    }
}

/// Keeps this machine's folders out of the program, so that it comes out the same in others.
fn remapped(workspace: &Workspace, manifest: &Path) -> String {
    let home = std::env::var("CARGO_HOME").map(PathBuf::from).ok();
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let own = manifest.parent().map(Path::to_owned);
    let folders = [(home, "/cargo"), (Some(workspace.root.clone()), "/backpack"), (own, "/app")];
    let remap = |(folder, name): (Option<PathBuf>, &str)| {
        Some(format!("--remap-path-prefix={}={name}", folder?.display()))
    };
    folders.into_iter().filter_map(remap).collect::<Vec<_>>().join(" ")
}

/// Whether this machine's compiler has, or rustup can give it, a standard library for the target.
fn has_standard_library(target: &Target) -> bool {
    let is_there = || {
        let libraries = command("rustc --print target-libdir --target").arg(target.rust).read();
        libraries.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
    };
    is_there() || command("rustup target add").arg(target.rust).succeeds() && is_there()
}
