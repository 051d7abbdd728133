use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::OutputError;

/// The playlist that tells codecs and bandwidth and leads to the other one: the address for players.
pub(super) const INDEX: &str = "index.m3u8";

/// The list of the segments.
pub(super) const MEDIA: &str = "video.m3u8";

/// The end of a file's name while it is written.
const PART: &str = ".part";

/// The directory of the files, which knows its own by their names and leaves others alone.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

pub(super) fn segment_name(number: u64) -> String {
    format!("segment-{number:08}.m4s")
}

pub(super) fn header_name(number: u64) -> String {
    format!("header-{number:08}.mp4")
}

/// The number in the name of a segment or header.
fn number(name: &str) -> Option<u64> {
    let segment = name.strip_prefix("segment-").and_then(|rest| rest.strip_suffix(".m4s"));
    let header = name.strip_prefix("header-").and_then(|rest| rest.strip_suffix(".mp4"));
    let digits = segment.or(header)?;
    let is_ours = digits.len() >= 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    // A number at the end of all numbers is not ours either: none could follow it.
    digits.parse().ok().filter(|&number| is_ours && number < u64::MAX / 2)
}

/// The media type of a file by its name, if it is one of ours.
#[cfg(feature = "web")]
pub(crate) fn media_type(name: &str) -> Option<&'static str> {
    match name {
        INDEX | MEDIA => Some("application/vnd.apple.mpegurl"),
        _ => number(name).map(|_| "video/mp4"),
    }
}

impl Folder {
    /// Opens the directory, making it if it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, OutputError> {
        fs::create_dir_all(path).map_err(|error| cannot("be made", path, error))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The names of the segments and headers that are there, with their numbers. What was left half written is removed.
    pub(super) fn scan(&self) -> Result<Vec<(String, u64)>, OutputError> {
        let failed = |error| cannot("be listed", &self.path, error);
        let mut found = Vec::new();
        for file in fs::read_dir(&self.path).map_err(failed)? {
            // A name that is no text is not ours.
            let Ok(name) = file.map_err(failed)?.file_name().into_string() else { continue };
            match name.strip_suffix(PART) {
                Some(whole) if number(whole).is_some() || [INDEX, MEDIA].contains(&whole) => {
                    self.remove(&name);
                }
                _ => found.extend(number(&name).map(|number| (name, number))),
            }
        }
        Ok(found)
    }

    pub(super) fn read(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path.join(name)).ok()
    }

    /// Writes a file that appears under its name when it is complete, in place of one that was there.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let path = self.path.join(name);
        let part = self.path.join(format!("{name}{PART}"));
        fs::write(&part, bytes).and_then(|()| fs::rename(&part, &path)).map_err(|error| {
            // It would only take room; if it cannot be removed, the next scan does it.
            let _ = fs::remove_file(&part);
            cannot("be written", &path, error)
        })
    }

    /// Finds out whether files can be written.
    pub(super) fn try_writing(&self) -> Result<(), OutputError> {
        let part = self.path.join(format!("{INDEX}{PART}"));
        fs::write(&part, b"")
            .and_then(|()| fs::remove_file(&part))
            .map_err(|error| cannot("be written into", &self.path, error))
    }

    /// Removes a file. What cannot be removed is only in the way, so that is no error of the stream.
    pub(super) fn remove(&self, name: &str) {
        let path = self.path.join(name);
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "an old file cannot be removed");
        }
    }
}

fn cannot(what: &str, path: &Path, error: io::Error) -> OutputError {
    OutputError::new(format!("{} cannot {what}", path.display())).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_scheme_are_ours() {
        assert_eq!(number(&segment_name(7)), Some(7));
        assert_eq!(number(&header_name(1_234_567_890)), Some(1_234_567_890));
        for other in
            ["segment-7.m4s", "segment-0000000x.m4s", "segment-00000007.mp4", "yard.m4s", "header-.mp4"]
        {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
