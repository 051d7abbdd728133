use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::image::elf::Needs;
use crate::image::options::Options;
use crate::image::plugins::LOADED_BY_NAME;
use crate::image::sysroot::Sysroot;

/// The files that a program loads, directly or not.
pub struct Closure {
    /// Where each is now, by its path in the image.
    pub files: BTreeMap<String, PathBuf>,
}

impl Closure {
    /// All that the program and the plugins load from the sysroot; a library that is missing is an error.
    pub fn of(program: &Path, runtime: &Sysroot, options: &Options) -> Result<Self> {
        let libraries = format!("usr/lib/{}", options.target.gnu);
        let mut search =
            Search { runtime, libraries: &libraries, files: BTreeMap::new(), missing: Vec::new() };
        search.follow(program)?;
        for plugin in options.plugins() {
            let file = format!("{libraries}/gstreamer-1.0/libgst{plugin}.so");
            ensure!(
                search.exists(&file),
                "there is no plugin {plugin} in the packages; --debian names one that has it"
            );
            search.add(&file)?;
        }
        // Loads plugins in a process of its own, so that a broken one does no harm.
        search.add(&format!("{libraries}/gstreamer1.0/gstreamer-1.0/gst-plugin-scanner"))?;
        // TLS for RTSP.
        search.add(&format!("{libraries}/gio/modules/libgiognutls.so"))?;
        for library in LOADED_BY_NAME {
            search.add_library(library, &[], "what is loaded by name")?;
        }
        ensure!(search.missing.is_empty(), "libraries are missing: {}", search.missing.join(", "));
        Ok(Self { files: search.files })
    }
}

struct Search<'a> {
    runtime: &'a Sysroot,
    /// Where the target's libraries are, from the root.
    libraries: &'a str,
    files: BTreeMap<String, PathBuf>,
    missing: Vec<String>,
}

impl Search<'_> {
    fn exists(&self, path: &str) -> bool {
        self.runtime.folder.join(path).is_file()
    }

    /// Adds a file and what it loads. A library is one file under the name that it is loaded by, not a link to another.
    fn add(&mut self, path: &str) -> Result<()> {
        if self.files.contains_key(path) {
            return Ok(());
        }
        let file = self.runtime.folder.join(path);
        let file = file.canonicalize().with_context(|| format!("/{path} is in none of the packages"))?;
        self.files.insert(path.to_owned(), file.clone());
        self.follow(&file)
    }

    fn follow(&mut self, file: &Path) -> Result<()> {
        let needs = Needs::of(file)?;
        if let Some(loader) = &needs.loader {
            let path = loader.trim_start_matches('/');
            self.add(&format!("usr/{}", path.trim_start_matches("usr/")))?;
        }
        let by = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for library in &needs.libraries {
            self.add_library(library, &needs.folders, &by)?;
        }
        Ok(())
    }

    fn add_library(&mut self, name: &str, folders: &[String], by: &str) -> Result<()> {
        // A folder may be given from that of the file, which for Debian's files is the folder of libraries.
        let own = folders.iter().map(|folder| {
            folder.replace("$ORIGIN", &format!("/{}", self.libraries)).trim_start_matches('/').to_owned()
        });
        let usual = [self.libraries.to_owned(), "usr/lib".into(), "usr/lib64".into()];
        match own.chain(usual).map(|folder| format!("{folder}/{name}")).find(|path| self.exists(path)) {
            Some(path) => self.add(&path)?,
            None => self.missing.push(format!("{name} for {by}")),
        }
        Ok(())
    }
}
