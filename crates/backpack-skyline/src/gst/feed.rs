use std::sync::Arc;
use std::time::Duration;

use gstreamer as gst;
use gstreamer::prelude::*;
use gstreamer_app as gst_app;

use super::flow::{Flow, Limits};
use super::within::within;

/// How long a pipeline may take to stop before it is left to itself.
const TEARDOWN: Duration = Duration::from_secs(2);

/// A running pipeline whose first element is fed by this process.
///
/// Feeding blocks while the pipeline is busy, and fails if it takes nothing for long. That is meant: it runs on a thread of its own, and the queue
/// in front of that thread decides what is dropped.
#[derive(Debug)]
pub(crate) struct Feed {
    pipeline: gst::Pipeline,
    source: gst_app::AppSrc,
    flow: Arc<Flow>,
    alive: Alive,
}

/// Held by everything that keeps a pipeline running; whoever keeps a clone can tell whether one still hangs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Alive(Arc<()>);

impl Alive {
    /// How many others hold it.
    pub(crate) fn others(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }
}

impl Feed {
    /// Links `source` and the elements after it and starts them.
    pub(crate) fn start(
        name: &str,
        source: gst_app::AppSrc,
        rest: impl IntoIterator<Item = gst::Element>,
        limits: Limits,
        alive: Alive,
    ) -> Result<Self, String> {
        let pipeline = gst::Pipeline::with_name(name);
        let chain: Vec<gst::Element> = [source.clone().upcast()].into_iter().chain(rest).collect();
        pipeline.add_many(&chain).map_err(text)?;
        gst::Element::link_many(&chain).map_err(text)?;
        Self::start_pipeline(pipeline, source, limits, alive)
    }

    /// Starts a pipeline that begins with `source`.
    pub(crate) fn start_pipeline(
        pipeline: gst::Pipeline,
        source: gst_app::AppSrc,
        limits: Limits,
        alive: Alive,
    ) -> Result<Self, String> {
        let flow = Arc::new(Flow::new(limits));
        // The flow has limits of its own, because the source would wait for room without a deadline.
        source.set_max_bytes(0);
        source.set_max_buffers(0);
        count_what_leaves(&source, &flow);
        watch(&pipeline, &flow);
        let feed = Self { pipeline, source, flow, alive };
        match feed.set_state(gst::State::Playing, limits.stall) {
            Some(Ok(_)) => Ok(feed),
            Some(Err(error)) => Err(feed.reason(error)),
            None => Err(format!("did not start within {:?}", limits.stall)),
        }
    }

    pub(crate) fn set_caps(&self, caps: &gst::Caps) {
        self.source.set_caps(Some(caps));
    }

    /// Hands over a buffer; waits while the pipeline is busy.
    pub(crate) fn push(&self, buffer: gst::Buffer) -> Result<(), String> {
        self.flow.admit(buffer.size())?;
        self.source.push_buffer(buffer).map(drop).map_err(|error| self.reason(error))
    }

    /// Waits until everything that was fed has come out at the end.
    pub(crate) fn finish(&self, patience: Duration) -> Result<(), String> {
        if let Some(problem) = self.flow.problem() {
            return Err(problem);
        }
        self.source.end_of_stream().map_err(|error| self.reason(error))?;
        self.flow.wait_for_end(patience)
    }

    /// What the pipeline said went wrong, or else the error itself.
    fn reason(&self, error: impl ToString) -> String {
        self.flow.problem().unwrap_or_else(|| error.to_string())
    }

    /// Elements may open files and connections while they change their state, which may hang.
    fn set_state(
        &self,
        state: gst::State,
        patience: Duration,
    ) -> Option<Result<gst::StateChangeSuccess, gst::StateChangeError>> {
        let (pipeline, alive) = (self.pipeline.clone(), self.alive.clone());
        within("skyline pipeline", patience, move || {
            let changed = pipeline.set_state(state);
            // Let go before the answer, so that who has it finds nothing alive.
            drop((pipeline, alive));
            changed
        })
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        // Going to Null only fails for elements that are broken already, and there is nobody left to tell.
        if self.set_state(gst::State::Null, TEARDOWN).is_none() {
            tracing::warn!(pipeline = %self.pipeline.name(), "a pipeline hangs and is left to itself");
        }
    }
}

/// Makes an element, or says which one is missing.
pub(crate) fn element(name: &str) -> Result<gst::Element, String> {
    gst::ElementFactory::make(name).build().map_err(text)
}

pub(crate) fn text(error: gst::glib::BoolError) -> String {
    error.to_string()
}

fn count_what_leaves(source: &gst_app::AppSrc, flow: &Arc<Flow>) {
    let Some(pad) = source.static_pad("src") else { return };
    let flow = Arc::clone(flow);
    pad.add_probe(gst::PadProbeType::BUFFER, move |_, info| {
        flow.left(info.buffer().map_or(0, |buffer| buffer.size()));
        gst::PadProbeReturn::Ok
    });
}

/// Tells the flow what the pipeline says about its end; its messages are not kept, since nobody would fetch them.
fn watch(pipeline: &gst::Pipeline, flow: &Arc<Flow>) {
    let Some(bus) = pipeline.bus() else { return };
    let flow = Arc::clone(flow);
    bus.set_sync_handler(move |_, message| {
        match message.type_() {
            gst::MessageType::Error => flow.fail(describe(message)),
            gst::MessageType::Eos => flow.end(),
            _ => {}
        }
        gst::BusSyncReply::Drop
    });
}

fn describe(message: &gst::Message) -> String {
    let element = message.src().map_or_else(|| "pipeline".into(), |source| source.name());
    let gst::MessageView::Error(error) = message.view() else { return format!("{element} stopped") };
    // The last line of the debug text holds the system's own reason, where there is one; the first is a place in GStreamer's source.
    let debug = error.debug().unwrap_or_default();
    let reason = debug.lines().skip(1).last().map(|line| format!(" ({line})"));
    format!("{element}: {}{}", error.error(), reason.unwrap_or_default())
}
