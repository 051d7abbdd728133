use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gstreamer as gst;

use crate::CameraError;

/// How many frames of a source that waits for its reader are decoded ahead.
const AHEAD: usize = 4;

/// Where a pipeline's threads leave what the reading thread waits for: frames, the end, an error, the wish to stop.
///
/// It outlives the pipelines of one camera. Each has its [`Ticket`]; what comes with an old one is ignored, so that a pipeline that takes long
/// to die cannot disturb its successor.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    stopped: bool,
    ticket: Ticket,
    newest_only: bool,
    frames: VecDeque<Arrival>,
    ended: bool,
    error: Option<CameraError>,
    received: u64,
    dropped: u64,
}

/// Stands for one pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Ticket(u64);

/// A frame as the pipeline gave it.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub sample: gst::Sample,
    pub at: Instant,
}

/// What came instead of a frame.
#[derive(Debug)]
pub(crate) enum NoFrame {
    Failed(CameraError),
    Ended,
    Stopped,
    TimedOut,
}

impl Inbox {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the inbox for a new pipeline and closes it for the one before.
    pub fn next_ticket(&self) -> Ticket {
        let mut state = self.lock();
        *state = State {
            stopped: state.stopped,
            ticket: Ticket(state.ticket.0 + 1),
            received: state.received,
            dropped: state.dropped,
            ..State::default()
        };
        self.changed.notify_all();
        state.ticket
    }

    /// Keeps only the newest frame from now on, and never lets the pipeline wait.
    pub fn keep_newest_only(&self) {
        let mut state = self.lock();
        state.newest_only = true;
        while state.frames.len() > 1 {
            state.frames.pop_front();
            state.dropped += 1;
        }
        self.changed.notify_all();
    }

    /// Leaves a frame; waits for room unless only the newest is kept.
    pub fn put(&self, ticket: Ticket, sample: gst::Sample) -> Result<gst::FlowSuccess, gst::FlowError> {
        let arrival = Arrival { sample, at: Instant::now() };
        let state = self.lock();
        let mut state = self
            .changed
            .wait_while(state, |state| {
                !state.stopped && state.ticket == ticket && !state.newest_only && state.frames.len() >= AHEAD
            })
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped || state.ticket != ticket {
            return Err(gst::FlowError::Flushing);
        }
        state.received += 1;
        if state.newest_only {
            state.dropped += state.frames.len() as u64;
            state.frames.clear();
        }
        state.frames.push_back(arrival);
        self.changed.notify_all();
        Ok(gst::FlowSuccess::Ok)
    }

    /// Leaves word that there are no more frames.
    pub fn end(&self, ticket: Ticket) {
        self.change(ticket, |state| state.ended = true);
    }

    /// Leaves an error; the first one counts, because later ones are its consequences.
    pub fn fail(&self, ticket: Ticket, error: CameraError) {
        self.change(ticket, |state| {
            state.error.get_or_insert(error);
        });
    }

    fn change(&self, ticket: Ticket, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if state.ticket == ticket {
            change(&mut state);
            self.changed.notify_all();
        }
    }

    /// Forgets the end of the stream, because it begins again.
    pub fn begin_again(&self) {
        self.lock().ended = false;
    }

    /// Ends everything, for good.
    pub fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// The next frame; the error or the end come after the last one.
    pub fn take(&self, timeout: Option<Duration>) -> Result<Arrival, NoFrame> {
        self.wait(timeout, VecDeque::pop_front)
    }

    /// The next frame, which stays where it is.
    pub fn peek(&self, timeout: Duration) -> Result<gst::Sample, NoFrame> {
        self.wait(Some(timeout), |frames| frames.front().map(|arrival| arrival.sample.clone()))
    }

    fn wait<T>(
        &self,
        timeout: Option<Duration>,
        look: impl Fn(&mut VecDeque<Arrival>) -> Option<T>,
    ) -> Result<T, NoFrame> {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        loop {
            if state.stopped {
                return Err(NoFrame::Stopped);
            }
            if let Some(found) = look(&mut state.frames) {
                self.changed.notify_all();
                return Ok(found);
            }
            if let Some(error) = state.error.take() {
                return Err(NoFrame::Failed(error));
            }
            if state.ended {
                return Err(NoFrame::Ended);
            }
            state = match deadline {
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(NoFrame::TimedOut);
                    }
                    self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Waits for `time`, unless the camera is stopped meanwhile; returns whether it may go on.
    pub fn sleep(&self, time: Duration) -> bool {
        let state = self.lock();
        let state = self.changed.wait_timeout_while(state, time, |state| !state.stopped);
        !state.unwrap_or_else(PoisonError::into_inner).0.stopped
    }

    /// Frames received and dropped so far.
    pub fn counts(&self) -> (u64, u64) {
        let state = self.lock();
        (state.received, state.dropped)
    }
}
