/// What an encoder trades for what: latency, work and quality at the same bit rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Preset {
    /// For live viewing: every frame comes out at once. No reordered frames, no look-ahead, the least work.
    #[default]
    Live,
    /// A better picture for some frames of latency and twice the work. No reordered frames.
    Balanced,
    /// The best picture for about two seconds of latency and several times the work; frames are reordered. For recordings and HLS.
    Quality,
}
