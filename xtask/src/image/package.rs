use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::command::{Run, command};

/// A package file of Debian.
#[derive(Debug, Clone)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub architecture: String,
    file: PathBuf,
}

impl Package {
    /// Reads what the file says of itself.
    pub fn read(file: PathBuf) -> Result<Self> {
        let fields = command("dpkg-deb --show --showformat=${Package}\\t${Version}\\t${Architecture}")
            .arg(&file)
            .read()?;
        let mut fields = fields.split('\t').map(str::to_owned);
        let mut field = || fields.next().with_context(|| format!("{} says too little", file.display()));
        let (name, version, architecture) = (field()?, field()?, field()?);
        Ok(Self { name, version, architecture, file })
    }

    /// Unpacks its files below a folder, and gives their paths from there. Its scripts are not run.
    pub fn unpack(&self, root: &Path) -> Result<Vec<String>> {
        let mut packed = command("dpkg-deb --fsys-tarfile").arg(&self.file).stdout(Stdio::piped()).spawn()?;
        let files = packed.stdout.take().context("dpkg-deb has no output")?;
        let listed = command("tar --extract --verbose --no-same-owner --keep-directory-symlink --directory")
            .arg(root)
            .stdin(files)
            .read()
            .with_context(|| format!("cannot unpack {}", self.file.display()))?;
        ensure!(packed.wait()?.success(), "{} is damaged", self.file.display());
        Ok(listed.lines().map(|path| path.trim_start_matches("./").to_owned()).collect())
    }

    /// A package URL, which lists of materials go by.
    pub fn url(&self) -> String {
        let version = self.version.replace('+', "%2B").replace(':', "%3A");
        format!("pkg:deb/debian/{}@{version}?arch={}", self.name, self.architecture)
    }

    /// The SHA-256 of the file.
    pub fn digest(&self) -> Result<String> {
        let mut bytes = Vec::new();
        File::open(&self.file)?.read_to_end(&mut bytes)?;
        Ok(super::archive::sha256(&bytes))
    }
}
