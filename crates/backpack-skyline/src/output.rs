use crate::{AccessUnit, KeyFrameRequest, OutputError, QueueLimit, StreamInfo, Viewers};

/// A place where the encoded stream goes: a file, a page, a cloud service.
///
/// SkyLine runs every output on a thread of its own behind a bounded queue, so the methods may block; nobody but this output waits. After an
/// error the output is [closed](Output::close), left alone for a while and [opened](Output::open) again. It is also closed and opened again when the
/// stream goes on with pictures of another size or codec. The first unit after opening is always a key frame.
pub trait Output: Send {
    /// What this output is called in logs, statistics and errors. It must not contain secrets.
    fn name(&self) -> String;

    /// Finds out whether this output can work at all, such as whether a file can be written; called on the caller's thread before the stream
    /// starts.
    ///
    /// # Errors
    /// Any error keeps the stream from starting.
    fn prepare(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    /// Hands over what this output can ask the encoder for a key frame with, such as when a viewer joins; called before the stream is first
    /// opened.
    fn key_frames(&mut self, _request: KeyFrameRequest) {}

    /// The count of those who watch this output, if it has viewers; asked for once, when the stream starts.
    fn viewers(&self) -> Option<Viewers> {
        None
    }

    /// Begins a stream, for the first time or once again.
    ///
    /// # Errors
    /// After an error, opening is tried again with back-off.
    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError>;

    /// Takes the next unit of the stream.
    ///
    /// # Errors
    /// After an error the output is closed and opened again with back-off.
    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError>;

    /// Ends the stream and keeps what was written: a file is finalised, a connection is flushed. Also called after an error.
    ///
    /// # Errors
    /// If what was written may be incomplete.
    fn close(&mut self) -> Result<(), OutputError>;

    /// How much may wait for this output before the oldest units are dropped.
    fn queue_limit(&self) -> QueueLimit {
        QueueLimit::default()
    }
}

/// So that outputs of different types can be kept together.
impl<O: Output + ?Sized> Output for Box<O> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn prepare(&mut self) -> Result<(), OutputError> {
        (**self).prepare()
    }

    fn key_frames(&mut self, request: KeyFrameRequest) {
        (**self).key_frames(request);
    }

    fn viewers(&self) -> Option<Viewers> {
        (**self).viewers()
    }

    fn open(&mut self, stream: &StreamInfo) -> Result<(), OutputError> {
        (**self).open(stream)
    }

    fn write(&mut self, unit: &AccessUnit) -> Result<(), OutputError> {
        (**self).write(unit)
    }

    fn close(&mut self) -> Result<(), OutputError> {
        (**self).close()
    }

    fn queue_limit(&self) -> QueueLimit {
        (**self).queue_limit()
    }
}
