use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::command::{Run, cargo};

/// What cargo knows about this workspace.
pub struct Workspace {
    /// The folder of the root manifest.
    pub root: PathBuf,
    /// Where everything built and fetched goes; `CARGO_TARGET_DIR` moves it.
    pub target: PathBuf,
    /// The members, by name.
    pub packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    pub name: String,
    /// Its library, as programs call it, or else the name.
    pub library: String,
    /// The names of its features, those of optional dependencies included.
    pub features: Vec<String>,
    pub is_published: bool,
}

impl Workspace {
    pub fn load() -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
        let metadata = cargo("metadata --no-deps --format-version 1 --manifest-path").arg(manifest).read()?;
        Self::parse(&metadata).context("cannot read what `cargo metadata` says")
    }

    fn parse(metadata: &str) -> Result<Self> {
        let metadata: Value = serde_json::from_str(metadata)?;
        let packages = metadata["packages"].as_array().context("there are no packages")?;
        let mut packages = packages.iter().map(Package::parse).collect::<Result<Vec<_>>>()?;
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            root: string(&metadata, "workspace_root")?.into(),
            target: string(&metadata, "target_directory")?.into(),
            packages,
        })
    }

    /// The members that are meant for the registry.
    pub fn published(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_published)
    }
}

impl Package {
    fn parse(package: &Value) -> Result<Self> {
        let features = package["features"].as_object().context("there are no features")?;
        // An empty default is the same as no default, which is looked at anyway.
        let is_empty_default =
            |name: &str, parts: &Value| name == "default" && parts.as_array().is_some_and(Vec::is_empty);
        let mut features = features
            .iter()
            .filter(|(name, parts)| !is_empty_default(name, parts))
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>();
        features.sort();
        let name = string(package, "name")?;
        Ok(Self {
            name: name.to_owned(),
            library: library(package).unwrap_or(name).to_owned(),
            features,
            // `publish = false` comes out as an empty list of registries.
            is_published: !package["publish"].as_array().is_some_and(Vec::is_empty),
        })
    }
}

/// The name of the package's library, if it has one.
fn library(package: &Value) -> Option<&str> {
    let is_library = |target: &&Value| {
        let mut kinds = target["kind"].as_array().into_iter().flatten();
        kinds.any(|kind| kind == "lib" || kind == "proc-macro")
    };
    package["targets"].as_array()?.iter().find(is_library)?["name"].as_str()
}

fn string<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().with_context(|| format!("there is no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "workspace_root": "/w", "target_directory": "/elsewhere",
        "packages": [
            {"name": "tool", "features": {}, "publish": []},
            {"name": "lib", "features": {"default": [], "web": ["dep:axum"], "serde": ["dep:serde"]}, "publish": null},
            {"name": "front", "features": {"default": ["web"], "web": []}, "publish": null,
             "targets": [{"kind": ["test"], "name": "all"}, {"kind": ["lib"], "name": "front_library"}]}
        ]
    }"#;

    #[test]
    fn features_are_listed_without_an_empty_default() {
        let workspace = Workspace::parse(METADATA).unwrap();
        let features =
            |name| &workspace.packages.iter().find(|package| package.name == name).unwrap().features;
        assert_eq!(*features("lib"), ["serde", "web"]);
        assert_eq!(*features("front"), ["default", "web"]);
        assert!(features("tool").is_empty());
    }

    #[test]
    fn a_package_with_publish_false_is_not_published() {
        let workspace = Workspace::parse(METADATA).unwrap();
        let published = workspace.published().map(|package| package.name.as_str()).collect::<Vec<_>>();
        assert_eq!(published, ["front", "lib"]);
    }

    #[test]
    fn a_library_may_have_a_name_of_its_own() {
        let workspace = Workspace::parse(METADATA).unwrap();
        let libraries = workspace.packages.iter().map(|package| package.library.as_str()).collect::<Vec<_>>();
        assert_eq!(libraries, ["front_library", "lib", "tool"]);
    }

    #[test]
    fn metadata_without_packages_is_an_error() {
        assert!(Workspace::parse("{}").is_err());
    }
}
