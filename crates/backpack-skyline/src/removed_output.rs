use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::lane::Lane;
use crate::{Output, StopError};

/// An output that was taken out of a stream and is being closed on its own thread, whether or not somebody [waits](RemovedOutput::wait) for it.
#[must_use = "`wait` for it, or drop it to let it end by itself"]
pub struct RemovedOutput(Arc<Lane>);

impl RemovedOutput {
    pub(crate) fn new(lane: Arc<Lane>) -> Self {
        lane.close();
        Self(lane)
    }

    /// Waits until the output has written what waited for it and is closed, and returns it.
    ///
    /// # Errors
    /// If that takes longer than `patience`, or the output ended with an error.
    pub fn wait(self, patience: Duration) -> Result<Box<dyn Output>, StopError> {
        let ended = self.0.join(Instant::now() + patience);
        match (ended.output, ended.problem) {
            (Some(output), None) => Ok(output),
            (_, problem) => Err(StopError { problems: problem.into_iter().collect() }),
        }
    }
}
