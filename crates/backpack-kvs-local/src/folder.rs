use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::mkv::{self, Form, Ingest, Step};
use crate::service::State;
use crate::stream_info::is_name;
use crate::{Fragment, Limits, StartError, StreamInfo};

const INFO: &str = "stream.json";
/// So that no stream's folder can be called `..`.
const SUFFIX: &str = ".stream";

/// Where streams and fragments are kept: a folder for each stream, in it one Matroska file for each fragment.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Creates the folder if it is not there.
    pub fn open(path: PathBuf) -> Result<Self, StartError> {
        fs::create_dir_all(&path).map_err(at(&path))?;
        Ok(Self(path))
    }

    pub fn create(&self, info: &StreamInfo) -> Result<(), StartError> {
        let path = self.stream(&info.name);
        fs::create_dir_all(&path).map_err(at(&path))?;
        let json = serde_json::to_vec_pretty(info).map_err(io::Error::other).map_err(at(&path))?;
        write_whole(&path.join(INFO), &json).map_err(at(&path))
    }

    pub fn remove(&self, stream: &str) -> Result<(), StartError> {
        let path = self.stream(stream);
        fs::remove_dir_all(&path).map_err(at(&path))
    }

    /// A later fragment with the same producer timestamp replaces an earlier one, as in the service.
    pub fn store(&self, stream: &str, fragment: &Fragment) -> Result<(), StartError> {
        let path = self.stream(stream).join(format!("{}.mkv", fragment.producer_timestamp));
        let mut fragment = fragment.clone();
        // The rest of what must be known again has its place in the file.
        fragment.tags.push((NUMBER.into(), fragment.number.clone()));
        let mut bytes = Vec::new();
        mkv::write(std::slice::from_ref(&fragment), Form::Archive, &mut bytes).map_err(at(&path))?;
        write_whole(&path, &bytes).map_err(at(&path))
    }

    /// Reads what an earlier run has kept.
    pub fn load(&self, state: &mut State) -> Result<(), StartError> {
        for path in entries(&self.0)? {
            let name = path.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_suffix(SUFFIX));
            if name.is_some_and(is_name) {
                load_stream(&path, state)?;
            }
        }
        Ok(())
    }

    fn stream(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{SUFFIX}"))
    }
}

/// The tag in which a kept file has the fragment's number.
const NUMBER: &str = "FRAGMENT_NUMBER";

fn load_stream(path: &Path, state: &mut State) -> Result<(), StartError> {
    let file = path.join(INFO);
    let json = fs::read(&file).map_err(at(&file))?;
    let info: StreamInfo = serde_json::from_slice(&json).map_err(io::Error::other).map_err(at(&file))?;
    let name = info.name.clone();
    state.add_stream(info);
    for file in entries(path)?.into_iter().filter(|file| file.extension() == Some(OsStr::new("mkv"))) {
        let fragment = load_fragment(&file).map_err(at(&file))?;
        state.skip_number(&fragment.number);
        if let Some(stream) = state.streams.get_mut(&name) {
            stream.store(fragment);
        }
    }
    Ok(())
}

fn load_fragment(path: &Path) -> io::Result<Fragment> {
    // What the limits were then is not known; what was kept was within them.
    let limits = Limits {
        fragment_duration: Duration::MAX,
        fragment_bytes: u64::MAX,
        tracks: usize::MAX,
        tags: usize::MAX,
        tag_name_bytes: usize::MAX,
        tag_value_bytes: usize::MAX,
        ..Limits::default()
    };
    let mut ingest = Ingest::new(&limits, 0, i64::MAX);
    ingest.push(&fs::read(path)?);
    ingest.finish();
    while let Some(step) = ingest.next_step().map_err(io::Error::other)? {
        let Step::Closed(mut fragment) = step else { continue };
        let (number, tags) = fragment.tags.into_iter().partition::<Vec<_>, _>(|(name, _)| name == NUMBER);
        fragment.tags = tags;
        fragment.number = number.into_iter().map(|(_, number)| number).next_back().unwrap_or_default();
        let stored = fs::metadata(path)?.modified()?;
        let since = stored.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        fragment.server_timestamp = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        return Ok(*fragment);
    }
    Err(io::Error::other("no fragment in the file"))
}

/// In the order of their names.
fn entries(path: &Path) -> Result<Vec<PathBuf>, StartError> {
    let entries = fs::read_dir(path).map_err(at(path))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(at(path))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Never half a file under its name.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    fs::write(&part, bytes)?;
    fs::rename(&part, path)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> StartError {
    let path = path.to_owned();
    |source| StartError::Folder { path, source }
}
