/// What a camera has counted since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Stats {
    /// Frames that the source produced.
    pub received: u64,
    /// Frames that the application read.
    pub delivered: u64,
    /// Frames of a live source that a newer one replaced before the application read them.
    pub dropped: u64,
    /// How often a lost source came back.
    pub reconnects: u64,
    /// How often a file began again.
    pub loops: u64,
}
