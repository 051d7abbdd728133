use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// UTC in the basic format of ISO 8601, so that names sort by time.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// How the files of a recording are called.
#[derive(Debug, Clone)]
pub(super) struct Naming {
    pub(super) path: PathBuf,
    /// Whether the time is in the names.
    pub(super) timed: bool,
}

impl Naming {
    /// Makes a new empty file for what begins at this time. Never one that exists already, unless it is a device or a pipe.
    pub(super) fn create(&self, begins: SystemTime) -> io::Result<PathBuf> {
        let is_special = |path: &Path| path.metadata().is_ok_and(|file| !file.is_file() && !file.is_dir());
        if !self.timed && is_special(&self.path) {
            return Ok(self.path.clone());
        }
        let mut number = 1;
        loop {
            let path = self.nth(begins, number);
            match create_new(&path) {
                Ok(_) => return Ok(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// The path that is tried first, second and so on.
    pub(super) fn nth(&self, begins: SystemTime, number: u32) -> PathBuf {
        let suffix = match (self.timed, number) {
            (true, 1) => format!("-{}", time_text(begins)),
            (true, _) => format!("-{}_{number}", time_text(begins)),
            (false, 1) => return self.path.clone(),
            (false, _) => format!("-{number}"),
        };
        let mut name = self.path.file_stem().map(OsString::from).unwrap_or_default();
        name.push(suffix);
        if let Some(extension) = self.path.extension() {
            name.push(".");
            name.push(extension);
        }
        self.path.with_file_name(name)
    }

    /// When the file of this name begins, if its name is one that this naming gives to a time, and the number of the attempt.
    pub(super) fn parse(&self, path: &Path) -> Option<(SystemTime, u32)> {
        if path.extension() != self.path.extension() {
            return None;
        }
        let stem = path.file_stem()?.to_str()?.strip_prefix(self.path.file_stem()?.to_str()?)?;
        let (time, number) = stem.strip_prefix('-')?.split_once('_').map_or_else(
            || stem.strip_prefix('-').map(|time| (time, 1)),
            |(time, number)| Some((time, number.parse().ok()?)),
        )?;
        let time = TimeZone::UTC.to_timestamp(DateTime::strptime(TIME, time).ok()?).ok()?;
        let begins = SystemTime::try_from(time).ok()?;
        // What is read back must give the very same name, so that no file of another kind is taken for one of these.
        (self.nth(begins, number).file_name() == path.file_name()).then_some((begins, number))
    }

    /// The folder that the files are in.
    pub(super) fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        }
    }
}

fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

fn time_text(time: SystemTime) -> String {
    // Times beyond the year 9999 have no such text.
    Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH).strftime(TIME).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn naming(timed: bool) -> Naming {
        Naming { path: "records/yard.north.mkv".into(), timed }
    }

    fn time() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_323_045_900)
    }

    #[test]
    fn names_are_numbered_or_hold_the_time() {
        let names = |timed| [1, 2].map(|number| naming(timed).nth(time(), number).display().to_string());
        assert_eq!(names(false), ["records/yard.north.mkv", "records/yard.north-2.mkv"]);
        let timed = ["records/yard.north-20260102T030405Z.mkv", "records/yard.north-20260102T030405Z_2.mkv"];
        assert_eq!(names(true), timed);
        assert!(timed[0] < timed[1]);
    }

    #[test]
    fn only_names_that_the_naming_gives_are_its_own() {
        let parse =
            |name: &str| naming(true).parse(Path::new(name)).map(|(time, number)| (time_text(time), number));
        let own = |number| Some(("20260102T030405Z".to_owned(), number));
        assert_eq!(parse("records/yard.north-20260102T030405Z.mkv"), own(1));
        assert_eq!(parse("records/yard.north-20260102T030405Z_12.mkv"), own(12));
        for foreign in [
            "yard.north.mkv",
            "yard.north-2.mkv",
            "yard.north-20260102T030405Z.mp4",
            "yard.north-20260102T030405Z.mkv.part",
            "yard.north-20260102T030405Z_1.mkv",
            "yard.north-20260102T030405Z_02.mkv",
            "yard.north-20260102T030405Z-2.mkv",
            "yard.north-20261302T030405Z.mkv",
            "yard.north-2026-01-02.mkv",
            "yard-20260102T030405Z.mkv",
            "yard.north-east-20260102T030405Z.mkv",
        ] {
            assert_eq!(parse(foreign), None, "{foreign}");
        }
    }
}
