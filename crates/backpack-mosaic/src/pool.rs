use std::sync::Arc;

/// How many frames may be under way before new ones are no longer kept.
const KEPT: usize = 8;

/// Memory for frames, used again when nobody has the frame any more.
pub(crate) struct Pool {
    size: usize,
    buffers: Vec<Arc<Vec<u8>>>,
}

impl Pool {
    /// Memory of so many bytes each time.
    pub fn new(size: usize) -> Self {
        Self { size, buffers: Vec::with_capacity(KEPT) }
    }

    /// Memory filled by `fill`; what it holds before is left from earlier.
    pub fn filled(&mut self, fill: impl FnOnce(&mut [u8])) -> Arc<Vec<u8>> {
        for buffer in &mut self.buffers {
            if let Some(bytes) = Arc::get_mut(buffer) {
                fill(bytes);
                return buffer.clone();
            }
        }
        let mut bytes = vec![0; self.size];
        fill(&mut bytes);
        let buffer = Arc::new(bytes);
        if self.buffers.len() < KEPT {
            self.buffers.push(buffer.clone());
        }
        buffer
    }
}
