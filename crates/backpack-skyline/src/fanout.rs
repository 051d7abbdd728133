use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use backpack_timepiece::Clock;

use crate::lane::Lane;
use crate::lock::lock;
use crate::{AccessUnit, Backoff, Events, KeyFrameRequest, Output, OutputStats, StreamInfo};

/// Gives every unit to every output, each behind its own queue and on its own thread.
///
/// SkyLine has one inside. It can be used alone by a program that has encoded video already.
pub struct Fanout {
    lanes: Vec<Lane>,
    stream: Mutex<Arc<StreamInfo>>,
    key_frame: KeyFrameRequest,
}

impl Fanout {
    /// Starts a thread for each output. The first unit must be a key frame of `stream`.
    ///
    /// # Errors
    /// If the system refuses to start a thread; the outputs are dropped then.
    pub fn start(
        outputs: Vec<Box<dyn Output>>,
        stream: StreamInfo,
        clock: &Clock,
        backoff: Backoff,
        events: &Events,
    ) -> io::Result<Self> {
        let key_frame = KeyFrameRequest::default();
        let lanes = outputs
            .into_iter()
            .map(|output| Lane::start(output, key_frame.clone(), clock.clone(), backoff, events.clone()))
            .collect::<io::Result<Vec<_>>>()?;
        Ok(Self { lanes, stream: Mutex::new(Arc::new(stream)), key_frame })
    }

    /// Gives a unit to every output. Never waits for one.
    pub fn send(&self, unit: &AccessUnit) {
        let stream = Arc::clone(&lock(&self.stream));
        self.lanes.iter().for_each(|lane| lane.send(unit.clone(), &stream));
    }

    /// Goes on with a stream of another kind, whose first unit must be a key frame: every output is closed after the last unit of the stream
    /// before and opened again.
    pub fn change(&self, stream: StreamInfo) {
        *lock(&self.stream) = Arc::new(stream);
    }

    /// Whether every output that is up has less than half of what may wait for it waiting.
    pub fn has_room(&self) -> bool {
        self.lanes.iter().all(Lane::has_room)
    }

    /// What outputs ask for a key frame with; whoever feeds the fan-out [looks](KeyFrameRequest::take) before each frame.
    pub fn key_frame_request(&self) -> KeyFrameRequest {
        self.key_frame.clone()
    }

    /// The counters of every output, in the order in which they were given.
    pub fn stats(&self) -> Vec<OutputStats> {
        self.lanes.iter().map(Lane::stats).collect()
    }

    /// Lets every output write what waits for it, closes all of them and returns them with what went wrong.
    ///
    /// An output that has not ended after `patience` is given up: it ends on its own thread, or never. A second call returns nothing.
    pub fn stop(&self, patience: Duration) -> (Vec<Box<dyn Output>>, Vec<String>) {
        self.lanes.iter().for_each(Lane::close);
        // Real time on purpose: it bounds how long the caller waits for threads that run in real time.
        let deadline = Instant::now() + patience;
        let mut outputs = Vec::new();
        let mut problems = Vec::new();
        for lane in &self.lanes {
            let ended = lane.join(deadline);
            outputs.extend(ended.output);
            problems.extend(ended.problem);
        }
        (outputs, problems)
    }
}
