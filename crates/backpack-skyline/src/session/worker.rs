use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, mpsc};

use backpack_core::Frame;

use super::{Ended, Setup, Shared};
use crate::frame_queue::FrameQueue;
use crate::lock::lock;
use crate::{EncoderError, Event, Fanout, SizeChange, State, StreamInfo, UnitSink, VideoEncoder, VideoSpec};

/// What runs on the session's thread: frames from the queue into the encoder, until the queue ends.
pub(super) struct Worker {
    pub(super) spec: VideoSpec,
    pub(super) setup: Setup,
    pub(super) queue: Arc<FrameQueue>,
    pub(super) shared: Arc<Shared>,
}

impl Worker {
    /// Runs, and ends the outputs in order even if the encoder fails or panics.
    pub(super) fn run(mut self, opened: &mpsc::Sender<Result<(), EncoderError>>) -> Ended {
        let mut encoder = None;
        let result = catch_unwind(AssertUnwindSafe(|| self.open_and_encode(&mut encoder, opened)))
            .unwrap_or_else(|_| Err("the encoder's thread panicked".into()));
        if let Err(reason) = &result {
            tracing::error!(%reason, "the stream has failed");
            self.shared.fail(reason.clone());
            self.setup.events.publish(Event::State(State::Failed(reason.clone())));
            self.queue.close();
            self.queue.clear();
        }
        let (outputs, mut problems) = match self.shared.fanout.get() {
            Some(fanout) => fanout.stop(self.setup.patience),
            None => (std::mem::take(&mut *lock(&self.shared.waiting)), Vec::new()),
        };
        problems.splice(0..0, result.err());
        // Only now, because an encoder may hang when it is let go.
        if catch_unwind(AssertUnwindSafe(|| drop(encoder))).is_err() {
            problems.push("the encoder panicked when it was closed".into());
        }
        Ended { outputs, problems }
    }

    fn open_and_encode(
        &mut self,
        slot: &mut Option<Box<dyn VideoEncoder>>,
        opened: &mpsc::Sender<Result<(), EncoderError>>,
    ) -> Result<(), String> {
        // The sender's other end is gone when nobody waits for the opening.
        match self.open() {
            Ok(encoder) => {
                let _ = opened.send(Ok(()));
                *slot = Some(encoder);
                self.encode(slot)
            }
            Err(error) => {
                let text = error.to_string();
                let _ = opened.send(Err(error));
                Err(text)
            }
        }
    }

    fn open(&self) -> Result<Box<dyn VideoEncoder>, EncoderError> {
        // The encoder must not keep the fan-out alive, or the outputs would outlive a session that was given up.
        let shared = Arc::downgrade(&self.shared);
        let clock = self.setup.clock.clone();
        let sink = UnitSink::new(move |unit| {
            let Some(shared) = shared.upgrade() else { return };
            lock(&shared.traffic).came_out(&unit, clock.now());
            if let Some(fanout) = shared.fanout.get() {
                fanout.send(&unit);
            }
        });
        let encoder = self.setup.encoder.open(&self.spec, sink)?;
        let name = encoder.name().to_owned();
        *lock(&self.shared.encoder) = Some(name.clone());
        self.setup.events.publish(Event::EncoderOpened {
            encoder: name,
            rejected: encoder.rejected().to_vec(),
            width: self.spec.width,
            height: self.spec.height,
        });
        self.queue.opened();
        Ok(encoder)
    }

    /// Encodes until the queue ends. The slot is empty only while an encoder is replaced.
    fn encode(&mut self, slot: &mut Option<Box<dyn VideoEncoder>>) -> Result<(), String> {
        while let Some(frame) = self.queue.pop() {
            if self.setup.size_change == SizeChange::NewSegment && !self.spec.takes(&frame) {
                self.replace(slot, &frame)?;
            }
            let Some(encoder) = slot else { return Err("there is no encoder".into()) };
            if self.shared.fanout.get().is_none() {
                self.start_fanout(&**encoder)
                    .map_err(|error| format!("a thread could not be started: {error}"))?;
            }
            self.change_bitrate(&mut **encoder);
            let keyframe = self.shared.fanout.get().is_some_and(|fanout| fanout.key_frame_request().take());
            encoder.encode(frame, keyframe).map_err(|error| error.to_string())?;
        }
        slot.as_mut().map_or(Ok(()), |encoder| encoder.finish()).map_err(|error| error.to_string())
    }

    /// Ends the encoder and goes on with another one, for frames of this size.
    fn replace(&mut self, slot: &mut Option<Box<dyn VideoEncoder>>, frame: &Frame) -> Result<(), String> {
        self.queue.opening();
        if let Some(mut old) = slot.take() {
            old.finish().map_err(|error| error.to_string())?;
        }
        self.spec = VideoSpec { width: frame.width(), height: frame.height(), ..self.spec };
        *lock(&self.shared.spec) = self.spec;
        let new = self.open().map_err(|error| error.to_string())?;
        if let Some(fanout) = self.shared.fanout.get() {
            fanout.change(self.stream(&*new));
        }
        *slot = Some(new);
        Ok(())
    }

    fn change_bitrate(&self, encoder: &mut dyn VideoEncoder) {
        let kbps = self.shared.bitrate.swap(0, Ordering::Relaxed);
        if kbps == 0 {
            return;
        }
        match encoder.set_bitrate(kbps) {
            Ok(()) => tracing::info!(kbps, "bit rate changed"),
            Err(error) => {
                tracing::warn!(kbps, %error, "the bit rate stays as it is");
                self.setup.events.publish(Event::BitrateRefused { reason: error.to_string() });
            }
        }
    }

    /// The outputs begin with the first frame, when it is known what time it was at timestamp zero.
    fn start_fanout(&self, encoder: &dyn VideoEncoder) -> std::io::Result<()> {
        let stream = self.stream(encoder);
        let Setup { clock, backoff, events, .. } = &self.setup;
        let mut waiting = lock(&self.shared.waiting);
        let fanout = Fanout::start(std::mem::take(&mut *waiting), stream, clock, *backoff, events)?;
        self.shared.fanout.get_or_init(|| fanout);
        Ok(())
    }

    fn stream(&self, encoder: &dyn VideoEncoder) -> StreamInfo {
        let (width, height) = self.spec.encoded_size();
        let started = *self.shared.anchor.get_or_init(|| self.setup.clock.wall());
        StreamInfo { codec: encoder.codec(), width, height, frame_rate: self.spec.frame_rate, started }
    }
}
