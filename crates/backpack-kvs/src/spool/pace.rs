use std::time::{Duration, Instant};

/// Keeps a connection within what the service takes while it catches up. It counts in real time, as the service does.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    limits: Option<Limits>,
    /// When the next fragment may begin.
    fragment: Option<Instant>,
    /// Until when the bytes so far would take at the highest rate.
    bytes: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
struct Limits {
    between_fragments: Duration,
    bytes_per_second: f64,
}

/// The service takes five fragments a second.
const BETWEEN_FRAGMENTS: Duration = Duration::from_millis(200);

/// The service takes 12.5 MB a second.
const BYTES_PER_SECOND: f64 = 12_500_000.0;

/// What may come at once.
const BURST: Duration = Duration::from_secs(1);

impl Pace {
    pub(crate) fn of_service() -> Self {
        let limits = Limits { between_fragments: BETWEEN_FRAGMENTS, bytes_per_second: BYTES_PER_SECOND };
        Self { limits: Some(limits), fragment: None, bytes: None }
    }

    pub(crate) fn unlimited() -> Self {
        Self { limits: None, fragment: None, bytes: None }
    }

    pub(crate) fn is_limited(&self) -> bool {
        self.limits.is_some()
    }

    /// When a fragment may begin, if that is not now.
    pub(crate) fn wait_for_fragment(&self) -> Option<Instant> {
        self.fragment.filter(|&due| due > Instant::now())
    }

    pub(crate) fn begin_fragment(&mut self) {
        if let Some(limits) = self.limits {
            self.fragment = Some(Instant::now() + limits.between_fragments);
        }
    }

    /// When bytes may be sent, if that is not now.
    pub(crate) fn wait_for_bytes(&self) -> Option<Instant> {
        let due = self.bytes?.checked_sub(BURST)?;
        (due > Instant::now()).then_some(due)
    }

    pub(crate) fn spend(&mut self, bytes: usize) {
        if let Some(limits) = self.limits {
            let cost = Duration::from_secs_f64(bytes as f64 / limits.bytes_per_second);
            self.bytes = Some(self.bytes.map_or_else(Instant::now, |due| due.max(Instant::now())) + cost);
        }
    }
}
