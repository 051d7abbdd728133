use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use backpack_timepiece::Clock;

use crate::lane::Lane;
use crate::lock::lock;
use crate::{AccessUnit, Backoff, Events, KeyFrameRequest, Output, OutputStats, RemovedOutput, StreamInfo};

/// Gives every unit to every output, each behind its own queue and on its own thread.
///
/// SkyLine has one inside. It can be used alone by a program that has encoded video already.
pub struct Fanout {
    /// The lock is held for moments only, never while an output does something.
    lanes: Mutex<Vec<Arc<Lane>>>,
    stream: Mutex<Arc<StreamInfo>>,
    key_frame: KeyFrameRequest,
    clock: Clock,
    backoff: Backoff,
    events: Events,
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
        let fanout = Self {
            lanes: Mutex::default(),
            stream: Mutex::new(Arc::new(stream)),
            key_frame: KeyFrameRequest::default(),
            clock: clock.clone(),
            backoff,
            events: events.clone(),
        };
        outputs.into_iter().try_for_each(|output| fanout.start_lane(output))?;
        Ok(fanout)
    }

    fn start_lane(&self, output: Box<dyn Output>) -> io::Result<()> {
        let (clock, events) = (self.clock.clone(), self.events.clone());
        let lane = Lane::start(output, self.key_frame.clone(), clock, self.backoff, events)?;
        lock(&self.lanes).push(Arc::new(lane));
        Ok(())
    }

    /// Gives the stream to one more output, which begins at the next key frame, for which it asks.
    ///
    /// # Errors
    /// If the system refuses to start a thread; the output is dropped then.
    pub fn add(&self, output: Box<dyn Output>) -> io::Result<()> {
        self.start_lane(output)?;
        self.key_frame.ask();
        Ok(())
    }

    /// Takes the first output of this name out of the stream; it writes what waits for it and is closed, on its own thread.
    pub fn remove(&self, name: &str) -> Option<RemovedOutput> {
        let mut lanes = lock(&self.lanes);
        let at = lanes.iter().position(|lane| lane.name() == name)?;
        let lane = lanes.remove(at);
        drop(lanes);
        Some(RemovedOutput::new(lane))
    }

    /// Gives a unit to every output. Never waits for one.
    pub fn send(&self, unit: &AccessUnit) {
        let stream = Arc::clone(&lock(&self.stream));
        lock(&self.lanes).iter().for_each(|lane| lane.send(unit.clone(), &stream));
    }

    /// Goes on with a stream of another kind, whose first unit must be a key frame: every output is closed after the last unit of the stream
    /// before and opened again.
    pub fn change(&self, stream: StreamInfo) {
        *lock(&self.stream) = Arc::new(stream);
    }

    /// Whether every output that is up has less than half of what may wait for it waiting.
    pub fn has_room(&self) -> bool {
        lock(&self.lanes).iter().all(|lane| lane.has_room())
    }

    /// What outputs ask for a key frame with; whoever feeds the fan-out [looks](KeyFrameRequest::take) before each frame.
    pub fn key_frame_request(&self) -> KeyFrameRequest {
        self.key_frame.clone()
    }

    /// The counters of every output, in the order in which they were given.
    pub fn stats(&self) -> Vec<OutputStats> {
        lock(&self.lanes).iter().map(|lane| lane.stats()).collect()
    }

    /// Lets every output write what waits for it, closes all of them and returns them with what went wrong.
    ///
    /// An output that has not ended after `patience` is given up: it ends on its own thread, or never. A second call returns nothing.
    pub fn stop(&self, patience: Duration) -> (Vec<Box<dyn Output>>, Vec<String>) {
        let lanes = lock(&self.lanes).clone();
        lanes.iter().for_each(|lane| lane.close());
        // Real time on purpose: it bounds how long the caller waits for threads that run in real time.
        let deadline = Instant::now() + patience;
        let mut outputs = Vec::new();
        let mut problems = Vec::new();
        for lane in &lanes {
            let ended = lane.join(deadline);
            outputs.extend(ended.output);
            problems.extend(ended.problem);
        }
        (outputs, problems)
    }
}
