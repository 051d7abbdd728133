use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::image::archive::{environment, write_root};
use crate::image::options::Options;
use crate::image::root::{HOME, Root, USER};

/// The archive of the files in it.
pub const ROOT: &str = "rootfs.tar";

/// A folder for `docker build`: the files and a Dockerfile that runs nothing, so that no emulator is needed.
pub fn write(root: &Root, options: &Options, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    write_root(root, &folder.join(ROOT))?;
    let environment = environment().map(|variable| format!("ENV {variable}\n")).concat();
    let dockerfile = format!(
        "# docker buildx build --platform linux/{} --tag {} --load .\n\
         FROM scratch\nADD {ROOT} /\n{environment}USER {USER}:{USER}\nWORKDIR /{HOME}\nENTRYPOINT [\"/{}\"]\n",
        options.target.oci, options.bin, root.program
    );
    Ok(fs::write(folder.join("Dockerfile"), dockerfile)?)
}
