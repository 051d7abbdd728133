use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use backpack_core::Timestamp;
use backpack_timepiece::Clock;

use crate::lane_queue::LaneQueue;
use crate::lock::lock;
use crate::{
    AccessUnit, Backoff, Event, Events, KeyFrameRequest, Output, OutputError, OutputState, OutputStats,
    StreamInfo, Viewers,
};

/// One output, its queue and its thread.
pub(crate) struct Lane {
    name: String,
    viewers: Option<Viewers>,
    queue: Arc<LaneQueue>,
    status: Arc<Mutex<Status>>,
    /// Taken by whoever waits for the end first.
    ended: Mutex<Option<mpsc::Receiver<Box<dyn Output>>>>,
}

/// What the lane's thread counts.
#[derive(Default)]
struct Status {
    counted: OutputStats,
    /// When the unit that was written last is shown.
    written: Option<Timestamp>,
}

impl Status {
    fn fail(&mut self, reason: String) {
        self.counted.state = OutputState::Failed;
        self.counted.failures += 1;
        self.counted.last_error = Some(reason);
    }
}

/// What a stopped lane leaves behind.
pub(crate) struct Ended {
    /// The output, unless its thread did not end in time.
    pub(crate) output: Option<Box<dyn Output>>,
    /// What went wrong at the end.
    pub(crate) problem: Option<String>,
}

impl Lane {
    pub(crate) fn start(
        mut output: Box<dyn Output>,
        key_frame: KeyFrameRequest,
        clock: Clock,
        backoff: Backoff,
        events: Events,
    ) -> io::Result<Self> {
        let name = output.name();
        let viewers = output.viewers();
        output.key_frames(key_frame.clone());
        let queue = Arc::new(LaneQueue::new(output.queue_limit(), key_frame.clone()));
        let status = Arc::new(Mutex::new(Status::default()));
        let (send, ended) = mpsc::channel();
        let worker = Worker {
            output,
            queue: Arc::clone(&queue),
            status: Arc::clone(&status),
            key_frame,
            clock,
            backoff,
            events,
        };
        let span = tracing::Span::current();
        let state = Arc::clone(&status);
        thread::Builder::new().name(format!("skyline {name}")).spawn(move || {
            let _entered = span.entered();
            match catch_unwind(AssertUnwindSafe(|| worker.run())) {
                // Nobody receives when the lane was given up or dropped; the output is dropped here then.
                Ok(output) => drop(send.send(output)),
                Err(_) => lock(&state).fail("its thread panicked".into()),
            }
        })?;
        Ok(Self { name, viewers, queue, status, ended: Mutex::new(Some(ended)) })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Hands a unit over; never waits for the output.
    pub(crate) fn send(&self, unit: AccessUnit, stream: &Arc<StreamInfo>) {
        self.queue.push(unit, stream);
    }

    pub(crate) fn has_room(&self) -> bool {
        // Nobody should wait for an output that is down.
        lock(&self.status).counted.state == OutputState::Failed || self.queue.has_room()
    }

    pub(crate) fn stats(&self) -> OutputStats {
        let dropped = self.queue.dropped();
        let newest = self.queue.newest();
        let status = lock(&self.status);
        let lag = newest.zip(status.written).map(|(newest, written)| newest.since(written));
        OutputStats {
            name: self.name.clone(),
            dropped,
            lag: lag.unwrap_or_default(),
            viewers: self.viewers.as_ref().map(Viewers::count),
            ..status.counted.clone()
        }
    }

    pub(crate) fn close(&self) {
        self.queue.close();
    }

    /// Waits for the end of a closed lane, until `deadline`; a second call has nothing to wait for.
    pub(crate) fn join(&self, deadline: Instant) -> Ended {
        let left = deadline.saturating_duration_since(Instant::now());
        let Some(ended) = lock(&self.ended).take() else { return Ended { output: None, problem: None } };
        let ended = ended.recv_timeout(left);
        let status = lock(&self.status);
        let problem = match (&ended, &status.counted.last_error) {
            (Err(mpsc::RecvTimeoutError::Timeout), _) => {
                Some("did not end in time and was given up".to_owned())
            }
            (Err(mpsc::RecvTimeoutError::Disconnected), _) => Some("its thread panicked".to_owned()),
            (Ok(_), Some(error)) if status.counted.state == OutputState::Failed => Some(error.clone()),
            (Ok(_), _) => None,
        };
        let (output, problem) = (ended.ok(), problem.map(|problem| format!("{}: {problem}", self.name)));
        Ended { output, problem }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.queue.close();
    }
}

struct Worker {
    output: Box<dyn Output>,
    queue: Arc<LaneQueue>,
    status: Arc<Mutex<Status>>,
    key_frame: KeyFrameRequest,
    clock: Clock,
    backoff: Backoff,
    events: Events,
}

impl Worker {
    fn run(mut self) -> Box<dyn Output> {
        let mut failures = 0;
        while let Some(stream) = self.queue.wait_for_key_frame() {
            let begun = self.clock.now();
            let Err(error) = self.serve(&stream) else {
                self.closed();
                continue;
            };
            // An output that worked for longer than the longest wait has recovered.
            if self.clock.now().duration_since(begun) > self.backoff.max {
                failures = 0;
            }
            failures += 1;
            let wait = self.backoff.wait(failures);
            self.failed(&error, wait);
            if !self.queue.pause(wait) {
                break;
            }
            self.key_frame.ask();
        }
        self.queue.clear();
        let state = &mut lock(&self.status).counted.state;
        if *state != OutputState::Failed {
            *state = OutputState::Closed;
        }
        self.output
    }

    /// Opens the output and writes to it until the stream ends; whatever happens, the output is closed afterwards.
    fn serve(&mut self, stream: &Arc<StreamInfo>) -> Result<(), OutputError> {
        let written = self.output.open(stream).and_then(|()| self.write_all(stream));
        let closed = self.output.close();
        written.and(closed)
    }

    fn write_all(&mut self, stream: &Arc<StreamInfo>) -> Result<(), OutputError> {
        self.opened();
        while let Some(unit) = self.queue.pop(stream) {
            if let Err(error) = self.output.write(&unit) {
                self.queue.count_dropped(1);
                return Err(error);
            }
            let mut status = lock(&self.status);
            status.counted.units += 1;
            status.counted.bytes += unit.data.len() as u64;
            status.written = Some(unit.pts);
        }
        Ok(())
    }

    fn closed(&self) {
        lock(&self.status).counted.state = OutputState::Waiting;
        self.events.publish(Event::OutputClosed { output: self.output.name() });
    }

    fn opened(&self) {
        let name = self.output.name();
        tracing::debug!(output = name, "output opened");
        let status = &mut lock(&self.status).counted;
        status.reconnects += u64::from(status.state == OutputState::Failed);
        status.state = OutputState::Running;
        self.events.publish(Event::OutputOpened { output: name });
    }

    fn failed(&self, error: &OutputError, wait: Duration) {
        tracing::warn!(output = self.output.name(), %error, retry_in = ?wait, "output failed");
        lock(&self.status).fail(error.to_string());
        let event =
            Event::OutputFailed { output: self.output.name(), error: error.to_string(), retry_in: wait };
        self.events.publish(event);
    }
}
