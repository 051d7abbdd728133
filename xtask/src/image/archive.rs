//! Images as tar archives. The same files give the same bytes: order, owners, times and compression are fixed.

use std::fs::{self, File};
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::command::{Run, command};
use crate::image::options::Options;
use crate::image::root::{HOME, Root, USER};

/// One file that is an OCI image layout and what `docker save` writes.
pub fn write_image(root: &Root, options: &Options, file: &Path) -> Result<()> {
    let time = moment()?;
    let files = files(root, time)?;
    let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::new(6));
    packed.write_all(&files)?;
    let layer = Blob::new(packed.finish()?, "application/vnd.oci.image.layer.v1.tar+gzip");
    let config = configuration(options, root, time, &sha256(&files));
    let config = Blob::new(config.to_string().into_bytes(), "application/vnd.oci.image.config.v1+json");
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config.descriptor(),
        "layers": [layer.descriptor()],
    });
    let manifest = Blob::new(manifest.to_string().into_bytes(), "application/vnd.oci.image.manifest.v1+json");
    let tag = format!("{}:latest", options.bin);
    let mut in_index = manifest.descriptor();
    in_index["platform"] = json!({"architecture": options.target.oci, "os": "linux"});
    in_index["annotations"] = json!({
        "org.opencontainers.image.ref.name": "latest",
        "io.containerd.image.name": format!("docker.io/library/{tag}"),
    });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [in_index],
    });
    let for_docker = json!([{"Config": config.path(), "RepoTags": [tag], "Layers": [layer.path()]}]);

    let mut archive = Archive::new(File::create(file)?, time);
    archive.add_folder("blobs", 0, 0o755)?;
    archive.add_folder("blobs/sha256", 0, 0o755)?;
    for blob in [&layer, &config, &manifest] {
        archive.add_file(&blob.path(), 0o644, &blob.bytes)?;
    }
    archive.add_file("index.json", 0o644, index.to_string().as_bytes())?;
    archive.add_file("manifest.json", 0o644, for_docker.to_string().as_bytes())?;
    archive.add_file("oci-layout", 0o644, br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    archive.finish()
}

/// The files alone.
pub fn write_root(root: &Root, file: &Path) -> Result<()> {
    Ok(fs::write(file, files(root, moment()?)?)?)
}

fn configuration(options: &Options, root: &Root, time: Timestamp, files: &str) -> Value {
    json!({
        "architecture": options.target.oci,
        "os": "linux",
        "created": time.to_string(),
        "config": {
            "User": format!("{USER}:{USER}"),
            "WorkingDir": format!("/{HOME}"),
            "Entrypoint": [format!("/{}", root.program)],
            "Env": environment(),
        },
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{files}")]},
        "history": [{"created": time.to_string(), "created_by": "cargo xtask image"}],
    })
}

/// The environment that the program finds.
pub fn environment() -> [&'static str; 4] {
    [
        "PATH=/usr/bin",
        "HOME=/data",
        // Where GStreamer keeps what it learned of its plugins; a file system that cannot be written to costs it some time only.
        "GST_REGISTRY=/tmp/gstreamer-registry.bin",
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
    ]
}

/// The archive of the files.
fn files(root: &Root, time: Timestamp) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut archive = Archive::new(&mut bytes, time);
    for path in root.paths()? {
        let name = path.strip_prefix(&root.folder)?.to_str().context("a file's name is not UTF-8")?;
        if path.is_symlink() {
            archive.add_link(name, &path.read_link()?)?;
        } else if path.is_dir() {
            let (owner, mode) = match name {
                "tmp" => (0, 0o1777),
                HOME => (USER, 0o755),
                _ => (0, 0o755),
            };
            archive.add_folder(name, owner, mode)?;
        } else {
            let is_program = path.metadata()?.permissions().mode() & 0o111 != 0;
            archive.add_file(name, if is_program { 0o755 } else { 0o644 }, &fs::read(&path)?)?;
        }
    }
    archive.finish()?;
    Ok(bytes)
}

/// A part of an image, found by its hash.
struct Blob {
    bytes: Vec<u8>,
    hash: String,
    kind: &'static str,
}

impl Blob {
    fn new(bytes: Vec<u8>, kind: &'static str) -> Self {
        Self { hash: sha256(&bytes), bytes, kind }
    }

    fn path(&self) -> String {
        format!("blobs/sha256/{}", self.hash)
    }

