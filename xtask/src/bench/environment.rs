use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::{Run, command};
use crate::system;
use crate::workspace::Workspace;

/// A Python environment with packages in fixed versions.
pub struct Environment {
    /// Below the target folder.
    pub folder: &'static str,
    /// Debian's packages whose modules it sees beside its own.
    pub system: &'static [&'static str],
    pub packages: &'static [&'static str],
    /// Whether pip adds what the packages ask for.
    pub is_resolved: bool,
    /// What can be imported when all is installed.
    pub modules: &'static str,
}

/// The original and what the measured part of it needs. The numpy that it asks for is too old for today's Pythons, so nothing is resolved.
/// Of OpenCV it has the last of the versions that it was written for.
pub const ORIGINAL: Environment = Environment {
    folder: "peer",
    system: &[],
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

/// The original with the OpenCV that it needs for streams: one with GStreamer, which is Debian's.
pub const ORIGINAL_WITH_GSTREAMER: Environment = Environment {
    folder: "peer-gstreamer",
    system: &[
        "python3-opencv",
        "python3-numpy",
        "python3-dateutil",
        "python3-boto3",
        "python3-dotenv",
        "python3-gi",
        "python3-gst-1.0",
        "gir1.2-gst-rtsp-server-1.0",
        "gir1.2-gst-plugins-base-1.0",
    ],
    packages: &["panorama-backpack==0.3.2"],
    is_resolved: false,
    modules: "cv2, backpack.skyline, backpack.rtsp",
};

/// The original with Jinja, which its templates need, and a validator of JSON Schemas.
pub const ORIGINAL_CONFIG: Environment = Environment {
    folder: "peer-config",
    system: &[],
    packages: &["panorama-backpack==0.3.2", "Jinja2==3.1.6", "MarkupSafe==3.0.4", "fastjsonschema==2.22.3"],
    is_resolved: false,
    modules: "backpack.config, fastjsonschema, jinja2",
};

/// supervision and OpenCV. What else supervision asks for does not draw, so its versions are pip's choice.
pub const SUPERVISION: Environment = Environment {
    folder: "peer-supervision",
    system: &[],
    packages: &["supervision==0.31.2", "opencv-python-headless==5.0.0.93", "numpy==2.2.6"],
    is_resolved: true,
    modules: "cv2, supervision",
};

impl Environment {
    /// Installs what is not there yet; another command that wants the same waits until it is.
    pub fn ensure(&self, workspace: &Workspace) -> Result<()> {
        system::ensure(&["python3", "python3-venv"])?;
        system::ensure(self.system)?;
        fs::create_dir_all(&workspace.target)?;
        let lock = File::create(self.folder(workspace).with_extension("lock"))?;
        lock.lock()?;
        if self.is_installed(workspace) {
            return Ok(());
        }
        let folder = self.folder(workspace);
        let (packages, modules) = (self.packages.join(" "), self.modules);
        let more = if self.is_resolved { " and what they need" } else { "" };
        println!("installing {packages}{more} into {}", folder.display());
        let access = if self.system.is_empty() { "" } else { "--system-site-packages" };
        command(&format!("/usr/bin/python3 -m venv --clear {access}")).arg(folder).read()?;
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
        self.program(workspace, "python")
    }

    /// A program that one of its packages brings.
    pub fn program(&self, workspace: &Workspace, name: &str) -> Command {
        Command::new(self.folder(workspace).join("bin").join(name))
    }

    fn folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.target.join(self.folder)
    }

    fn is_installed(&self, workspace: &Workspace) -> bool {
        self.python(workspace).arg("-c").arg(format!("import {}", self.modules)).succeeds()
    }
}
