use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::command::{Run, command};

/// What building the workspace needs beside a linker, without which this program could not have been built.
pub const BUILD: &[&str] = &[
    "pkg-config",
    "libgstreamer1.0-dev",
    "libgstreamer-plugins-base1.0-dev",
    // The RTSP server.
    "libgstrtspserver-1.0-dev",
];

/// What the cameras, the encoder and the RTSP server load while they run, by the package that has them.
pub const ELEMENTS: &[&str] = &[
    // Test pattern, conversion, decodebin.
    "gstreamer1.0-plugins-base",
    // RTSP, V4L2, the demultiplexers, mkv and mp4.
    "gstreamer1.0-plugins-good",
    // h264parse and h265parse, MPEG-TS, RTMP, SRT, and x265enc for tests.
    "gstreamer1.0-plugins-bad",
    // x264enc.
    "gstreamer1.0-plugins-ugly",
    // Decoders.
    "gstreamer1.0-libav",
    // TLS of the RTSP server and of its clients, which GLib loads while it runs.
    "glib-networking",
];

/// What the tests look at the results with.
const JUDGES: &[&str] = &[
    "ffmpeg",
    // mkvinfo.
    "mkvtoolnix",
    // Makes the certificates of servers with TLS.
    "openssl",
];

/// Servers of others that the tests send streams to.
const SERVERS: &[&str] = &["nginx", "libnginx-mod-rtmp", "srt-tools"];

/// The browser that opens the live page in the tests.
const BROWSER: &[&str] = &["chromium", "chromium-driver"];

/// Everything that the tests need, on this system.
pub fn for_tests() -> Vec<&'static str> {
    let mut packages = [BUILD, ELEMENTS, JUDGES, SERVERS].concat();
    if is_ubuntu() {
        // Its `chromium` is a snap, which containers cannot run.
        println!(
            "on Ubuntu apt has no Chromium: tests that open the live page use the one on the PATH, if any"
        );
    } else {
        packages.extend(BROWSER);
    }
    packages
}

fn is_ubuntu() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|release| release.lines().any(|line| line == "ID=ubuntu"))
}

/// Installs those of `packages` that are missing.
///
/// On a system without dpkg it only says what is needed, as that system has other names for it.
pub fn ensure(packages: &[&str]) -> Result<()> {
    let Ok(output) =
        command("dpkg-query --show --showformat=${Package}\\t${db:Status-Status}\\n").args(packages).output()
    else {
        println!("this is neither Debian nor Ubuntu; going on as if it had {}", packages.join(" "));
        return Ok(());
    };
    // dpkg-query fails if it does not know a package at all; what it knows it lists all the same.
    let missing = missing(packages, &String::from_utf8_lossy(&output.stdout));
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing missing system packages: {}", missing.join(" "));
    update();
    apt_get("install --yes --no-install-recommends").args(&missing).read().map(drop).with_context(|| {
        format!(
            "missing system packages could not be installed; with root's rights and a network, \
             `apt-get install {}` does it",
            missing.join(" ")
        )
    })
}

/// Downloads the package file of `package` into `folder`, which needs no rights.
pub fn download(package: &str, folder: &Path) -> Result<()> {
    // apt's sandbox user could not write into the folder.
    let download = || {
        command("apt-get -qq -o APT::Sandbox::User=root download")
            .arg(package)
            .current_dir(folder)
            .read()
            .map(drop)
    };
    // The package lists may be missing or too old to fetch by.
    download().or_else(|_| {
        update();
        download()
    })
}

/// Brings apt's package lists up to date as far as possible: what cannot be had for lack of them will fail with its own error.
fn update() {
    apt_get("update").succeeds();
}

/// `apt-get` as root, waiting for another one to finish and asking nothing.
fn apt_get(arguments: &str) -> Command {
    let is_root = command("id -u").read().is_ok_and(|id| id.trim() == "0");
    let sudo = if is_root { "" } else { "sudo " };
    // The variable is set behind sudo, which clears the environment.
    command(&format!(
        "{sudo}env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 {arguments}"
    ))
}

/// Those of `packages` that `listing`, lines of a package's name and state, does not show as installed.
fn missing<'a>(packages: &[&'a str], listing: &str) -> Vec<&'a str> {
    let is_installed = |package: &str| {
        listing.lines().any(|line| line.split_once('\t').is_some_and(|entry| entry == (package, "installed")))
    };
    packages.iter().copied().filter(|package| !is_installed(package)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_missing_if_it_is_unknown_or_not_installed() {
        let listing = "gcc\tinstalled\nffmpeg\tnot-installed\nchromium\tconfig-files\n";
        assert_eq!(missing(&["gcc", "ffmpeg", "chromium", "sox"], listing), ["ffmpeg", "chromium", "sox"]);
    }

    #[test]
    fn a_package_of_two_architectures_is_there_if_one_is_installed() {
        let listing = "libfoo\tnot-installed\nlibfoo\tinstalled\n";
        assert!(missing(&["libfoo"], listing).is_empty());
    }

    #[test]
    fn everything_is_missing_from_an_empty_listing() {
        assert_eq!(missing(&["a", "b"], ""), ["a", "b"]);
    }
}
