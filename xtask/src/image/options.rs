use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};

use crate::image::plugins;
use crate::image::target::{AARCH64, Target};

/// What kind of file is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One tar archive that is an OCI layout and what `docker load` reads.
    Oci,
    /// A tar archive of the files alone.
    RootFs,
    /// A folder for `docker build`.
    Docker,
}

/// What image is wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    pub target: Target,
    pub format: Format,
    /// The manifest of a workspace other than this one.
    pub manifest: Option<PathBuf>,
    pub package: String,
    pub bin: String,
    pub features: Option<String>,
    /// Plugins of GStreamer beside those that Backpack itself uses.
    pub plugins: Vec<String>,
    /// Packages of Debian that hold such plugins.
    pub debian: Vec<String>,
    pub output: Option<PathBuf>,
    pub smoke: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let (mut package, mut bin) = (None, None);
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            if argument == "--smoke" {
                options.smoke = true;
                continue;
            }
            let mut value = || arguments.next().with_context(|| format!("{argument} needs a value"));
            match argument.as_str() {
                "--target" => options.target = target(value()?)?,
                "--format" => options.format = format(value()?)?,
                "--manifest-path" => options.manifest = Some(value()?.into()),
                "--package" => package = Some(value()?.clone()),
                "--bin" => bin = Some(value()?.clone()),
                "--features" => options.features = Some(value()?.clone()),
                "--plugin" => options.plugins.push(value()?.clone()),
                "--debian" => options.debian.push(value()?.clone()),
                "--output" => options.output = Some(value()?.into()),
                unknown => bail!(
                    "image has no option {unknown}; it has --target, --format, --manifest-path, --package, --bin, \
                     --features, --plugin, --debian, --output and --smoke"
                ),
            }
        }
        if let Some(package) = package {
            options.bin.clone_from(&package);
            options.package = package;
        } else {
            ensure!(options.manifest.is_none(), "--manifest-path needs --package, too");
        }
        options.bin = bin.unwrap_or(options.bin);
        Ok(options)
    }

    /// Where the image goes.
    pub fn output(&self, target: &Path) -> PathBuf {
        let name = match self.format {
            Format::Oci => format!("{}-{}.tar", self.bin, self.target.debian),
            Format::RootFs => format!("{}-{}-rootfs.tar", self.bin, self.target.debian),
            Format::Docker => format!("{}-{}-docker", self.bin, self.target.debian),
        };
        self.output.clone().unwrap_or_else(|| target.join("image").join(name))
    }

    /// The packages of Debian whose files the image may need.
    pub fn system_packages(&self) -> Vec<&str> {
        plugins::PACKAGES.iter().copied().chain(self.debian.iter().map(String::as_str)).collect()
    }

    /// The plugins of GStreamer in the image.
    pub fn plugins(&self) -> impl Iterator<Item = &str> {
        plugins::PLUGINS.iter().copied().chain(self.plugins.iter().map(String::as_str))
    }

    /// Whether the program is this project's own.
    pub fn is_hike(&self) -> bool {
        self.manifest.is_none() && self.bin == "hike"
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            target: AARCH64,
            format: Format::Oci,
            manifest: None,
            package: "backpack-examples".into(),
            bin: "hike".into(),
            features: None,
            plugins: Vec::new(),
            debian: Vec::new(),
            output: None,
            smoke: false,
        }
    }
}

fn target(name: &str) -> Result<Target> {
    Target::named(name)
        .with_context(|| format!("there are no images for {name}, only for aarch64 and x86_64"))
}

fn format(name: &str) -> Result<Format> {
    match name {
        "oci" => Ok(Format::Oci),
        "rootfs" => Ok(Format::RootFs),
        "docker" => Ok(Format::Docker),
        _ => bail!("an image is oci, rootfs or docker, not {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_it_is_hike_for_arm() {
        let options = parse("").unwrap();
        assert_eq!((options.bin.as_str(), options.target.oci), ("hike", "arm64"));
        assert!(options.is_hike());
        assert_eq!(options.output(Path::new("/t")), Path::new("/t/image/hike-arm64.tar"));
    }

    #[test]
    fn a_package_is_its_program_unless_told_otherwise() {
        let options = parse("--manifest-path /app/Cargo.toml --package app --target x86_64").unwrap();
        assert_eq!((options.bin.as_str(), options.target.debian), ("app", "amd64"));
        assert!(!options.is_hike());
        assert_eq!(parse("--package app --bin tool").unwrap().bin, "tool");
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let error = |line| parse(line).unwrap_err().to_string();
        assert_eq!(error("--target riscv64"), "there are no images for riscv64, only for aarch64 and x86_64");
        assert_eq!(error("--format zip"), "an image is oci, rootfs or docker, not zip");
        assert_eq!(error("--bin"), "--bin needs a value");
        assert!(error("--fast").starts_with("image has no option --fast"));
        assert_eq!(error("--manifest-path Cargo.toml"), "--manifest-path needs --package, too");
    }
}
