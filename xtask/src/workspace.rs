use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tinyjson::{InnerAsRef, JsonValue};

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
        let metadata = metadata.parse()?;
        let packages: &Vec<_> = field(&metadata, "packages")?;
        let mut packages = packages.iter().map(Package::parse).collect::<Result<Vec<_>>>()?;
        packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self {
            root: field::<String>(&metadata, "workspace_root")?.into(),
            target: field::<String>(&metadata, "target_directory")?.into(),
            packages,
        })
    }

    /// The members that are meant for the registry.
    pub fn published(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_published)
    }
}

impl Package {
    fn parse(package: &JsonValue) -> Result<Self> {
        let features: &Object = field(package, "features")?;
        // An empty default is the same as no default, which is looked at anyway.
        let is_empty_default =
            |name: &str, parts: &JsonValue| name == "default" && parts.get().is_some_and(Vec::is_empty);
        let mut features = features
            .iter()
            .filter(|(name, parts)| !is_empty_default(name, parts))
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>();
        features.sort();
        Ok(Self {
            name: field::<String>(package, "name")?.clone(),
            features,
            // `publish = false` comes out as an empty list of registries.
            is_published: !field(package, "publish").is_ok_and(Vec::is_empty),
        })
    }
}

type Object = HashMap<String, JsonValue>;

/// The field of an object, if it is there and of the type `T`.
fn field<'a, T: InnerAsRef>(value: &'a JsonValue, name: &str) -> Result<&'a T> {
    let field = value.get::<Object>().and_then(|object| object.get(name)?.get());
    field.with_context(|| format!("there is no {name}, or it is of another type"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "workspace_root": "/w", "target_directory": "/elsewhere",
        "packages": [
            {"name": "tool", "features": {}, "publish": []},
            {"name": "lib", "features": {"default": [], "web": ["dep:axum"], "serde": ["dep:serde"]}, "publish": null},
            {"name": "front", "features": {"default": ["web"], "web": []}, "publish": null}
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
    fn metadata_without_packages_is_an_error() {
        assert!(Workspace::parse("{}").is_err());
    }
}
