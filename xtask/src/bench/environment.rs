use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

/// A Python environment with packages in fixed versions.
pub struct Environment {
    /// Below the target folder.
    folder: &'static str,
    packages: &'static [&'static str],
    /// Whether pip adds what the packages ask for.
    is_resolved: bool,
    /// What can be imported when all is installed.
    modules: &'static str,
}

/// The original and what the measured part of it needs. The numpy that it asks for is too old for today's Pythons, so nothing is resolved.
/// Of OpenCV it has the last of the versions that it was written for.
pub const ORIGINAL: Environment = Environment {
    folder: "peer",
    packages: &[
        "panorama-backpack==0.3.2",
        "numpy==2.2.6",
        "python-dateutil==2.8.2",
        "six==1.17.0",
        "opencv-python-headless==4.14.0.94",
    ],
    is_resolved: false,
    modules: "backpack.annotation.opencv, backpack.geometry, backpack.timepiece",
};

/// supervision and OpenCV. What else supervision asks for does not draw, so its versions are pip's choice.
pub const SUPERVISION: Environment = Environment {
    folder: "peer-supervision",
    packages: &["supervision==0.31.2", "opencv-python-headless==5.0.0.93", "numpy==2.2.6"],
    is_resolved: true,
    modules: "cv2, supervision",
};

impl Environment {
    /// Installs what is not there yet.
    pub fn ensure(&self, workspace: &Workspace) -> Result<()> {
        system::ensure(&["python3", "python3-venv"])?;
        if self.is_installed(workspace) {
            return Ok(());
        }
        let folder = self.folder(workspace);
        let (packages, modules) = (self.packages.join(" "), self.modules);
        let more = if self.is_resolved { " and what they need" } else { "" };
        println!("installing {packages}{more} into {}", folder.display());
        command("/usr/bin/python3 -m venv --clear").arg(folder).read()?;
        let mut install = self.python(workspace);
        install.args("-m pip --disable-pip-version-check install --quiet".split(' '));
        if !self.is_resolved {
            install.arg("--no-deps");
        }
        install.args(self.packages).read()?;
        ensure!(
            self.is_installed(workspace),
            "{packages} are installed, but cannot be imported as {modules}"
        );
        Ok(())
    }

    /// The environment's interpreter.
    pub fn python(&self, workspace: &Workspace) -> Command {
        Command::new(self.folder(workspace).join("bin/python"))
    }

    fn folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.target.join(self.folder)
    }

    fn is_installed(&self, workspace: &Workspace) -> bool {
        self.python(workspace).arg("-c").arg(format!("import {}", self.modules)).succeeds()
    }
}
