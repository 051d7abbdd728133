/// How fast frames come from a source that has no pace of its own: a file or the test pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pace {
    /// As fast as they are meant to be shown, as from a camera.
    #[default]
    RealTime,
    /// As fast as they are read.
    Fastest,
}
