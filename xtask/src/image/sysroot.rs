use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::image::apt::Apt;
use crate::image::archive::sha256;
use crate::image::package::Package;
use crate::image::target::Target;

/// The folder in which Debian's packages lie unpacked.
pub struct Sysroot {
    pub folder: PathBuf,
    packages: Vec<Package>,
    /// The index in `packages` of the owner of each file, by its path below `usr` or `etc`.
    owners: BTreeMap<String, usize>,
}

impl Sysroot {
    /// What builds programs for the target: compilers for this machine, libraries for that one, and qemu.
    pub fn for_building(folder: &Path, target: &Target) -> Result<Self> {
        let host = Target::host().context("images can only be made on x86_64 and aarch64")?;
        let of_target = |package: &str| format!("{package}:{}", target.debian);
        let gcc = if host == *target { "gcc".to_owned() } else { format!("gcc-{}", target.gnu) };
        let libraries = [
            "libc6-dev",
            "libgstreamer1.0-dev",
            "libgstreamer-plugins-base1.0-dev",
            "libgstrtspserver-1.0-dev",
            "libstd-rust-web-dev",
        ];
        let tools = ["rustc-web", "pkgconf", "qemu-user-static"].map(str::to_owned);
        let packages: Vec<String> = tools.into_iter().chain([gcc]).chain(libraries.map(of_target)).collect();
        let architectures =
            if host == *target { vec![host.debian] } else { vec![host.debian, target.debian] };
        Self::unpacked(folder, "build", &architectures, &packages)
    }

    /// What programs load on the target.
    pub fn for_running(folder: &Path, target: &Target, packages: &[&str]) -> Result<Self> {
        let packages: Vec<String> = packages.iter().map(|&package| package.to_owned()).collect();
        Self::unpacked(folder, "run", &[target.debian], &packages)
    }

    /// What was unpacked from the same packages and sources before is used again.
    fn unpacked(folder: &Path, name: &str, architectures: &[&str], wanted: &[String]) -> Result<Self> {
        let apt = folder.join(format!("apt-{name}"));
        let key = key(architectures, wanted)?;
        let marker = folder.join(format!("{name}-{}", &key[..16]));
        let root = folder.join(name);
        if !marker.exists() {
            clear(folder, name)?;
            let apt = Apt::set_up(&apt, architectures)?;
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            merged_usr(&root)?;
            for package in apt.download(&wanted)? {
                let files = package.unpack(&root)?.join("\n");
                fs::write(listing(folder, name, &package), files)?;
            }
            fs::write(&marker, "")?;
        }
        Self::load(folder, name, &apt.join("cache/archives"), root)
    }

    fn load(folder: &Path, name: &str, archives: &Path, root: PathBuf) -> Result<Self> {
        let mut sysroot = Self { folder: root, packages: Vec::new(), owners: BTreeMap::new() };
        let mut files: Vec<PathBuf> = fs::read_dir(archives)?.flatten().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|end| end == "deb"));
        files.sort();
        for package in files.into_iter().map(Package::read) {
            let package = package?;
            let listing = listing(folder, name, &package);
            let paths =
                fs::read_to_string(&listing).with_context(|| format!("cannot read {}", listing.display()))?;
            let index = sysroot.packages.len();
            sysroot.owners.extend(paths.lines().map(|path| (below_usr(path), index)));
            sysroot.packages.push(package);
        }
        Ok(sysroot)
    }

    /// The package that a file is from, by its path from the root.
    pub fn owner(&self, path: &str) -> Option<&Package> {
        self.owners.get(&below_usr(path)).map(|&index| &self.packages[index])
    }
}

/// Where the files of a package are listed.
fn listing(folder: &Path, name: &str, package: &Package) -> PathBuf {
    folder.join(format!("lists-{name}")).join(format!("{}_{}", package.name, package.architecture))
}

/// The path with the links of a merged /usr followed.
fn below_usr(path: &str) -> String {
    match path.split('/').next() {
        Some("bin" | "sbin" | "lib" | "lib64") => format!("usr/{path}"),
        _ => path.to_owned(),
    }
}

/// Takes away what an earlier run left, but for packages, which apt would have to fetch again.
fn clear(folder: &Path, name: &str) -> Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let is_marker = entry.file_name().to_string_lossy().starts_with(&format!("{name}-"));
        if is_marker {
            fs::remove_file(entry.path())?;
        }
    }
    for part in [folder.join(name), folder.join(format!("lists-{name}"))] {
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        fs::create_dir_all(&part)?;
    }
    // Those of other packages would be unpacked, too.
    let archives = folder.join(format!("apt-{name}/cache/archives"));
    if archives.exists() {
        fs::remove_dir_all(archives)?;
    }
    Ok(())
}

/// The links that packages count on.
pub fn merged_usr(root: &Path) -> Result<()> {
    for name in ["bin", "sbin", "lib", "lib64"] {
        fs::create_dir_all(root.join("usr").join(name))?;
        std::os::unix::fs::symlink(format!("usr/{name}"), root.join(name))?;
    }
    Ok(())
}

/// Changes when the packages or the sources do.
fn key(architectures: &[&str], packages: &[String]) -> Result<String> {
    let mut sources: Vec<PathBuf> = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    sources.push("/etc/apt/sources.list".into());
    sources.sort();
    let mut all = format!("{architectures:?} {packages:?}");
    for source in sources.iter().filter(|source| source.is_file()) {
        all += &fs::read_to_string(source).with_context(|| format!("cannot read {}", source.display()))?;
    }
    Ok(sha256(all.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_their_place_below_usr() {
        assert_eq!(below_usr("lib/aarch64-linux-gnu/libc.so.6"), "usr/lib/aarch64-linux-gnu/libc.so.6");
        assert_eq!(below_usr("usr/lib/x"), "usr/lib/x");
        assert_eq!(below_usr("etc/ssl"), "etc/ssl");
        assert_eq!(below_usr("library"), "library");
    }
}
