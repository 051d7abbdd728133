use std::path::PathBuf;
use std::time::Duration;

/// Where fragments are kept until the service has persisted them, and how many.
///
/// When there is no room, the oldest whole fragments are dropped and counted. One fragment may have half of what fits into memory.
///
/// ```
/// use std::time::Duration;
///
/// use backpack_kvs::Spool;
///
/// let spool = Spool::disk("/var/lib/yard/spool", 2 << 30).age(Duration::from_secs(24 * 3600));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spool {
    pub(crate) memory: usize,
    pub(crate) disk: Option<Disk>,
    pub(crate) age: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Disk {
    pub(crate) path: PathBuf,
    pub(crate) bytes: usize,
    pub(crate) sync: bool,
}

/// Less than this could not hold a few fragments.
const LEAST: usize = 1 << 20;

impl Spool {
    /// Keeps fragments in memory, at most so many bytes (1 MiB at least).
    pub fn memory(bytes: usize) -> Self {
        Self { memory: bytes.max(LEAST), disk: None, age: None }
    }

    /// Keeps fragments in files of this folder, at most so many bytes (1 MiB at least), so that they outlive the process; what is sent next is in
    /// memory too, at most 64 MiB of it.
    ///
    /// Every picture is written when it comes, so that a process that is killed loses none; with [`sync`](Self::sync) the disk has a fragment for
    /// certain when it ends. The folder is made if it is missing, and belongs to one producer at a time.
    pub fn disk(path: impl Into<PathBuf>, bytes: u64) -> Self {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).max(LEAST);
        Self { memory: 64 << 20, disk: Some(Disk { path: path.into(), bytes, sync: true }), age: None }
    }

    /// How much of a spool on disk is in memory too (1 MiB at least); of one in memory the most that it holds.
    #[must_use]
    pub fn memory_limit(mut self, bytes: usize) -> Self {
        self.memory = bytes.max(LEAST);
        self
    }

    /// Drops fragments that have waited longer than this.
    #[must_use]
    pub fn age(mut self, age: Duration) -> Self {
        self.age = Some(age);
        self
    }

    /// Whether each fragment is forced to the disk when it ends, so that it outlives a loss of power; yes unless told.
    #[must_use]
    pub fn sync(mut self, sync: bool) -> Self {
        if let Some(disk) = &mut self.disk {
            disk.sync = sync;
        }
        self
    }

    /// The most bytes of all fragments together.
    pub(crate) fn limit(&self) -> usize {
        self.disk.as_ref().map_or(self.memory, |disk| disk.bytes)
    }
}

impl Default for Spool {
    /// 64 MiB in memory: four minutes at 2 Mbit/s.
    fn default() -> Self {
        Self::memory(64 << 20)
    }
}
