use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Asks the encoder to make the next frame a key frame; clones ask the same encoder.
#[derive(Debug, Clone, Default)]
pub struct KeyFrameRequest(Arc<AtomicBool>);

impl KeyFrameRequest {
    /// Makes the next frame a key frame; asking again before that changes nothing.
    pub fn ask(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether somebody asked since the last call; whoever feeds a [`Fanout`](crate::Fanout) calls this before each frame.
    pub fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}
