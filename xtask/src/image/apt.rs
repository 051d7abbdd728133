use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::command::{Run, command};
use crate::image::package::Package;

/// An apt of our own: it reads this machine's sources, for other architectures too, and believes that nothing is installed.
pub struct Apt {
    folder: PathBuf,
}

impl Apt {
    /// Sets it up in a folder; the first architecture is the one meant by packages without one.
    pub fn set_up(folder: &Path, architectures: &[&str]) -> Result<Self> {
        let apt = Self { folder: folder.to_owned() };
        for part in
            ["etc/sources.list.d", "etc/preferences.d", "state/lists/partial", "cache/archives/partial"]
        {
            fs::create_dir_all(apt.folder.join(part))?;
        }
        fs::write(apt.folder.join("status"), "")?;
        fs::write(apt.folder.join("apt.conf"), apt.configuration(architectures)?)?;
        apt.take_over_sources(architectures)?;
        Ok(apt)
    }

    fn configuration(&self, architectures: &[&str]) -> Result<String> {
        let folder = self.folder.to_str().context("the target folder's name is not UTF-8")?;
        ensure!(!folder.contains('"'), "apt cannot work in {folder}: its name has a quotation mark");
        let list =
            architectures.iter().map(|architecture| format!("\"{architecture}\"; ")).collect::<String>();
        Ok(format!(
            r#"Dir::Etc::SourceList "{folder}/etc/sources.list";
Dir::Etc::SourceParts "{folder}/etc/sources.list.d";
Dir::Etc::Preferences "{folder}/etc/preferences";
Dir::Etc::PreferencesParts "{folder}/etc/preferences.d";
Dir::State "{folder}/state";
Dir::State::status "{folder}/status";
Dir::Cache "{folder}/cache";
APT::Architecture "{}";
APT::Architectures {{ {list}}};
APT::Install-Recommends "false";
APT::Sandbox::User "";
APT::Keep-Downloaded-Packages "true";
Acquire::Languages "none";
Acquire::Retries "3";
Debug::NoLocking "true";
"#,
            architectures[0],
        ))
    }

    fn take_over_sources(&self, architectures: &[&str]) -> Result<()> {
        let parts = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
        let files = parts.map(|entry| entry.path()).chain([PathBuf::from("/etc/apt/sources.list")]);
        for file in files.filter(|file| file.is_file()) {
            let Some(name) = file.file_name().and_then(|name| name.to_str()) else { continue };
            let read =
                || fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()));
            let text = match name.rsplit('.').next() {
                Some("list") => for_architectures_in_lines(&read()?, architectures),
                Some("sources") => for_architectures_in_stanzas(&read()?, architectures),
                _ => continue,
            };
            fs::write(self.folder.join("etc/sources.list.d").join(name), text)?;
        }
        Ok(())
    }

    /// Fetches packages with all that they depend on; gives the files.
    pub fn download(&self, packages: &[&str]) -> Result<Vec<Package>> {
        // Sources that have nothing for the other architecture fail; those that matter are missed by the next step.
        self.run("apt-get -qq update").succeeds();
        self.run("apt-get -qq --yes --download-only install").args(packages).read()?;
        let archives = self.folder.join("cache/archives");
        let files = fs::read_dir(&archives)?.flatten().map(|entry| entry.path());
        let mut files: Vec<PathBuf> =
            files.filter(|file| file.extension().is_some_and(|end| end == "deb")).collect();
        files.sort();
        ensure!(!files.is_empty(), "apt-get downloaded nothing of {}", packages.join(" "));
        files.into_iter().map(Package::read).collect()
    }

    fn run(&self, line: &str) -> Command {
        let mut apt = command(line);
        apt.env("APT_CONFIG", self.folder.join("apt.conf")).env("DEBIAN_FRONTEND", "noninteractive");
        apt
    }
}

/// Sources in lines: `deb [options] address suite components`.
fn for_architectures_in_lines(sources: &str, architectures: &[&str]) -> String {
    let wanted = format!("arch={}", architectures.join(","));
    let line = |line: &str| {
        let line = line.trim();
        let source = line.strip_prefix("deb ")?.trim_start();
        let (options, source) = match source.strip_prefix('[').and_then(|source| source.split_once(']')) {
            Some((options, source)) => (options, source.trim_start()),
            None => ("", source),
        };
        let others = options.split_whitespace().filter(|option| !option.starts_with("arch="));
        let options = others.chain([wanted.as_str()]).collect::<Vec<_>>().join(" ");
        Some(format!("deb [{options}] {source}\n"))
    };
    sources.lines().filter_map(line).collect()
}

/// Sources in stanzas of fields, with blank lines between them.
fn for_architectures_in_stanzas(sources: &str, architectures: &[&str]) -> String {
    let wanted = format!("Architectures: {}", architectures.join(" "));
    let stanza = |stanza: &str| {
        let lines =
            stanza.lines().filter(|line| !line.starts_with("Architectures:") && !line.trim().is_empty());
        lines.chain([wanted.as_str()]).collect::<Vec<_>>().join("\n") + "\n"
    };
    let stanzas = sources.split("\n\n").filter(|stanza| stanza.lines().any(|line| line.starts_with("URIs:")));
    stanzas.map(stanza).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_get_the_architectures_and_keep_their_other_options() {
        let sources = "# a comment\ndeb http://a.example bookworm main\n\
                       deb [signed-by=/k.gpg arch=amd64] http://b.example stable main\ndeb-src http://a.example bookworm main\n";
        assert_eq!(
            for_architectures_in_lines(sources, &["amd64", "arm64"]),
            "deb [arch=amd64,arm64] http://a.example bookworm main\n\
             deb [signed-by=/k.gpg arch=amd64,arm64] http://b.example stable main\n"
        );
    }

    #[test]
    fn stanzas_get_the_architectures_instead_of_their_own() {
        let sources = "Types: deb\nURIs: http://a.example\nSuites: bookworm\nArchitectures: amd64\n\n# only a comment\n\n\
                       Types: deb\nURIs: http://b.example\nSuites: x\n";
        assert_eq!(
            for_architectures_in_stanzas(sources, &["arm64"]),
            "Types: deb\nURIs: http://a.example\nSuites: bookworm\nArchitectures: arm64\n\n\
             Types: deb\nURIs: http://b.example\nSuites: x\nArchitectures: arm64\n"
        );
    }
}
