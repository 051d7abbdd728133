/// Frames that were not encoded, by cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Dropped {
    /// Frames that made room for newer ones, because the encoder was slower than they came.
    pub displaced: u64,
    /// Frames for which [`put_within`](crate::SkyLine::put_within) found no room in time.
    pub no_room: u64,
    /// Frames whose timestamp was not after the one before.
    pub not_later: u64,
    /// Frames of another size than the stream's, or of a format that cannot be encoded.
    pub refused: u64,
    /// Frames that still waited for the encoder when the stream failed.
    pub unfinished: u64,
}

impl Dropped {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.displaced + self.no_room + self.not_later + self.refused + self.unfinished
    }
}
