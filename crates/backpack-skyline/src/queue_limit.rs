/// How much may wait in an output's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimit {
    /// The most access units.
    pub units: usize,
    /// The most bytes.
    pub bytes: usize,
}

impl Default for QueueLimit {
    /// 300 units (ten seconds at 30 frames a second) and 32 MiB.
    fn default() -> Self {
        Self { units: 300, bytes: 32 << 20 }
    }
}