    fn descriptor(&self) -> Value {
        json!({"mediaType": self.kind, "digest": format!("sha256:{}", self.hash), "size": self.bytes.len()})
    }
}

struct Archive<W: Write> {
    tar: tar::Builder<W>,
    time: u64,
}

impl<W: Write> Archive<W> {
    fn new(writer: W, time: Timestamp) -> Self {
        Self { tar: tar::Builder::new(writer), time: time.as_second().unsigned_abs() }
    }

    fn add_folder(&mut self, path: &str, owner: u32, mode: u32) -> Result<()> {
        let mut header = self.header(tar::EntryType::Directory, mode, 0);
        header.set_uid(owner.into());
        header.set_gid(owner.into());
        Ok(self.tar.append_data(&mut header, format!("{path}/"), &[][..])?)
    }

    fn add_file(&mut self, path: &str, mode: u32, bytes: &[u8]) -> Result<()> {
        let mut header = self.header(tar::EntryType::Regular, mode, bytes.len() as u64);
        Ok(self.tar.append_data(&mut header, path, bytes)?)
    }

    fn add_link(&mut self, path: &str, to: &Path) -> Result<()> {
        let mut header = self.header(tar::EntryType::Symlink, 0o777, 0);
        Ok(self.tar.append_link(&mut header, path, to)?)
    }

    fn header(&self, kind: tar::EntryType, mode: u32, size: u64) -> tar::Header {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(size);
        header.set_mtime(self.time);
        header.set_uid(0);
        header.set_gid(0);
        header
    }

    fn finish(self) -> Result<()> {
        self.tar.into_inner()?.flush()?;
        Ok(())
    }
}

/// The time that everything in the image is from: `SOURCE_DATE_EPOCH`, or that of the last commit.
pub fn moment() -> Result<Timestamp> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(seconds) => seconds,
        Err(_) => command("git log -1 --format=%ct").read().unwrap_or_else(|_| "0".into()),
    };
    let seconds = seconds.trim().parse().context("SOURCE_DATE_EPOCH is a number of seconds")?;
    Timestamp::from_second(seconds).context("SOURCE_DATE_EPOCH is out of range")
}

/// The hash in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Unpacks the files of an image that `write_image` wrote. Only root can give them their owners.
pub fn unpack_image(file: &Path, folder: &Path, is_root: bool) -> Result<()> {
    let blob = |name: &str| {
        let mut archive = tar::Archive::new(BufReader::new(File::open(file)?));
        for entry in archive.entries()? {
            let mut entry = entry?;
            if entry.path()?.to_str() == Some(name) {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes)?;
                return Ok(bytes);
            }
        }
        anyhow::bail!("{} has no {name}", file.display())
    };
    let manifest: Value = serde_json::from_slice(&blob("manifest.json")?)?;
    let layer = manifest[0]["Layers"][0].as_str().context("the image has no layer")?;
    unpack(GzDecoder::new(&blob(layer)?[..]), folder, is_root)
}

/// Unpacks the files that `write_root` wrote. Only root can give them their owners.
pub fn unpack_root(file: &Path, folder: &Path, is_root: bool) -> Result<()> {
    unpack(BufReader::new(File::open(file)?), folder, is_root)
}

fn unpack(files: impl Read, folder: &Path, is_root: bool) -> Result<()> {
    let mut files = tar::Archive::new(files);
    files.set_preserve_permissions(true);
    files.set_preserve_ownerships(is_root);
    Ok(files.unpack(folder)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_nist() {
        assert!(sha256(b"abc").starts_with("ba7816bf8f01cfea414140de5dae2223"));
    }

    #[test]
    fn an_archive_depends_on_nothing_but_its_contents() {
        let write = || {
            let mut bytes = Vec::new();
            let mut archive = Archive::new(&mut bytes, Timestamp::UNIX_EPOCH);
            archive.add_folder("data", USER, 0o755).unwrap();
            archive.add_link("lib", Path::new("usr/lib")).unwrap();
            archive
                .add_file(format!("usr/share/{}", "long/".repeat(40)).trim_end_matches('/'), 0o644, b"x")
                .unwrap();
            archive.finish().unwrap();
            bytes
        };
        let bytes = write();
        assert_eq!(bytes, write());
        let mut archive = tar::Archive::new(&bytes[..]);
        let entries: Vec<_> = archive.entries().unwrap().map(Result::unwrap).collect();
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[0].header().uid().unwrap(), 65532);
    }
}
