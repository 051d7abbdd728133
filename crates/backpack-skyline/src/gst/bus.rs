use std::fmt;
use std::time::{Duration, Instant};

use gstreamer as gst;
use gstreamer::prelude::*;

/// What a pipeline said before it stopped working.
#[derive(Debug)]
pub(crate) struct BusProblem(String);

impl fmt::Display for BusProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<BusProblem> for String {
    fn from(problem: BusProblem) -> Self {
        problem.0
    }
}

impl BusProblem {
    /// The first error on the pipeline's bus, if there is one; or else `what`.
    pub(crate) fn of(pipeline: &gst::Pipeline, what: impl fmt::Display) -> Self {
        Self::pending(pipeline).unwrap_or_else(|| Self(what.to_string()))
    }

    /// The first error on the pipeline's bus, if there is one.
    pub(crate) fn pending(pipeline: &gst::Pipeline) -> Option<Self> {
        let message = pipeline.bus()?.pop_filtered(&[gst::MessageType::Error])?;
        Some(Self::from_message(&message))
    }

    fn from_message(message: &gst::Message) -> Self {
        let element = message.src().map(|source| source.name()).unwrap_or_else(|| "pipeline".into());
        let gst::MessageView::Error(error) = message.view() else {
            return Self(format!("{element} stopped"));
        };
        // The last line of the debug text holds the system's own reason, such as "No space left on device".
        let debug = error.debug().and_then(|text| text.lines().last().map(str::to_owned));
        let hint = debug
            .filter(|line| !line.contains("): gst_") && !line.contains(".c("))
            .map(|line| format!(" ({line})"));
        Self(format!("{element}: {}{}", error.error(), hint.unwrap_or_default()))
    }
}

/// Waits until everything sent into the pipeline has come out at its end.
pub(crate) fn wait_for_eos(pipeline: &gst::Pipeline, patience: Duration) -> Result<(), BusProblem> {
    let deadline = Instant::now() + patience;
    let Some(bus) = pipeline.bus() else { return Err(BusProblem("the pipeline has no bus".into())) };
    let left = deadline.saturating_duration_since(Instant::now());
    let wait = gst::ClockTime::try_from(left).unwrap_or(gst::ClockTime::ZERO);
    match bus.timed_pop_filtered(wait, &[gst::MessageType::Error, gst::MessageType::Eos]) {
        Some(message) if message.type_() == gst::MessageType::Eos => Ok(()),
        Some(message) => Err(BusProblem::from_message(&message)),
        None => Err(BusProblem(format!("the pipeline did not end within {patience:?}"))),
    }
}
