use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::command::{Run, cargo};
use crate::image::archive::{moment, sha256};
use crate::image::closure::Closure;
use crate::image::options::Options;
use crate::image::package::Package;
use crate::image::sysroot::Sysroot;
use crate::workspace::Workspace;

/// The packages of Debian that files of the image are from, once each, by name; and the one with the certificates.
pub fn packages<'a>(closure: &Closure, runtime: &'a Sysroot) -> Vec<&'a Package> {
    let certificates = "usr/share/ca-certificates/mozilla/";
    let files = closure.files.iter().flat_map(|(path, file)| {
        let real = file.strip_prefix(&runtime.folder).ok().and_then(|file| file.to_str()).unwrap_or(path);
        [path.as_str(), real]
    });
    let owners = files.chain([certificates]).filter_map(|path| runtime.owner(path));
    let by_name: BTreeMap<&str, &Package> = owners.map(|package| (package.name.as_str(), package)).collect();
    by_name.into_values().collect()
}

/// What the image is made of, as an SPDX 2.3 document: Debian's packages and the crates in the program.
pub fn list(
    closure: &Closure,
    runtime: &Sysroot,
    workspace: &Workspace,
    options: &Options,
) -> Result<String> {
    let mut parts = Vec::new();
    for package in packages(closure, runtime) {
        parts.push(of_debian(package)?);
    }
    parts.extend(crates(workspace, options)?);
    let name = format!("{}-{}", options.bin, options.target.debian);
    // It is to differ for other contents, and for them alone.
    let namespace = sha256(json!(parts).to_string().as_bytes());
    let ids: Vec<Value> = parts.iter().map(|part| part["SPDXID"].clone()).collect();
    let relations = ids.into_iter().map(|id| {
        json!({"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": id})
    });
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": format!("urn:sha256:{namespace}"),
        "creationInfo": {"created": moment()?.to_string(), "creators": ["Tool: panorama-backpack-xtask"]},
        "relationships": relations.collect::<Vec<_>>(),
        "packages": parts,
    });
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn of_debian(package: &Package) -> Result<Value> {
    Ok(json!({
        "SPDXID": id("deb", &package.name, &package.version),
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "licenseComments": format!("see /usr/share/doc/{}/copyright in the image", package.name),
        "copyrightText": "NOASSERTION",
        "checksums": [{"algorithm": "SHA256", "checksumValue": package.digest()?}],
        "externalRefs": [reference(&package.url())],
    }))
}

/// The crates that the program is linked from, by what cargo says.
fn crates(workspace: &Workspace, options: &Options) -> Result<Vec<Value>> {
    let manifest = options.manifest.clone().unwrap_or_else(|| workspace.root.join("Cargo.toml"));
    let mut tree = cargo("tree --locked --edges normal --prefix none --no-dedupe --format {p}|{l} --target");
    tree.arg(options.target.rust).arg("--manifest-path").arg(manifest).args(["--package", &options.package]);
    if let Some(features) = &options.features {
        tree.args(["--features", features]);
    }
    let mut crates: Vec<String> = tree.read()?.lines().map(str::to_owned).collect();
    crates.sort();
    crates.dedup();
    crates.iter().map(|line| of_crate(line)).collect()
}

/// A line such as `serde v1.0.2 (a place)|MIT`.
fn of_crate(line: &str) -> Result<Value> {
    let parse = || {
        let (package, licence) = line.split_once('|')?;
        let mut words = package.split(' ');
        Some((words.next()?, words.next()?.strip_prefix('v')?, licence))
    };
    let (name, version, licence) =
        parse().with_context(|| format!("cargo tree's line {line:?} is not understood"))?;
    let licence = if licence.is_empty() { "NOASSERTION".into() } else { licence.replace('/', " OR ") };
    Ok(json!({
        "SPDXID": id("crate", name, version),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
        "externalRefs": [reference(&format!("pkg:cargo/{name}@{version}"))],
    }))
}

fn reference(url: &str) -> Value {
    json!({"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": url})
}

/// SPDX allows letters, digits, dots and hyphens.
fn id(kind: &str, name: &str, version: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    format!("SPDXRef-{kind}-{name}-{version}").chars().map(allowed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_read_from_its_line() {
        let part = of_crate("serde_json v1.0.2+x (/some/where)|MIT/Apache-2.0").unwrap();
        assert_eq!(part["name"], "serde_json");
        assert_eq!(part["versionInfo"], "1.0.2+x");
        assert_eq!(part["licenseDeclared"], "MIT OR Apache-2.0");
        assert_eq!(part["SPDXID"], "SPDXRef-crate-serde-json-1.0.2-x");
        assert!(of_crate("serde").is_err());
    }
}
