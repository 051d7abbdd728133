use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::mkv::{self, Form};
use crate::{Fragment, Frame, StreamInfo, WriteError};

/// What is stored of a stream, as a player would get it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Playback {
    /// The stream.
    pub stream: StreamInfo,
    /// By producer timestamp; of several with the same, the one that was stored last.
    pub fragments: Vec<Fragment>,
    /// How many were replaced by a later one with the same producer timestamp.
    pub replaced: u64,
}

impl Playback {
    /// The frames of all fragments, in the order of these.
    pub fn frames(&self) -> impl Iterator<Item = &Frame> {
        self.fragments.iter().flat_map(|fragment| &fragment.frames)
    }

    /// The parts between changes of tracks, as one file can only hold one kind of tracks.
    pub fn parts(&self) -> Vec<Self> {
        let parts = self.fragments.chunk_by(|one, next| one.tracks == next.tracks);
        parts
            .map(|fragments| Self {
                stream: self.stream.clone(),
                fragments: fragments.to_vec(),
                replaced: self.replaced,
            })
            .collect()
    }

    /// Writes one file that players take. Its time begins at 0, tags are left out.
    ///
    /// # Errors
    ///
    /// There is no fragment, the tracks change on the way (see [`parts`](Self::parts)), or the file cannot be written.
    pub fn write_mkv(&self, path: impl AsRef<Path>) -> Result<(), WriteError> {
        self.check()?;
        let mut file = BufWriter::new(File::create(path)?);
        mkv::write(&self.fragments, Form::Player, &mut file)?;
        Ok(file.flush()?)
    }

    /// The same in memory.
    pub(crate) fn to_mkv(&self) -> Result<Vec<u8>, WriteError> {
        self.check()?;
        let mut bytes = Vec::new();
        mkv::write(&self.fragments, Form::Player, &mut bytes)?;
        Ok(bytes)
    }

    /// Whether it fits into one file.
    fn check(&self) -> Result<(), WriteError> {
        let first = self.fragments.first().ok_or(WriteError::Empty)?;
        match self.fragments.iter().find(|fragment| fragment.tracks != first.tracks) {
            Some(other) => Err(WriteError::TracksChange { producer_timestamp: other.producer_timestamp }),
            None => Ok(()),
        }
    }
}
