use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use goblin::elf::Elf;

/// What the loader reads of a program or library.
#[derive(Debug, PartialEq, Eq)]
pub struct Needs {
    /// The names of the libraries that it cannot do without.
    pub libraries: Vec<String>,
    /// The folders that it looks into first.
    pub folders: Vec<String>,
    /// The program that loads it.
    pub loader: Option<String>,
}

impl Needs {
    pub fn of(file: &Path) -> Result<Self> {
        let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let elf = Elf::parse(&bytes).with_context(|| format!("{} is no ELF file", file.display()))?;
        let folders = elf.runpaths.iter().chain(&elf.rpaths).flat_map(|folders| folders.split(':'));
        Ok(Self {
            libraries: elf.libraries.iter().map(|&name| name.to_owned()).collect(),
            folders: folders.map(str::to_owned).collect(),
            loader: elf.interpreter.map(str::to_owned),
        })
    }
}
