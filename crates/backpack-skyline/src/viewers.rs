use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many watch an output right now; clones count the same viewers.
#[derive(Debug, Clone, Default)]
pub struct Viewers(Arc<AtomicUsize>);

/// One viewer, counted until this is dropped.
#[derive(Debug)]
#[must_use = "the viewer is counted until this is dropped"]
pub struct Viewer(Viewers);

impl Viewers {
    /// Counts one more viewer.
    pub fn join(&self) -> Viewer {
        self.0.fetch_add(1, Ordering::Relaxed);
        Viewer(self.clone())
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_are_counted_while_they_are_there() {
        let viewers = Viewers::default();
        let one = viewers.clone().join();
        let two = viewers.join();
        assert_eq!(viewers.count(), 2);
        drop(one);
        assert_eq!(viewers.count(), 1);
        drop(two);
        assert_eq!(viewers.count(), 0);
    }
}
