use std::fmt;
use std::sync::Arc;

use crate::inbox::Inbox;

/// Ends a camera from another thread, such as a handler of Ctrl-C.
#[derive(Clone)]
pub struct StopHandle(pub(crate) Arc<Inbox>);

impl StopHandle {
    /// Makes the camera end as if its stream had ended: a reader that waits for a frame wakes up at once.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for StopHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopHandle").finish_non_exhaustive()
    }
}
