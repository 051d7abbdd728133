/// What became of a frame that was put into a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Put {
    /// The frame waits for the encoder.
    Queued,
    /// The frame waits for the encoder; the oldest waiting frame was dropped to make room for it.
    Displaced,
    /// The frame is kept until the stream's size and rate are known.
    Measuring,
    /// The frame was dropped, because its timestamp is not after the one before.
    NotLater,
    /// The frame was dropped, because no room came free in the time allowed.
    NoRoom,
    /// The frame was dropped, because the stream is stopped.
    Stopped,
}
