/// What becomes of frames that do not have the size that the stream began with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SizeChange {
    /// They are refused with an error.
    #[default]
    Refuse,
    /// They are fitted into the picture of the stream; the aspect ratio is kept, with black bars where it differs. The encoder does that.
    Scale,
    /// The stream goes on in the new size: recordings begin a new file, viewers connect again. Timestamps go on.
    NewSegment,
}
