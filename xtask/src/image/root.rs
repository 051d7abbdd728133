use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::image::closure::Closure;
use crate::image::materials;
use crate::image::options::Options;
use crate::image::sysroot::{Sysroot, merged_usr};
use crate::workspace::Workspace;

/// The user that the program runs as in the image: not root.
pub const USER: u32 = 65532;

/// The folder that the program starts in and may write to.
pub const HOME: &str = "data";

const PASSWD: &str = "root:x:0:0:root:/root:/sbin/nologin\napp:x:65532:65532:app:/data:/sbin/nologin\n";
const GROUP: &str = "root:x:0:\nvideo:x:44:app\napp:x:65532:\n";
const NSSWITCH: &str = "passwd: files\ngroup: files\nhosts: files dns\n";
const HOSTS: &str = "127.0.0.1 localhost\n::1 localhost\n";

/// The files of an image, in a folder.
pub struct Root {
    pub folder: PathBuf,
    /// The path of the program.
    pub program: String,
}

impl Root {
    /// Puts them together.
    pub fn stage(
        folder: &Path,
        program: &Path,
        closure: &Closure,
        runtime: &Sysroot,
        workspace: &Workspace,
        options: &Options,
    ) -> Result<Self> {
        let root = Self { folder: folder.join("root"), program: format!("usr/bin/{}", options.bin) };
        if root.folder.exists() {
            fs::remove_dir_all(&root.folder)?;
        }
        merged_usr(&root.folder)?;
        root.copy(program, &root.program)?;
        for (path, file) in &closure.files {
            root.copy(file, path)?;
        }
        root.add_system(runtime)?;
        root.add_copyrights(closure, runtime)?;
        for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
            root.copy(&workspace.root.join(name), &format!("usr/share/doc/panorama-backpack/{name}"))?;
        }
        let materials = materials::list(closure, runtime, workspace, options)?;
        root.write(&format!("usr/share/doc/{}/sbom.spdx.json", options.bin), &materials)?;
        Ok(root)
    }

    /// What programs count on beside their libraries.
    fn add_system(&self, runtime: &Sysroot) -> Result<()> {
        self.write("etc/passwd", PASSWD)?;
        self.write("etc/group", GROUP)?;
        self.write("etc/nsswitch.conf", NSSWITCH)?;
        self.write("etc/hosts", HOSTS)?;
        for folder in ["tmp", "proc", "sys", "dev", HOME] {
            fs::create_dir_all(self.folder.join(folder))?;
        }
        self.write("etc/ssl/certs/ca-certificates.crt", &bundle(&runtime.folder)?)
    }

    /// The copyright files of the packages that files are from.
    fn add_copyrights(&self, closure: &Closure, runtime: &Sysroot) -> Result<()> {
        for package in materials::packages(closure, runtime) {
            let path = format!("usr/share/doc/{}/copyright", package.name);
            // It may be a link to another package's.
            if let Ok(file) = runtime.folder.join(&path).canonicalize() {
                self.copy(&file, &path)?;
            }
        }
        Ok(())
    }

    fn copy(&self, file: &Path, path: &str) -> Result<()> {
        let to = self.place(path)?;
        fs::copy(file, &to).with_context(|| format!("cannot copy {} to {}", file.display(), to.display()))?;
        Ok(())
    }

    fn write(&self, path: &str, text: &str) -> Result<()> {
        let to = self.place(path)?;
        fs::write(&to, text).with_context(|| format!("cannot write {}", to.display()))?;
        fs::set_permissions(&to, fs::Permissions::from_mode(0o644))?;
        Ok(())
    }

    fn place(&self, path: &str) -> Result<PathBuf> {
        let to = self.folder.join(path);
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        Ok(to)
    }

    /// How many files there are.
    pub fn files(&self) -> Result<usize> {
        Ok(self.paths()?.iter().filter(|path| path.is_file() && !path.is_symlink()).count())
    }

    /// How large they are together.
    pub fn bytes(&self) -> Result<u64> {
        let sizes = self.paths()?.into_iter().filter(|path| !path.is_symlink()).map(|path| path.metadata());
        let files = sizes.filter_map(|metadata| metadata.ok().filter(fs::Metadata::is_file));
        Ok(files.map(|metadata| metadata.len()).sum())
    }

    /// Everything in the folder, in order of the names, folders before what is in them.
    pub fn paths(&self) -> Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        collect(&self.folder, &mut paths)?;
        Ok(paths)
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        let is_folder = entry.is_dir() && !entry.is_symlink();
        paths.push(entry.clone());
        if is_folder {
            collect(&entry, paths)?;
        }
    }
    Ok(())
}

/// The certificates that Debian trusts, in one file; its package's script, which is not run here, would make it.
fn bundle(runtime: &Path) -> Result<String> {
    let folder = runtime.join("usr/share/ca-certificates/mozilla");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .with_context(|| format!("there are no certificates in {}", folder.display()))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files.iter().map(|file| Ok(fs::read_to_string(file)?.trim_end().to_owned() + "\n")).collect()
}
